// Idle gaps: the waits between two meetings of one person on one day, and how a schedule comes to have fewer.
#ifndef TANDEM_SERVICES_PAIRING_MEETINGS_SCHEDULING_GAPS_H_
#define TANDEM_SERVICES_PAIRING_MEETINGS_SCHEDULING_GAPS_H_

#include <cstdint>
#include <vector>

#include "services/pairing/meetings/scheduling/board.h"
#include "services/pairing/meetings/scheduling/chains.h"

namespace tandem::pairing::scheduling {

// How far the gaps of two people should differ at most.
inline constexpr int32_t kFairSpread = 2;

// Slots between two successive meetings of a day are one gap if the person is there in at least one of them.
int32_t CountGaps(const Board& board, int32_t person);

struct GapTotals {
  int32_t gaps = 0;    // of all people
  int32_t spread = 0;  // the most of one person less the fewest of another
};
GapTotals CountGaps(const Board& board);

// Moves meetings along chains so that there are fewer gaps. All meetings stay. Not thread-safe.
class GapCloser {
 public:
  explicit GapCloser(Board* board);

  // Looks at people begin .. end-1 once; how many gaps fewer there are. `fair`: a person's gaps beyond kFairSpread
  // count a hundredfold.
  int64_t Close(int32_t begin, int32_t end, bool fair);

 private:
  // What it gains if a person leaves one slot and takes another.
  int64_t Gain(int32_t person, int32_t leaves, int32_t takes) const;
  int64_t Cost(int32_t gaps) const;
  int64_t ImprovePerson(int32_t person);
  int64_t TryMove(int32_t person, int32_t from, int32_t to);
  int64_t FindReturn(int64_t gain, int32_t from, int32_t to);

  Board* board_;
  Chains chains_;
  std::vector<int32_t> gaps_;     // by person
  std::vector<int32_t> changed_;  // people whose busy slots the chains found change
  bool fair_ = false;
  int32_t next_ = 0;  // who is asked next for a chain back
};

}  // namespace tandem::pairing::scheduling

#endif  // TANDEM_SERVICES_PAIRING_MEETINGS_SCHEDULING_GAPS_H_
