// Which must-haves a project and an investor do not meet, as matching's gates judge them.
#ifndef TANDEM_SERVICES_PAIRING_EFFECTS_MUST_HAVES_H_
#define TANDEM_SERVICES_PAIRING_EFFECTS_MUST_HAVES_H_

#include <optional>
#include <string>
#include <vector>

#include "services/pairing/market_feed/market_store.h"
#include "services/pairing/matching/facts.h"

namespace tandem::pairing::effects {

// `mandate.criteria[2].rounds`, `project.wishes[0].types`: the criteria and wishes with MUST or MUST_NOT that fail, in
// the order of the records. What is missing and cannot be judged does not fail.
std::vector<std::string> UnmetMustHaves(const matching::MarketContext& context, const matching::ProjectFacts& project,
                                        const matching::InvestorFacts& investor);

// The same by the newest facts of `markets`; nullopt when one of the two (names) is not known.
std::optional<std::vector<std::string>> UnmetMustHaves(const MarketStore& markets, const std::string& project,
                                                       const std::string& investor);

}  // namespace tandem::pairing::effects

#endif  // TANDEM_SERVICES_PAIRING_EFFECTS_MUST_HAVES_H_
