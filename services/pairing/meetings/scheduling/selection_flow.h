// Which wishes to place, were slots no matter: the best selection under people's limits, and the bound that it is.
#ifndef TANDEM_SERVICES_PAIRING_MEETINGS_SCHEDULING_SELECTION_FLOW_H_
#define TANDEM_SERVICES_PAIRING_MEETINGS_SCHEDULING_SELECTION_FLOW_H_

#include <cstdint>
#include <vector>

#include "services/pairing/meetings/scheduling/board.h"

namespace tandem::pairing::scheduling {

// Each person's side in a two-sided market (0 or 1), or empty if wishes form an odd circle.
std::vector<uint8_t> FindSides(const Problem& problem);

struct Selection {
  // No schedule that keeps what `board` holds seats more people; none that seats as many is worth more. With
  // `seat_bonus` 0 the second is of any schedule at all.
  int32_t most_seated = 0;
  int64_t most_value = 0;
  std::vector<int32_t> chosen;  // wishes, not those that the board holds
  // By wish: what each would cost the best selection to have (at most 0 for those in it); INT64_MAX if it cannot be
  // had.
  std::vector<int64_t> loss;
};

// What a wish is worth where its interpreters have a price (by pool; no pool beyond the list has one).
int64_t PricedValue(const Wish& wish, const std::vector<int64_t>& prices);

// A flow from one side to the other: each person as often as it may and has free slots that its wishes allow, all
// together no more than there are places. Exact for that; where there are no two sides, half of the double cover. With
// prices of interpreters the selection is the best by PricedValue, and most_value is what it is worth: no bound then.
Selection SelectWishes(const Board& board, const std::vector<uint8_t>& sides, int64_t seat_bonus,
                       const std::vector<int64_t>& prices = {});

}  // namespace tandem::pairing::scheduling

#endif  // TANDEM_SERVICES_PAIRING_MEETINGS_SCHEDULING_SELECTION_FLOW_H_
