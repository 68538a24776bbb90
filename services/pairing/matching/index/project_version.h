// What one version of a ProjectIndex consists of. Inside this folder only.
#ifndef TANDEM_SERVICES_PAIRING_MATCHING_INDEX_PROJECT_VERSION_H_
#define TANDEM_SERVICES_PAIRING_MATCHING_INDEX_PROJECT_VERSION_H_

#include <array>
#include <cstdint>

#include "services/pairing/matching/index/blob_store.h"
#include "services/pairing/matching/index/posting_tree.h"
#include "services/pairing/matching/index/query_tables.h"
#include "services/pairing/matching/index/radix_array.h"
#include "services/pairing/matching/index/text_signature.h"
#include "services/pairing/matching/index/versioned_pool.h"

namespace tandem::pairing::matching {

// The cells of one sector, by class of stage.
struct SectorCells {
  uint32_t born;
  std::array<PostingTree, kStageClasses> stages;
};

// Shared by the index and all its snapshots.
struct ProjectCore {
  explicit ProjectCore(const SlotOrder* slot_order) : order(slot_order) {}

  const SlotOrder* order;
  VersionedPool pool;  // of the writer, but for Drop
  // Sector norms by number. A version reads only those that it counts; the writer adds behind them.
  std::array<uint16_t, kOtherNorm> norms = {};
};

struct ProjectVersion {
  BlobStore rows{VersionedPool::kStructured};
  BlobStore texts{VersionedPool::kText};
  SignatureStore signatures;  // of the texts; an old one may stay where no text is
  RadixArray sectors;         // SectorCells by 1 + sector; at 0 the projects without sectors
  uint32_t size = 0;
  uint32_t sectors_end = 0;                              // above every sector there ever was
  uint32_t norm_count = 0;                               // numbers in use in ProjectCore::norms
  std::array<uint32_t, kPostingColumns> codes_end = {};  // above every code there ever was
  uint32_t text_norm_most = 0;                           // at least every TextNorm there is
};

}  // namespace tandem::pairing::matching

#endif  // TANDEM_SERVICES_PAIRING_MATCHING_INDEX_PROJECT_VERSION_H_
