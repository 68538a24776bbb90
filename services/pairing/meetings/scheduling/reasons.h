// Why a wish is not in a schedule.
#ifndef TANDEM_SERVICES_PAIRING_MEETINGS_SCHEDULING_REASONS_H_
#define TANDEM_SERVICES_PAIRING_MEETINGS_SCHEDULING_REASONS_H_

#include <vector>

#include "services/pairing/meetings/scheduling/board.h"

namespace tandem::pairing::scheduling {

// By wish, kFits for those that are placed. In this order: the two share no slot with an open place; a person has met
// as often as it may; no free slot is left to a person; in the slots where both are free the rule that forbids most of
// them (kMostPerDay, kOrder, kNoInterpreter, kTravel, kNoTable); the two have no free slot in common any more
// (kLostToMoreValuable).
std::vector<Rule> ExplainUnplaced(const Board& board);

}  // namespace tandem::pairing::scheduling

#endif  // TANDEM_SERVICES_PAIRING_MEETINGS_SCHEDULING_REASONS_H_
