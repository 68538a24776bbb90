// The common practice: the most valuable wish first, each in the first slot that will do.
#ifndef TANDEM_SERVICES_PAIRING_MEETINGS_SCHEDULING_FIRST_FIT_H_
#define TANDEM_SERVICES_PAIRING_MEETINGS_SCHEDULING_FIRST_FIT_H_

#include <cstdint>
#include <vector>

#include "services/pairing/meetings/scheduling/board.h"

namespace tandem::pairing::scheduling {

// The wishes that are neither locked nor placed, by falling value; equal ones by index.
std::vector<int32_t> OpenWishesByValue(const Board& board);

// Places what it can, in that order. What is placed already stays.
void FirstFit(Board* board);

// Whether `wish` was placed, in the first slot that will do.
bool PlaceFirst(int32_t wish, Board* board);

}  // namespace tandem::pairing::scheduling

#endif  // TANDEM_SERVICES_PAIRING_MEETINGS_SCHEDULING_FIRST_FIT_H_
