// How alike two orders of the same things are.
#ifndef TANDEM_SERVICES_PAIRING_PROFILES_RANK_AGREEMENT_H_
#define TANDEM_SERVICES_PAIRING_PROFILES_RANK_AGREEMENT_H_

#include <cstdint>
#include <vector>

#include "absl/strings/string_view.h"

namespace tandem::pairing {

struct RankAgreement {
  int64_t overlap_at_10_millionths = 0;  // part of the first ten (of all, when there are fewer) that are in both
  int64_t kendall_tau_millionths = 0;    // 1,000,000: the same order; -1,000,000: the reverse one
  bool same_best = false;
};

// Best first. REQUIRES: both have the same elements, each once, at least two. O(n log n).
RankAgreement Agree(const std::vector<absl::string_view>& first, const std::vector<absl::string_view>& second);

}  // namespace tandem::pairing

#endif  // TANDEM_SERVICES_PAIRING_PROFILES_RANK_AGREEMENT_H_
