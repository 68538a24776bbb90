// One slot made anew: the best meetings for it that all other slots leave possible.
#ifndef TANDEM_SERVICES_PAIRING_MEETINGS_SCHEDULING_SLOT_MATCHING_H_
#define TANDEM_SERVICES_PAIRING_MEETINGS_SCHEDULING_SLOT_MATCHING_H_

#include <cstdint>
#include <vector>

#include "services/pairing/meetings/scheduling/board.h"

namespace tandem::pairing::scheduling {

// Fills `slot` with the most valuable matching of what is in it and of the unplaced among `candidates` (by a flow,
// exact on a plain board), where the first meeting of a person is worth `seat_bonus` more. `sides` says which people
// may meet which: only wishes between a 0 and a 1 take part, all others stay. `prices` of interpreters keep the
// matching from asking for more than there are; they move with what it asks for, and are best kept from slot to slot.
// True if the board is worth more than before; otherwise it is as it was.
bool RematchSlot(int32_t slot, const std::vector<int32_t>& candidates, const std::vector<uint8_t>& sides,
                 int64_t seat_bonus, std::vector<int64_t>* prices, Board* board);

}  // namespace tandem::pairing::scheduling

#endif  // TANDEM_SERVICES_PAIRING_MEETINGS_SCHEDULING_SLOT_MATCHING_H_
