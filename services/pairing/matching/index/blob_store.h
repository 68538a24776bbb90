// Short byte strings by slot, sixteen to a node, every version kept apart.
//
// Value type as RadixArray; thread safety as VersionedPool.
#ifndef TANDEM_SERVICES_PAIRING_MATCHING_INDEX_BLOB_STORE_H_
#define TANDEM_SERVICES_PAIRING_MATCHING_INDEX_BLOB_STORE_H_

#include <cstdint>

#include "absl/strings/string_view.h"

#include "services/pairing/matching/index/radix_array.h"
#include "services/pairing/matching/index/versioned_pool.h"

namespace tandem::pairing::matching {

class BlobStore {
 public:
  explicit BlobStore(VersionedPool::Use use) : use_(use) {}

  // Empty where nothing is stored. Valid as long as the version.
  absl::string_view Get(uint32_t slot) const {
    const auto* leaf = static_cast<const Leaf*>(leaves_.Get(slot / kPerLeaf));
    return leaf == nullptr ? absl::string_view() : Part(*leaf, static_cast<int>(slot % kPerLeaf));
  }
  // Asks the memory for what Get(slot) reads first.
  void Prefetch(uint32_t slot) const { __builtin_prefetch(leaves_.Get(slot / kPerLeaf)); }
  // An empty blob removes. `blob` may not point into this store.
  void Set(VersionedPool& pool, uint32_t slot, absl::string_view blob);

 private:
  static constexpr uint32_t kPerLeaf = 16;
  // Behind it the ends of the blobs, counted from the first byte of the first, and then the blobs. An end takes two
  // bytes, or four in a leaf of more than 64 KiB.
  struct Leaf {
    uint32_t born;
    uint32_t wide;
  };

  // Where blob `at` ends; the end of blob -1 is 0.
  static size_t End(const Leaf& leaf, int at);
  static absl::string_view Part(const Leaf& leaf, int at);
  static size_t Bytes(size_t payload, bool wide) {
    return sizeof(Leaf) + kPerLeaf * (wide ? sizeof(uint32_t) : sizeof(uint16_t)) + payload;
  }

  VersionedPool::Use use_;
  RadixArray leaves_;
};

}  // namespace tandem::pairing::matching

#endif  // TANDEM_SERVICES_PAIRING_MATCHING_INDEX_BLOB_STORE_H_
