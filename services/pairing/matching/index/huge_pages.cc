#include "services/pairing/matching/index/huge_pages.h"

#if defined(__linux__)
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
  for (void* block : blocks_) FreeHuge(block);
}

void* LineArena::Allocate(size_t bytes) {
  const size_t lines = (bytes + kLine - 1) / kLine, size = lines * kLine;
  if (lines < free_.size() && !free_[lines].empty()) {
    void* piece = free_[lines].back();
    free_[lines].pop_back();
    return piece;
  }
  if (left_ < size) {
    const size_t block = RoundUp(size, kHugePage);
    blocks_.push_back(AllocateHuge(block));
    blocks_bytes_ += block;
    next_ = static_cast<char*>(blocks_.back());
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
