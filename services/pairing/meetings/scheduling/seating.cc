#include "services/pairing/meetings/scheduling/seating.h"

#include <algorithm>
#include <bit>

namespace tandem::pairing::scheduling {
namespace {

constexpr int32_t kDeepest = 6;      // people who are seated anew in turn
constexpr int32_t kMostTries = 500;  // slots looked at for one person
constexpr int32_t kMostTriesInAll = 20'000;

}  // namespace

Seating::Seating(Board* board)
    : board_(board), first_(static_cast<size_t>(board->people()) + 1), asked_(static_cast<size_t>(board->people())) {
  const std::vector<Wish>& wishes = board->problem().wishes;
  for (const Wish& wish : wishes) {
    ++first_[static_cast<size_t>(wish.first)];
    ++first_[static_cast<size_t>(wish.second)];
  }
  for (size_t i = 1; i < first_.size(); ++i) first_[i] += first_[i - 1];
  wishes_.resize(wishes.size() * 2);
  for (size_t i = wishes.size(); i > 0; --i) {
    for (const int32_t person : {wishes[i - 1].first, wishes[i - 1].second}) {
      wishes_[static_cast<size_t>(--first_[static_cast<size_t>(person)])] = static_cast<int32_t>(i - 1);
    }
  }
}

int32_t Seating::SeatMore(int32_t most) {
  int32_t more = 0;
  for (int32_t person = 0; person < board_->people() && board_->seated() < most; ++person) {
    if (board_->meetings(person) > 0) continue;
    if (tries_in_all_ > kMostTriesInAll) break;
    ++search_;
    tries_ = 0;
    if (Seat(person, 0)) ++more;
  }
  return more;
}

bool Seating::Seat(int32_t person, int32_t depth) {
  int32_t& asked = asked_[static_cast<size_t>(person)];
  if (depth > kDeepest || asked == search_) return false;
  asked = search_;
  for (int32_t i = first_[static_cast<size_t>(person)]; i < first_[static_cast<size_t>(person) + 1]; ++i) {
    const int32_t wish = wishes_[static_cast<size_t>(i)];
    if (board_->placed(wish)) continue;
    for (int32_t word = 0; word < board_->words(); ++word) {
      for (uint64_t slots = board_->AllowedWord(wish, word); slots != 0; slots &= slots - 1) {
        if (PlaceWithEvictions(wish, word * 64 + std::countr_zero(slots), person, depth)) return true;
      }
    }
  }
  return false;
}

bool Seating::PlaceWithEvictions(int32_t wish, int32_t slot, int32_t person, int32_t depth) {
  ++tries_in_all_;
  if (++tries_ > kMostTries) return false;
  const size_t mark = board_->Mark();
  const int32_t partner = board_->partner(wish, person);
  const Person& who = board_->problem().people[static_cast<size_t>(partner)];
  std::vector<int32_t> unseated;
  bool fine = true;
  if (board_->at(partner, slot) != kNone) {
    fine = Evict(board_->at(partner, slot), &unseated);
  } else if (board_->meetings_of_day(partner, slot) >= who.most_per_day) {
    fine = Evict(CheapestOf(partner, slot, true), &unseated);
  } else if (board_->meetings(partner) >= who.most_meetings) {
    fine = Evict(CheapestOf(partner, slot, false), &unseated);
  }
  if (fine && board_->room(slot) <= 0) fine = Evict(CheapestIn(slot), &unseated);
  fine = fine && board_->TryPlace(wish, slot);
  for (size_t i = 0; i < unseated.size() && fine; ++i) {
    fine = board_->meetings(unseated[i]) > 0 || Seat(unseated[i], depth + 1);
  }
  // Whom an eviction further down unseated was seated there, or that failed.
  if (fine) return true;
  board_->RollBack(mark);
  return false;
}

bool Seating::Evict(int32_t wish, std::vector<int32_t>* unseated) {
  if (wish == kNone || !board_->movable(wish)) return false;
  board_->Remove(wish);
  for (const int32_t person : {board_->wish(wish).first, board_->wish(wish).second}) {
    if (board_->meetings(person) == 0) unseated->push_back(person);
  }
  return true;
}

bool Seating::CanSpare(int32_t wish) const {
  const Wish& one = board_->wish(wish);
  return board_->movable(wish) && board_->meetings(one.first) > 1 && board_->meetings(one.second) > 1;
}

// One that leaves the other side seated if there is any; then the least valuable.
int32_t Seating::CheapestOf(int32_t person, int32_t slot, bool same_day) const {
  int32_t best = kNone;
  const auto worse = [&](int32_t wish) {
    const bool spare = board_->meetings(board_->partner(wish, person)) > 1;
    return (spare ? 0 : kMostValue) + board_->wish(wish).value;
  };
  for (int32_t other = 0; other < board_->slots(); ++other) {
    const int32_t wish = board_->at(person, other);
    if (wish == kNone || !board_->movable(wish) || (same_day && board_->day(other) != board_->day(slot))) continue;
    if (best == kNone || worse(wish) < worse(best)) best = wish;
  }
  return best;
}

int32_t Seating::CheapestIn(int32_t slot) const {
  int32_t best = kNone;
  for (int32_t person = 0; person < board_->people(); ++person) {
    const int32_t wish = board_->at(person, slot);
    if (wish == kNone || !CanSpare(wish)) continue;
    if (best == kNone || board_->wish(wish).value < board_->wish(best).value) best = wish;
  }
  return best;
}

}  // namespace tandem::pairing::scheduling
