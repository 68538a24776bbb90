// Memory that is read here and there: on pages so large that the processor knows where all of it is.
//
// With pages of 4 KiB, tens of megabytes have more pages than a processor remembers, and most reads would wait for the
// page before they wait for the line. A fifth of the time of TopLists, measured.
#ifndef TANDEM_SERVICES_PAIRING_MATCHING_INDEX_HUGE_PAGES_H_
#define TANDEM_SERVICES_PAIRING_MATCHING_INDEX_HUGE_PAGES_H_

#include <cstddef>
#include <new>
#include <vector>

namespace tandem::pairing::matching {

inline constexpr size_t kHugePage = size_t{2} << 20;

// Whole huge pages where the system has them, else ordinary memory. `bytes` is rounded up; throws as operator new does.
void* AllocateHuge(size_t bytes);
void FreeHuge(void* memory);

// For vectors: small ones are allocated as ever.
template <typename T>
struct HugePageAllocator {
  using value_type = T;

  HugePageAllocator() = default;
  template <typename U>
  HugePageAllocator(const HugePageAllocator<U>&) {}  // NOLINT(google-explicit-constructor): as allocators must

  T* allocate(size_t count) {
    if (count * kSize >= kHugePage) return static_cast<T*>(AllocateHuge(count * kSize));
    return static_cast<T*>(::operator new (count* kSize, std::align_val_t{kAlignment}));
  }
  void deallocate(T* memory, size_t count) {
    if (count * kSize >= kHugePage) {
      FreeHuge(memory);
    } else {
      ::operator delete (memory, std::align_val_t{kAlignment});
    }
  }
  friend bool operator==(const HugePageAllocator&, const HugePageAllocator&) { return true; }

 private:
  static constexpr size_t kSize = sizeof(T);  // NOLINT(bugprone-sizeof-expression): of a pointer, where T is one
  static constexpr size_t kAlignment = alignof(T) < 64 ? 64 : alignof(T);
};
template <typename T>
using HugeVector = std::vector<T, HugePageAllocator<T>>;

// Pieces of a few cache lines each. One thread. A piece that is freed serves the next of as many lines; memory goes
// back to the system with the arena.
class LineArena {
 public:
  static constexpr size_t kLine = 64;

  LineArena() = default;
  LineArena(const LineArena&) = delete;
  LineArena& operator=(const LineArena&) = delete;
  ~LineArena();

  void* Allocate(size_t bytes);  // begins with a line
  void Free(void* piece, size_t bytes);
  size_t bytes() const { return blocks_bytes_; }  // pieces that wait for reuse included

 private:
  static constexpr size_t kFirstBlock = 16 << 10;
  struct Block {
    void* memory;
    bool huge;
  };

  std::vector<Block> blocks_;
  size_t blocks_bytes_ = 0;
  char* next_ = nullptr;
  size_t left_ = 0;
  std::vector<std::vector<void*>> free_;  // by number of lines
};

}  // namespace tandem::pairing::matching

#endif  // TANDEM_SERVICES_PAIRING_MATCHING_INDEX_HUGE_PAGES_H_
