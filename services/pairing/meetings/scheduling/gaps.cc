#include "services/pairing/meetings/scheduling/gaps.h"

#include <algorithm>
#include <bit>

namespace tandem::pairing::scheduling {
namespace {

// Gaps of a person if it left one slot and took another (kNone: did not).
int32_t GapsIf(const Board& board, int32_t person, int32_t without, int32_t with) {
  int32_t gaps = 0;
  bool met = false;     // today
  bool waited = false;  // since the last meeting of today
  int32_t today = kNone;
  for (int32_t word = 0; word < board.words(); ++word) {
    for (uint64_t there = board.AvailableWord(person, word); there != 0; there &= there - 1) {
      const int32_t slot = word * 64 + std::countr_zero(there);
      if (board.day(slot) != today) {
        today = board.day(slot);
        met = waited = false;
      }
      const bool busy = slot == with || (slot != without && !board.free(person, slot));
      if (!busy) {
        waited = met;
        continue;
      }
      if (waited) ++gaps;
      met = true;
      waited = false;
    }
  }
  return gaps;
}

}  // namespace

int32_t CountGaps(const Board& board, int32_t person) { return GapsIf(board, person, kNone, kNone); }

GapTotals CountGaps(const Board& board) {
  GapTotals totals;
  int32_t least = INT32_MAX;
  int32_t most = 0;
  for (int32_t person = 0; person < board.people(); ++person) {
    const int32_t gaps = CountGaps(board, person);
    totals.gaps += gaps;
    least = std::min(least, gaps);
    most = std::max(most, gaps);
  }
  totals.spread = board.people() == 0 ? 0 : most - least;
  return totals;
}

GapCloser::GapCloser(Board* board) : board_(board), chains_(board, 200) {
  for (int32_t person = 0; person < board->people(); ++person) gaps_.push_back(CountGaps(*board, person));
}

int32_t GapCloser::Gaps(int32_t person, int32_t without, int32_t with) const {
  return GapsIf(*board_, person, without, with);
}

int64_t GapCloser::TryMove(int32_t person, int32_t from, int32_t to) {
  const size_t one = static_cast<size_t>(person);
  const int32_t mine = Gaps(person, from, to);
  const int64_t gain = Cost(gaps_[one]) - Cost(mine);
  if (gain <= 0 || !chains_.Find(person, from, to)) return 0;
  const int32_t end = chains_.end();
  const int32_t leaves = chains_.end_leaves();
  const int32_t its = Gaps(end, leaves, leaves == from ? to : from);
  const int64_t all = gain + Cost(gaps_[static_cast<size_t>(end)]) - Cost(its);
  if (all <= 0 || !chains_.Swap()) return 0;
  gaps_[one] = mine;
  gaps_[static_cast<size_t>(end)] = its;
  return all;
}

int64_t GapCloser::ImprovePerson(int32_t person) {
  for (int32_t from = 0; from < board_->slots(); ++from) {
    const int32_t meeting = board_->at(person, from);
    if (meeting == kNone || !board_->movable(meeting)) continue;
    for (int32_t word = 0; word < board_->words(); ++word) {
      for (uint64_t free = board_->PersonFreeWord(person, word); free != 0; free &= free - 1) {
        const int64_t gain = TryMove(person, from, word * 64 + std::countr_zero(free));
        if (gain > 0) return gain;
      }
    }
  }
  return 0;
}

int64_t GapCloser::Close(int32_t begin, int32_t end) {
  int64_t gain = 0;
  for (int32_t person = begin; person < end; ++person) {
    while (gaps_[static_cast<size_t>(person)] > 0) {
      const int64_t more = ImprovePerson(person);
      if (more == 0) break;
      gain += more;
    }
  }
  return gain;
}

}  // namespace tandem::pairing::scheduling
