#include "services/pairing/meetings/scheduling/chains.h"

#include <bit>

namespace tandem::pairing::scheduling {
namespace {

constexpr int32_t kMostTries = 1000;  // chains looked at for one wish

}  // namespace

// Whether the day's limit lets `person` take `slot` for `leaving` (kNone: in addition).
bool Chains::MayTake(int32_t person, int32_t slot, int32_t leaving) const {
  if (leaving != kNone && board_->day(leaving) == board_->day(slot)) return true;
  return board_->meetings_of_day(person, slot) < board_->problem().people[static_cast<size_t>(person)].most_per_day;
}

bool Chains::HasLimits(int32_t wish) const {
  const Wish& one = board_->wish(wish);
  const auto& people = board_->problem().people;
  return board_->meetings(one.first) < people[static_cast<size_t>(one.first)].most_meetings &&
         board_->meetings(one.second) < people[static_cast<size_t>(one.second)].most_meetings;
}

bool Chains::Insert(int32_t wish) {
  if (!HasLimits(wish)) return false;
  if (InsertDirect(wish)) return true;
  const Wish& one = board_->wish(wish);
  return InsertByChain(wish, one.first, one.second) || InsertByChain(wish, one.second, one.first);
}

bool Chains::InsertDirect(int32_t wish) {
  int32_t best = kNone;
  for (int32_t word = 0; word < board_->words(); ++word) {
    for (uint64_t free = board_->FreeWord(wish, word); free != 0; free &= free - 1) {
      const int32_t slot = word * 64 + std::countr_zero(free);
      int32_t pool = kNone;
      if (best != kNone && board_->room(slot) <= board_->room(best)) continue;
      if (board_->Check(wish, slot, &pool) == Rule::kFits) best = slot;
    }
  }
  return best != kNone && board_->TryPlace(wish, best);
}

// `first` is free in a slot in which `second` is not; a chain from `second` to another slot frees it.
bool Chains::InsertByChain(int32_t wish, int32_t first, int32_t second) {
  int32_t tries = 0;
  for (int32_t word = 0; word < board_->words(); ++word) {
    uint64_t wanted =
        board_->AllowedWord(wish, word) & board_->PersonFreeWord(first, word) & ~board_->PersonFreeWord(second, word);
    for (; wanted != 0; wanted &= wanted - 1) {
      const int32_t slot = word * 64 + std::countr_zero(wanted);
      if (!MayTake(first, slot, kNone)) continue;
      for (int32_t other = 0; other < board_->words(); ++other) {
        for (uint64_t free = board_->PersonFreeWord(second, other); free != 0; free &= free - 1) {
          const int32_t to = other * 64 + std::countr_zero(free);
          // In all, `second` has its day's meetings and one more, in either slot.
          if (!MayTake(second, to, kNone)) continue;
          if (++tries > kMostTries) return false;
          if (!Find(second, slot, to) || board_->at(first, slot) != kNone) continue;
          // The chain takes its surplus out of `slot`, then the wish comes there.
          if (board_->room(to) < surplus() || board_->room(slot) < 1 - surplus()) continue;
          if (Swap(wish, slot)) return true;
        }
      }
    }
  }
  return false;
}

bool Chains::Find(int32_t person, int32_t from, int32_t to) {
  chain_.clear();
  surplus_ = 0;
  from_ = from;
  to_ = to;
  return FindAlso(person, from, to);
}

bool Chains::FindAlso(int32_t person, int32_t from, int32_t to) {
  const size_t first = chain_.size();
  if (!board_->free(person, to) || !MayTake(person, to, from)) return false;
  int32_t here = from;
  int32_t there = to;
  int32_t now = person;
  for (;;) {
    const int32_t meeting = board_->at(now, here);
    if (meeting == kNone) break;
    const bool too_long = static_cast<int32_t>(chain_.size() - first) >= longest_;
    if (too_long || !board_->movable(meeting) || !board_->Allowed(meeting, there)) return false;
    chain_.push_back(meeting);
    now = board_->partner(meeting, now);
    if (now == person) return false;  // an odd circle of people
    std::swap(here, there);
  }
  if (chain_.size() == first || !MayTake(now, here, there)) return false;
  end_ = now;
  end_leaves_ = there;
  if ((chain_.size() - first) % 2 != 0) surplus_ += to == to_ ? 1 : -1;
  return true;
}

bool Chains::Swap(int32_t wish, int32_t slot) {
  const size_t mark = board_->Mark();
  const auto other = [this](int32_t one) { return one == from_ ? to_ : from_; };
  targets_.clear();
  for (const int32_t meeting : chain_) targets_.push_back(other(board_->Remove(meeting).slot));
  bool fine = true;
  for (size_t i = 0; i < chain_.size() && fine; ++i) fine = board_->TryPlace(chain_[i], targets_[i]);
  if (fine && (wish == kNone || board_->TryPlace(wish, slot))) return true;
  board_->RollBack(mark);
  return false;
}

}  // namespace tandem::pairing::scheduling
