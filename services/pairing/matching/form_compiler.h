// Form compiler: an investor's lens of one day as an InvestorForm.
#ifndef TANDEM_SERVICES_PAIRING_MATCHING_FORM_COMPILER_H_
#define TANDEM_SERVICES_PAIRING_MATCHING_FORM_COMPILER_H_

#include <cstdint>

#include "services/pairing/matching/code_book.h"
#include "services/pairing/matching/facts.h"
#include "services/pairing/matching/linear_form.h"

namespace tandem::pairing::matching {

// Exactly what ScorePair and PassesGates say, as far as columns can: the rest is the extras of a pair. Right for the
// codes that are in use in `codes`; see CodeBook::generation. O(codes in use + deals).
InvestorForm CompileForm(const MarketContext& context, const CodeBook& codes, const InvestorFacts& investor,
                         int32_t day);

}  // namespace tandem::pairing::matching

#endif  // TANDEM_SERVICES_PAIRING_MATCHING_FORM_COMPILER_H_
