// Scorer: the terms of one pair. What is benchmarked, ranked and explained is this one function.
//
// Terms are log-odds: what a value is worth to a side is the logarithm of how much more often that side takes it than
// the market does. Sources: log-ratios of smoothed counts as in naive Bayes; decayed counts by exponential half-life.
#ifndef TANDEM_SERVICES_PAIRING_MATCHING_SCORER_H_
#define TANDEM_SERVICES_PAIRING_MATCHING_SCORER_H_

#include <cstdint>

#include "services/pairing/matching/facts.h"
#include "services/pairing/matching/terms.h"

namespace tandem::pairing::matching {

// Every term of the pair as of a day, whether or not it passes the gates. `shared` is the strength of CoInvestors. Pure
// and in integers only: the same on every machine.
Terms ScorePair(const MarketContext& context, const ProjectFacts& project, const InvestorFacts& investor,
                int32_t as_of_day, int64_t shared);

}  // namespace tandem::pairing::matching

#endif  // TANDEM_SERVICES_PAIRING_MATCHING_SCORER_H_
