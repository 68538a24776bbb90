// In which order to ask for the lists of many investors.
#ifndef TANDEM_SERVICES_PAIRING_MATCHING_INDEX_BATCH_ORDER_H_
#define TANDEM_SERVICES_PAIRING_MATCHING_INDEX_BATCH_ORDER_H_

#include <cstdint>
#include <vector>

#include "services/pairing/matching/linear_form.h"

namespace tandem::pairing::matching {

// The numbers 0 to forms.size() - 1, those side by side whose queries of a ProjectIndexSnapshot read the same blocks:
// by the accepted sector that most forms accept, then by the first accepted stage, then by the ticket. The blocks are
// then still in the cache of the thread that asks for neighbours. Stateless. O(n log n) and one pass over the lists.
std::vector<uint32_t> BatchOrder(const std::vector<const InvestorForm*>& forms);

}  // namespace tandem::pairing::matching

#endif  // TANDEM_SERVICES_PAIRING_MATCHING_INDEX_BATCH_ORDER_H_
