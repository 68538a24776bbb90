#include "services/pairing/matching/index/versioned_pool.h"

#include <algorithm>
#include <cstdlib>
#include <functional>
#include <new>

#if defined(__linux__)
#include <sys/mman.h>
#endif

// Under AddressSanitizer a freed node is poisoned, so that a version that lost a node which it still has shows at once.
#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/asan_interface.h>
#else
#define ASAN_POISON_MEMORY_REGION(address, size) ((void)(address), (void)(size))
#define ASAN_UNPOISON_MEMORY_REGION(address, size) ((void)(address), (void)(size))
#endif

namespace tandem::pairing::matching {
namespace {

constexpr size_t kFirstChunk = 64 << 10;
constexpr size_t kHugePage = 2 << 20;  // also the largest chunk

// A query of a large index reads blocks all over its memory: with small pages it would mostly wait for page tables.
std::byte* NewChunk(size_t bytes) {
  void* chunk = std::aligned_alloc(bytes == kHugePage ? kHugePage : 64, bytes);
  if (chunk == nullptr) throw std::bad_alloc();
#if defined(__linux__)
  if (bytes == kHugePage) madvise(chunk, bytes, MADV_HUGEPAGE);
#endif
  return static_cast<std::byte*>(chunk);
}

size_t Rounded(size_t bytes, size_t to) { return (bytes + to - 1) / to * to; }

std::byte* Aligned(std::byte* at, size_t to) {
  return at + (Rounded(reinterpret_cast<uintptr_t>(at), to) - reinterpret_cast<uintptr_t>(at));
}

}  // namespace

void VersionedPool::FreeChunk::operator()(std::byte* chunk) const { std::free(chunk); }

VersionedPool::~VersionedPool() {
  for (Dropped* dropped = dropped_.load(std::memory_order_acquire); dropped != nullptr;) {
    Dropped* next = dropped->next;
    delete dropped;
    dropped = next;
  }
}

void* VersionedPool::Allocate(size_t bytes, Use use) {
  bytes = Rounded(bytes, kGrain);
  used_[use] += bytes;
  if (bytes > kLargest) {
    auto memory = std::make_unique<std::byte[]>(bytes);
    void* node = memory.get();
    large_.emplace(node, std::move(memory));
    reserved_ += bytes;
    return node;
  }
  std::vector<void*>& free = free_[bytes / kGrain];
  if (!free.empty()) {
    void* node = free.back();
    free.pop_back();
    ASAN_UNPOISON_MEMORY_REGION(node, bytes);
    return node;
  }
  const size_t alignment = bytes % 64 == 0 ? 64 : kGrain;
  std::byte* at = next_ == nullptr ? nullptr : Aligned(next_, alignment);
  if (at == nullptr || at > end_ || bytes > static_cast<size_t>(end_ - at)) {
    const size_t chunk = std::min(kHugePage, std::max(kFirstChunk, reserved_ / 8 / 4096 * 4096));
    chunks_.emplace_back(NewChunk(chunk));
    reserved_ += chunk;
    next_ = chunks_.back().get();
    end_ = next_ + chunk;
    at = Aligned(next_, alignment);
  }
  next_ = at + bytes;
  return at;
}

void VersionedPool::Retire(void* node, size_t bytes, Use use, uint32_t born) {
  bytes = Rounded(bytes, kGrain);
  used_[use] -= bytes;
  kept_ += bytes;
  const Retired retired{node, static_cast<uint32_t>(bytes), born};
  if (born == version_) {
    Free(retired);
  } else {
    retired_.push_back(retired);
  }
}

void VersionedPool::SortFree() {
  for (std::vector<void*>& free : free_) std::sort(free.begin(), free.end(), std::greater<>());
}

void VersionedPool::Free(const Retired& retired) {
  kept_ -= retired.bytes;
  if (retired.bytes > kLargest) {
    reserved_ -= retired.bytes;
    large_.erase(retired.node);
    return;
  }
  ASAN_POISON_MEMORY_REGION(retired.node, retired.bytes);
  free_[retired.bytes / kGrain].push_back(retired.node);
}

void VersionedPool::Place(const Retired& retired, uint32_t last) {
  auto newest = sealed_.upper_bound(last);
  if (newest != sealed_.begin() && (--newest)->first >= retired.born) {
    newest->second.push_back(retired);
  } else {
    Free(retired);
  }
}

void VersionedPool::Reclaim() {
  for (Dropped* dropped = dropped_.exchange(nullptr, std::memory_order_acquire); dropped != nullptr;) {
    const std::unique_ptr<Dropped> gone(dropped);
    dropped = dropped->next;
    const auto it = sealed_.find(gone->version);
    const std::vector<Retired> had = std::move(it->second);
    sealed_.erase(it);
    for (const Retired& retired : had) Place(retired, gone->version);
  }
}

uint32_t VersionedPool::Seal() {
  Reclaim();
  for (const Retired& retired : retired_) Place(retired, version_ - 1);
  retired_.clear();
  sealed_.try_emplace(version_);
  return version_++;
}

void VersionedPool::Drop(uint32_t sealed) {
  auto* dropped = new Dropped{sealed, dropped_.load(std::memory_order_relaxed)};
  while (
      !dropped_.compare_exchange_weak(dropped->next, dropped, std::memory_order_release, std::memory_order_relaxed)) {
  }
}

}  // namespace tandem::pairing::matching
