#include "services/pairing/meetings/scheduling/gaps.h"

#include <algorithm>
#include <bit>

namespace tandem::pairing::scheduling {
namespace {

constexpr int64_t kUnfair = 100;
constexpr int32_t kLongestChain = 200;
constexpr int32_t kMostReturns = 40;  // people asked for a chain back

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

GapCloser::GapCloser(Board* board) : board_(board), chains_(board, kLongestChain) {
  for (int32_t person = 0; person < board->people(); ++person) gaps_.push_back(CountGaps(*board, person));
}

int64_t GapCloser::Cost(int32_t gaps) const {
  return gaps + (fair_ && gaps > kFairSpread ? (gaps - kFairSpread) * kUnfair : 0);
}

int64_t GapCloser::Gain(int32_t person, int32_t leaves, int32_t takes) const {
  return Cost(gaps_[static_cast<size_t>(person)]) - Cost(GapsIf(*board_, person, leaves, takes));
}

int64_t GapCloser::TryMove(int32_t person, int32_t from, int32_t to) {
  int64_t gain = Gain(person, from, to);
  if (gain <= 0 || !chains_.Find(person, from, to)) return 0;
  changed_ = {person, chains_.end()};
  gain += Gain(chains_.end(), chains_.end_leaves(), chains_.end_leaves() == from ? to : from);
  if (gain <= 0) return 0;
  if (chains_.surplus() > board_->room(to)) {
    gain = FindReturn(gain, from, to);
    if (gain <= 0) return 0;
  }
  if (!chains_.Swap()) return 0;
  for (const int32_t one : changed_) gaps_[static_cast<size_t>(one)] = CountGaps(*board_, one);
  return gain;
}

// Where `to` is full, a chain that brings as many back; the gain of both, or 0.
int64_t GapCloser::FindReturn(int64_t gain, int32_t from, int32_t to) {
  const int32_t people = board_->people();
  int32_t tries = 0;
  for (int32_t i = 0; i < people && tries < kMostReturns; ++i) {
    if (++next_ >= people) next_ = 0;
    if (board_->at(next_, to) == kNone || !board_->free(next_, from)) continue;
    ++tries;
    int64_t all = gain + Gain(next_, to, from);
    if (all <= 0) continue;
    Chains back = chains_;
    if (!back.FindAlso(next_, to, from) || back.surplus() != 0) continue;
    all += Gain(back.end(), back.end_leaves(), back.end_leaves() == from ? to : from);
    if (all <= 0) continue;
    changed_.insert(changed_.end(), {next_, back.end()});
    chains_ = back;
    return all;
  }
  return 0;
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

int64_t GapCloser::Close(int32_t begin, int32_t end, bool fair) {
  fair_ = fair;
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
