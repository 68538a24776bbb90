// What is particular to a deal: it belongs to an investor, which must be there.
#ifndef TANDEM_SERVICES_INVESTORS_DEAL_RULES_H_
#define TANDEM_SERVICES_INVESTORS_DEAL_RULES_H_

#include "common/catalog/collection.h"

namespace tandem::investors {

catalog::Collection DealCollection();

}  // namespace tandem::investors

#endif  // TANDEM_SERVICES_INVESTORS_DEAL_RULES_H_
