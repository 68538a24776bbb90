// Memory of nodes that several versions of a structure share.
//
// One writer builds a version from the last one: it changes in place what it made since the last Seal and copies
// everything else, as a node's number of birth tells. Sealed versions are read by anybody, without any lock or count in
// the nodes; a node that a newer version no longer has is kept until the last sealed version that has it is dropped.
//
// Thread safety: all of the writer's calls from one thread at a time; Drop from any thread, and it never waits.
#ifndef TANDEM_SERVICES_PAIRING_MATCHING_INDEX_VERSIONED_POOL_H_
#define TANDEM_SERVICES_PAIRING_MATCHING_INDEX_VERSIONED_POOL_H_

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <vector>

namespace tandem::pairing::matching {

class VersionedPool {
 public:
  enum Use : uint8_t { kStructured, kText, kDirectory, kUseCount };

  VersionedPool() = default;
  VersionedPool(const VersionedPool&) = delete;
  VersionedPool& operator=(const VersionedPool&) = delete;
  // Frees every node.
  ~VersionedPool();

  // Aligned to 64 bytes when `bytes` is a multiple of 64, else to 16. Not initialised.
  void* Allocate(size_t bytes, Use use);
  // The version that is being written no longer has the node. `born` is what version() was at its allocation.
  void Retire(void* node, size_t bytes, Use use, uint32_t born);

  // Until the next Retire, what is free is allocated in the order of addresses.
  void SortFree();

  // Number of the version that is being written. A node of this birth may be changed in place.
  uint32_t version() const { return version_; }
  // What was written can be read from now on, until Drop of the returned number.
  uint32_t Seal();
  void Drop(uint32_t sealed);

  // Bytes of the nodes of the version being written, and of those kept for older versions only.
  size_t used(Use use) const { return used_[use]; }
  size_t kept() const { return kept_; }
  // Bytes taken from the heap for nodes, used or not.
  size_t reserved() const { return reserved_; }

 private:
  struct Retired {
    void* node;
    uint32_t bytes;
    uint32_t born;
  };
  struct Dropped {
    uint32_t version;
    Dropped* next;
  };

  void Free(const Retired& retired);
  // Frees a node that no sealed version up to `last` has; else remembers it with the newest that has.
  void Place(const Retired& retired, uint32_t last);
  void Reclaim();

  static constexpr size_t kGrain = 16;
  static constexpr size_t kLargest = 32 << 10;  // above: from the heap, each apart

  uint32_t version_ = 1;
  std::array<std::vector<void*>, kLargest / kGrain + 1> free_;
  struct FreeChunk {
    void operator()(std::byte* chunk) const;
  };
  std::vector<std::unique_ptr<std::byte, FreeChunk>> chunks_;
  std::byte* next_ = nullptr;
  std::byte* end_ = nullptr;
  std::map<void*, std::unique_ptr<std::byte[]>> large_;
  std::vector<Retired> retired_;                     // since the last Seal
  std::map<uint32_t, std::vector<Retired>> sealed_;  // not yet dropped, with what they are the last to have
  std::atomic<Dropped*> dropped_{nullptr};
  std::array<size_t, kUseCount> used_ = {};
  size_t kept_ = 0;
  size_t reserved_ = 0;
};

}  // namespace tandem::pairing::matching

#endif  // TANDEM_SERVICES_PAIRING_MATCHING_INDEX_VERSIONED_POOL_H_
