// Frozen statistics: how common each feature is, as counted by an explicit run and never otherwise.
#ifndef TANDEM_SERVICES_PAIRING_MATCHING_FROZEN_STATISTICS_H_
#define TANDEM_SERVICES_PAIRING_MATCHING_FROZEN_STATISTICS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"

#include "services/pairing/matching/interner.h"
#include "tandem/pairing/v1/edition.pb.h"

namespace tandem::pairing::matching {

// Counts are of deals; of projects where few deals were counted, as a young edition has no others. Immutable once
// built.
class FrozenStatistics {
 public:
  FrozenStatistics() = default;
  FrozenStatistics(const v1::Statistics& statistics, Interner* interner);

  // Records that were counted, and those that have `feature`.
  int64_t records() const { return by_deals() ? deals_ : projects_; }
  int64_t Count(uint32_t feature) const;

  // Share of `feature` among `stated` records of which each has one of `values` values, in millionths, at least 1: half
  // a record is believed of each value beforehand.
  int64_t Share(uint32_t feature, int64_t stated, int64_t values) const;

  // Rarity of a term, ln(projects / projects with it) in micro-nats; the same for all terms before the first count.
  int64_t TermRarity(uint32_t feature) const;
  // The same of a sector, among the counted records.
  int64_t SectorRarity(uint32_t feature) const;

  int64_t number() const { return number_; }
  const std::string& fingerprint() const { return fingerprint_; }

 private:
  struct Counts {
    int64_t projects = 0;
    int64_t deals = 0;
  };
  bool by_deals() const { return deals_ >= kEnoughDeals; }

  static constexpr int64_t kEnoughDeals = 200;  // from here on deals speak for themselves

  int64_t number_ = 0;
  std::string fingerprint_;
  int64_t projects_ = 0;
  int64_t deals_ = 0;
  absl::flat_hash_map<uint32_t, Counts> counts_;
  // By number of the feature, as far as any was counted: the texts of every record ask for all of their terms.
  std::vector<int32_t> term_rarities_;
  int32_t rarity_of_uncounted_ = 0;
};

}  // namespace tandem::pairing::matching

#endif  // TANDEM_SERVICES_PAIRING_MATCHING_FROZEN_STATISTICS_H_
