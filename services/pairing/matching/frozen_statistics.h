// Frozen statistics: how common each feature is, as counted by an explicit run and never otherwise.
#ifndef TANDEM_SERVICES_PAIRING_MATCHING_FROZEN_STATISTICS_H_
#define TANDEM_SERVICES_PAIRING_MATCHING_FROZEN_STATISTICS_H_

#include <cstdint>

#include "absl/container/flat_hash_map.h"

#include "services/pairing/matching/interner.h"
#include "tandem/pairing/v1/edition.pb.h"

namespace tandem::pairing::matching {

// Shares are in millionths. Immutable once built.
class FrozenStatistics {
 public:
  FrozenStatistics() = default;
  FrozenStatistics(const v1::Statistics& statistics, Interner* interner);

  // Share of deals that have `feature`, smoothed towards `fallback`; of projects where few deals were counted. At least
  // `kLeastShare`, at most a half.
  int64_t DealShare(uint32_t feature, int64_t fallback) const;

  // Rarity of a term, ln(projects / projects with it) in micro-nats; the same for all terms before the first count.
  int64_t TermRarity(uint32_t feature) const;

  int64_t number() const { return number_; }

  static constexpr int64_t kLeastShare = 500;

 private:
  struct Count {
    int64_t projects = 0;
    int64_t deals = 0;
  };
  int64_t number_ = 0;
  int64_t projects_ = 0;
  int64_t deals_ = 0;
  absl::flat_hash_map<uint32_t, Count> counts_;
};

}  // namespace tandem::pairing::matching

#endif  // TANDEM_SERVICES_PAIRING_MATCHING_FROZEN_STATISTICS_H_
