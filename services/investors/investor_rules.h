// What is particular to an investor: its place in the catalog, its states, and the rules that the contract's options
// cannot say.
#ifndef TANDEM_SERVICES_INVESTORS_INVESTOR_RULES_H_
#define TANDEM_SERVICES_INVESTORS_INVESTOR_RULES_H_

#include "common/catalog/collection.h"

namespace tandem::investors {

// Name of this service's store in consistency tokens.
inline constexpr char kSource[] = "investors";

catalog::Collection InvestorCollection();

}  // namespace tandem::investors

#endif  // TANDEM_SERVICES_INVESTORS_INVESTOR_RULES_H_
