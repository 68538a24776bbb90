#include "services/pairing/matching/index/huge_pages.h"

#if defined(__linux__)
#include <algorithm>
#include <sys/mman.h>
#endif

namespace tandem::pairing::matching {
namespace {

size_t RoundUp(size_t value, size_t step) { return (value + step - 1) / step * step; }

}  // namespace

void* AllocateHuge(size_t bytes) {
  const size_t size = RoundUp(bytes, kHugePage);
  void* memory = ::operator new (size, std::align_val_t{kHugePage});
#if defined(MADV_HUGEPAGE)
  // A wish: without it everything is as right, and slower.
  madvise(memory, size, MADV_HUGEPAGE);
#endif
  return memory;
}

void FreeHuge(void* memory) { ::operator delete (memory, std::align_val_t{kHugePage}); }

LineArena::~LineArena() {
  for (const Block& block : blocks_) {
    if (block.huge) {
      FreeHuge(block.memory);
    } else {
      ::operator delete (block.memory, std::align_val_t{kLine});
    }
  }
}

void* LineArena::Allocate(size_t bytes) {
  const size_t lines = (bytes + kLine - 1) / kLine, size = lines * kLine;
  if (lines < free_.size() && !free_[lines].empty()) {
    void* piece = free_[lines].back();
    free_[lines].pop_back();
    return piece;
  }
  if (left_ < size) {
    // The first ones are small: few lists should not take a huge page.
    const size_t wanted = std::max(size, std::clamp(blocks_bytes_, kFirstBlock, kHugePage));
    const bool huge = wanted >= kHugePage;
    const size_t block = huge ? RoundUp(wanted, kHugePage) : wanted;
    void* memory = huge ? AllocateHuge(block) : ::operator new (block, std::align_val_t{kLine});
    blocks_.push_back({memory, huge});
    blocks_bytes_ += block;
    next_ = static_cast<char*>(memory);
    left_ = block;
  }
  void* piece = next_;
  next_ += size;
  left_ -= size;
  return piece;
}

void LineArena::Free(void* piece, size_t bytes) {
  const size_t lines = (bytes + kLine - 1) / kLine;
  if (lines >= free_.size()) free_.resize(lines + 1);
  free_[lines].push_back(piece);
}

}  // namespace tandem::pairing::matching
