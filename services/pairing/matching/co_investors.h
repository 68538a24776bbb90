// Co-investors: how much an investor shares with those who invested in a project before.
#ifndef TANDEM_SERVICES_PAIRING_MATCHING_CO_INVESTORS_H_
#define TANDEM_SERVICES_PAIRING_MATCHING_CO_INVESTORS_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"

#include "services/pairing/matching/facts.h"

namespace tandem::pairing::matching {

// Made for one project as of one day. The strength with another investor is the cosine of the two sets of companies,
// summed over the prior investors.
class CoInvestors {
 public:
  CoInvestors(const std::vector<std::shared_ptr<const InvestorFacts>>& prior, int32_t as_of_day);

  // In millionths; 0 without a company in common. A prior investor does not count for itself.
  int64_t StrengthWith(const InvestorFacts& investor) const;

 private:
  int32_t as_of_day_;
  // Weight of each company: sum of the inverse roots of those prior investors that hold it.
  absl::flat_hash_map<uint32_t, int64_t> weight_;
  // The prior investors themselves, to take their own part out again.
  absl::flat_hash_map<std::string, int64_t> own_inverse_root_;
};

// The same strengths, made for one investor as of one day and asked for many projects: what it shares with each prior
// investor is counted once. Not thread-safe.
class SharedWith {
 public:
  // `investor` must outlive this.
  SharedWith(const InvestorFacts& investor, int32_t as_of_day);

  // Exactly CoInvestors(prior, as_of_day).StrengthWith(investor).
  int64_t Strength(const std::vector<std::shared_ptr<const InvestorFacts>>& prior);

 private:
  const InvestorFacts& investor_;
  int32_t as_of_day_;
  int64_t companies_;
  // By prior investor: companies in common times its inverse root.
  absl::flat_hash_map<const InvestorFacts*, int64_t> shared_;
};

}  // namespace tandem::pairing::matching

#endif  // TANDEM_SERVICES_PAIRING_MATCHING_CO_INVESTORS_H_
