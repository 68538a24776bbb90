// Figures of a board, as the scheduler reports them.
#ifndef TANDEM_SERVICES_PAIRING_MEETINGS_SCHEDULING_OUTCOME_H_
#define TANDEM_SERVICES_PAIRING_MEETINGS_SCHEDULING_OUTCOME_H_

#include "services/pairing/meetings/scheduling/board.h"
#include "services/pairing/meetings/scheduling/scheduler.h"

namespace tandem::pairing::scheduling {

// Without reasons, steps and bounds, but for gaps, whose bound is 0.
Outcome AssessBoard(const Board& board);

}  // namespace tandem::pairing::scheduling

#endif  // TANDEM_SERVICES_PAIRING_MEETINGS_SCHEDULING_OUTCOME_H_
