// Mandate terms: what a project is worth to an investor by what the investor says it wants.
#ifndef TANDEM_SERVICES_PAIRING_MATCHING_MANDATE_TERMS_H_
#define TANDEM_SERVICES_PAIRING_MATCHING_MANDATE_TERMS_H_

#include <cstddef>
#include <cstdint>

#include "services/pairing/matching/facts.h"
#include "services/pairing/matching/terms.h"

namespace tandem::pairing::matching {

// Sets the terms of the mandate, before weights. Criteria of one aspect add up; one that excludes adds nothing.
void AddMandateTerms(const MarketContext& context, const ProjectFacts& project, const InvestorFacts& investor,
                     Terms* terms);

// A sum over a project's sectors as if they were partly independent: divided by the root of their number.
int64_t SpreadOverSectors(int64_t sum, size_t sectors);

}  // namespace tandem::pairing::matching

#endif  // TANDEM_SERVICES_PAIRING_MATCHING_MANDATE_TERMS_H_
