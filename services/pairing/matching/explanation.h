// Explanation: why a pair scores as it does, and why a pair is no match.
#ifndef TANDEM_SERVICES_PAIRING_MATCHING_EXPLANATION_H_
#define TANDEM_SERVICES_PAIRING_MATCHING_EXPLANATION_H_

#include <cstddef>
#include <cstdint>

#include "absl/strings/string_view.h"

#include "services/pairing/matching/facts.h"
#include "services/pairing/matching/ranking.h"
#include "services/pairing/matching/stances.h"
#include "tandem/pairing/v1/match.pb.h"

namespace tandem::pairing::matching {

// The match at `index` (from 0) of `ranking`: names, rank, score, title in `language` (BCP-47; empty: the original),
// and, if `explain`, its terms and unknown gates. The terms sum to the score exactly.
v1::Match DescribeMatch(const Ranking& ranking, size_t index, bool explain, absl::string_view language);

// Every gate and every term of one pair, whether it is a match or not. `said` is what whoever asks may know. The ranks
// are left 0 and the token empty: they are the caller's to fill.
v1::MatchExplanation ExplainPair(const Market& market, const ProjectFacts& project, const InvestorFacts& investor,
                                 int32_t as_of_day, absl::string_view language, SaidInPair said = {});
v1::MatchExplanation ExplainPair(const MarketView& view, const ProjectFacts& project, const InvestorFacts& investor,
                                 int32_t as_of_day, absl::string_view language, SaidInPair said = {});

}  // namespace tandem::pairing::matching

#endif  // TANDEM_SERVICES_PAIRING_MATCHING_EXPLANATION_H_
