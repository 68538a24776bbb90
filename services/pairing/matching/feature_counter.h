// Feature counter: what frozen statistics are made of.
#ifndef TANDEM_SERVICES_PAIRING_MATCHING_FEATURE_COUNTER_H_
#define TANDEM_SERVICES_PAIRING_MATCHING_FEATURE_COUNTER_H_

#include <cstddef>
#include <cstdint>
#include <set>
#include <string>

#include "absl/container/btree_map.h"

#include "services/pairing/matching/facts.h"

namespace tandem::pairing::matching {

// Counts each feature once per record, but for `stated:sector`, which is counted as often as a sector is stated. Not
// thread-safe.
class FeatureCounter {
 public:
  explicit FeatureCounter(const MarketContext& context) : context_(context) {}

  void AddProject(const projects::v1::Project& project);
  // `opening`: it is of the first known round of its company.
  void AddDeal(const investors::v1::Deal& deal, bool opening);

  // Features in the order of their names; those that occur once are left out, and so are the rarest terms when the
  // record would be larger than `most_bytes`: a term that is not counted is taken for as rare as can be. Should the
  // rest alone be larger, its rarest features go as well.
  v1::Statistics Result(size_t most_bytes = kMostBytes) const;

  // Readers with gRPC's default limit of 4 MiB can still take it, with room for another record's part of a stretch.
  static constexpr size_t kMostBytes = 3'500'000;

 private:
  struct Count {
    int64_t projects = 0;
    int64_t deals = 0;
  };
  void Add(const std::set<std::string>& features, int64_t Count::*kind);

  const MarketContext& context_;
  int64_t projects_ = 0;
  int64_t deals_ = 0;
  absl::btree_map<std::string, Count> counts_;
};

}  // namespace tandem::pairing::matching

#endif  // TANDEM_SERVICES_PAIRING_MATCHING_FEATURE_COUNTER_H_
