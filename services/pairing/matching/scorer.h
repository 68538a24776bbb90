// Scorer: the terms of one pair. What is ranked, explained, learned from and benchmarked is this one function.
#ifndef TANDEM_SERVICES_PAIRING_MATCHING_SCORER_H_
#define TANDEM_SERVICES_PAIRING_MATCHING_SCORER_H_

#include "services/pairing/matching/co_investors.h"
#include "services/pairing/matching/facts.h"
#include "services/pairing/matching/lens.h"
#include "services/pairing/matching/terms.h"

namespace tandem::pairing::matching {

// Every term of the pair, whether or not it passes the gates. Pure and in integers only: the same on every machine.
Terms ScorePair(const MarketContext& context, const ProjectFacts& project, const InvestorFacts& investor,
                const Lens& lens, const SharedStrength& shared);

}  // namespace tandem::pairing::matching

#endif  // TANDEM_SERVICES_PAIRING_MATCHING_SCORER_H_
