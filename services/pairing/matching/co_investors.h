// Co-investors: what two investors did together, and who followed whom.
#ifndef TANDEM_SERVICES_PAIRING_MATCHING_CO_INVESTORS_H_
#define TANDEM_SERVICES_PAIRING_MATCHING_CO_INVESTORS_H_

#include <cstdint>
#include <memory>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/types/span.h"

#include "services/pairing/matching/facts.h"

namespace tandem::pairing::matching {

// In millionths, before a day; older deals count less.
struct SharedStrength {
  int64_t together = 0;  // companies in both records, as a cosine that thin records cannot make large
  int64_t after = 0;     // the same of those that the other one was in before
};

// Made for one investor as of one day and asked for many projects: what it shares with each prior investor is counted
// once. Not thread-safe.
class SharedWith {
 public:
  // `investor` must outlive this.
  SharedWith(const MarketContext& context, const InvestorFacts& investor, int32_t day);

  // Summed over the prior investors of a project. The investor itself, and one that is named twice, count once or not
  // at all.
  SharedStrength Strength(absl::Span<const InvestorFacts* const> prior);
  SharedStrength Strength(const std::vector<std::shared_ptr<const InvestorFacts>>& prior);

  // What the strengths are cut to, so that a bound on their points exists.
  static constexpr int64_t kMost = 400'000;

 private:
  const InvestorFacts& investor_;
  int32_t day_, anchor_;
  int64_t own_ = 0;  // decayed companies
  absl::flat_hash_map<const InvestorFacts*, SharedStrength> shared_;
};

// ln(1 + 50 * strength) in thousandths of a nat: the value of the two features.
int32_t SharedValue(int64_t strength);

}  // namespace tandem::pairing::matching

#endif  // TANDEM_SERVICES_PAIRING_MATCHING_CO_INVESTORS_H_
