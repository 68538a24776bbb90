// Slots for a selection of wishes: an edge colouring that heeds calendars, balanced so that each slot has places
// enough.
#ifndef TANDEM_SERVICES_PAIRING_MEETINGS_SCHEDULING_COLOURING_H_
#define TANDEM_SERVICES_PAIRING_MEETINGS_SCHEDULING_COLOURING_H_

#include <cstdint>
#include <vector>

#include "services/pairing/meetings/scheduling/board.h"

namespace tandem::pairing::scheduling {

// Places as many of `chosen` on the board as chains find slots for. When everybody is always there, two-sided wishes
// that keep to people's limits and to the places of all slots together all find one (König; balanced: de Werra).
void ColourSelection(const std::vector<int32_t>& chosen, Board* board);

}  // namespace tandem::pairing::scheduling

#endif  // TANDEM_SERVICES_PAIRING_MEETINGS_SCHEDULING_COLOURING_H_
