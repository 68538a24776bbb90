// Code gates: the gates of a mandate as refused codes, so that an index refuses by looking up.
#ifndef TANDEM_SERVICES_PAIRING_MATCHING_CODE_GATES_H_
#define TANDEM_SERVICES_PAIRING_MATCHING_CODE_GATES_H_

#include <cstdint>

#include "services/pairing/matching/code_book.h"
#include "services/pairing/matching/facts.h"
#include "services/pairing/matching/linear_form.h"

namespace tandem::pairing::matching {

// Whether a gating criterion of the mandate refuses every project with `code` in `column`. Criteria of sectors, and
// those of which CannotFold is true, are not looked at.
bool RefusesCode(const CodeBook& codes, const InvestorFacts& investor, Column column, uint16_t code);

// Whether some gating criterion depends on more than one code, so that pairs need an exact look.
bool CannotFold(const InvestorFacts& investor);

// Sets the ticket's range and the sectors' gates of `form`; its sectors are listed already, those that gate are added.
void FoldRanges(const MarketContext& context, const CodeBook& codes, const InvestorFacts& investor, InvestorForm* form);

}  // namespace tandem::pairing::matching

#endif  // TANDEM_SERVICES_PAIRING_MATCHING_CODE_GATES_H_
