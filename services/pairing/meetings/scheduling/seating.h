// A first meeting for people who have none, where meetings of others must give way.
#ifndef TANDEM_SERVICES_PAIRING_MEETINGS_SCHEDULING_SEATING_H_
#define TANDEM_SERVICES_PAIRING_MEETINGS_SCHEDULING_SEATING_H_

#include <cstdint>
#include <vector>

#include "services/pairing/meetings/scheduling/board.h"

namespace tandem::pairing::scheduling {

// A search of bounded effort. Each further person seated costs what has to give way, whatever it is worth; who is
// seated stays so. Not thread-safe.
class Seating {
 public:
  // `board` must outlive this.
  explicit Seating(Board* board);

  // Tries everybody who has no meeting, until `most` people have one. How many more are seated.
  int32_t SeatMore(int32_t most);

 private:
  bool Seat(int32_t person, int32_t depth);
  bool PlaceWithEvictions(int32_t wish, int32_t slot, int32_t person, int32_t depth);
  bool Evict(int32_t wish, std::vector<int32_t>* unseated);
  int32_t CheapestOf(int32_t person, int32_t slot, bool same_day) const;
  int32_t CheapestIn(int32_t slot) const;
  bool CanSpare(int32_t wish) const;

  Board* board_;
  std::vector<int32_t> first_;  // by person: where its wishes begin
  std::vector<int32_t> wishes_;
  std::vector<int32_t> asked_;  // by person: in which search last
  int32_t search_ = 0;
  int32_t tries_ = 0;
  int32_t tries_in_all_ = 0;
};

}  // namespace tandem::pairing::scheduling

#endif  // TANDEM_SERVICES_PAIRING_MEETINGS_SCHEDULING_SEATING_H_
