// Extra terms: what of a pair no column can say - co-investors and the project's wishes.
#ifndef TANDEM_SERVICES_PAIRING_MATCHING_EXTRA_TERMS_H_
#define TANDEM_SERVICES_PAIRING_MATCHING_EXTRA_TERMS_H_

#include <cstdint>

#include "services/pairing/matching/co_investors.h"
#include "services/pairing/matching/facts.h"
#include "services/pairing/matching/terms.h"

namespace tandem::pairing::matching {

// Whether a project can have extra points, and extra gates.
bool HasExtraPoints(const ProjectFacts& project);
bool HasExtraGates(const ProjectFacts& project);

// Points of what the investor shares with the prior investors, of the wishes, and of both.
void AddShared(const MarketContext& context, const SharedStrength& shared, Terms* terms);
void AddWishes(const MarketContext& context, const ProjectFacts& project, const InvestorFacts& investor, Terms* terms);
void AddExtras(const MarketContext& context, const ProjectFacts& project, const InvestorFacts& investor,
               const SharedStrength& shared, Terms* terms);

// No pair gets more.
int32_t MostExtraPoints(const MarketContext& context);

}  // namespace tandem::pairing::matching

#endif  // TANDEM_SERVICES_PAIRING_MATCHING_EXTRA_TERMS_H_
