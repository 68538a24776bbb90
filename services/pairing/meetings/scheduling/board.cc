#include "services/pairing/meetings/scheduling/board.h"

#include <algorithm>

namespace tandem::pairing::scheduling {

Board::Board(const Problem& problem)
    : problem_(&problem),
      slots_(static_cast<int32_t>(problem.slots.size())),
      people_(static_cast<int32_t>(problem.people.size())),
      words_(std::max(1, (slots_ + 63) / 64)),
      placements_(problem.wishes.size()) {
  ReadSlots();
  ReadPeople();
  ReadPlaces();
  ReadOrder();
  plain_ = IsPlain();
  for (int32_t i = 0; i < static_cast<int32_t>(problem.wishes.size()); ++i) {
    if (wish(i).locked()) Place(i, {wish(i).locked_slot, wish(i).locked_pool});
  }
  Forget();
}

void Board::ReadSlots() {
  for (const int32_t minutes : problem_->travel_minutes) any_travel_ = any_travel_ || minutes > 0;
  const int64_t longest =
      any_travel_ ? *std::max_element(problem_->travel_minutes.begin(), problem_->travel_minutes.end()) : 0;
  day_.resize(static_cast<size_t>(slots_));
  near_.resize(static_cast<size_t>(slots_));
  for (int32_t slot = 0; slot < slots_; ++slot) {
    const size_t i = static_cast<size_t>(slot);
    if (slot > 0) day_[i] = day_[i - 1] + (problem_->slots[i].day != problem_->slots[i - 1].day ? 1 : 0);
    for (int32_t other = 0; other < slot; ++other) {
      if (problem_->End(other) + longest <= problem_->slots[i].start_minute) continue;
      near_[i].push_back(other);
      near_[static_cast<size_t>(other)].push_back(slot);
    }
  }
  days_ = slots_ == 0 ? 1 : day_.back() + 1;
}

void Board::ReadPeople() {
  const size_t people = static_cast<size_t>(people_);
  available_.resize(people * static_cast<size_t>(words_));
  for (int32_t person = 0; person < people_; ++person) {
    for (int32_t word = 0; word < words_; ++word) {
      available_[WordCell(person, word)] =
          problem_->people[static_cast<size_t>(person)].available.word(static_cast<size_t>(word));
    }
  }
  free_ = available_;
  at_.assign(people * static_cast<size_t>(slots_), kNone);
  meetings_.assign(people, 0);
  of_day_.assign(people * static_cast<size_t>(days_), 0);
}

void Board::ReadPlaces() {
  const size_t slots = static_cast<size_t>(slots_);
  room_.assign(slots, 0);
  for (const Pool& pool : problem_->pools) {
    pool_room_.insert(pool_room_.end(), pool.capacity.begin(), pool.capacity.end());
    for (size_t slot = 0; slot < slots; ++slot) {
      room_[slot] = static_cast<int32_t>(std::min<int64_t>(int64_t{room_[slot]} + pool.capacity[slot], people_));
    }
  }
  for (const InterpreterPool& pool : problem_->interpreters) {
    interpreter_room_.insert(interpreter_room_.end(), pool.capacity.begin(), pool.capacity.end());
  }
  const size_t words = static_cast<size_t>(words_);
  open_.assign((problem_->pool_sets.size() + 1) * words, 0);
  const auto open = [&](size_t set, const Pool& pool) {
    for (size_t slot = 0; slot < slots; ++slot) {
      if (pool.capacity[slot] > 0) open_[set * words + slot / 64] |= uint64_t{1} << (slot % 64);
    }
  };
  for (const Pool& pool : problem_->pools) open(0, pool);
  for (size_t set = 0; set < problem_->pool_sets.size(); ++set) {
    for (const int32_t pool : problem_->pool_sets[set]) open(set + 1, problem_->pools[static_cast<size_t>(pool)]);
  }
}

void Board::ReadOrder() {
  if (problem_->precedences.empty()) return;
  order_.resize(problem_->wishes.size());
  for (const Precedence& one : problem_->precedences) {
    order_[static_cast<size_t>(one.earlier)].push_back({one.later, true});
    order_[static_cast<size_t>(one.later)].push_back({one.earlier, false});
  }
}

bool Board::IsPlain() const {
  if (!order_.empty() || !problem_->interpreters.empty()) return false;
  if (std::any_of(near_.begin(), near_.end(), [](const auto& near) { return !near.empty(); })) return false;
  if (problem_->pools.size() <= 1) return true;
  return std::all_of(problem_->wishes.begin(), problem_->wishes.end(),
                     [](const Wish& one) { return one.pools == kNone; });
}

uint64_t Board::AllowedWord(int32_t wish, int32_t word) const {
  const Wish& one = this->wish(wish);
  uint64_t allowed =
      available_[WordCell(one.first, word)] & available_[WordCell(one.second, word)] &
      open_[static_cast<size_t>(one.pools + 1) * static_cast<size_t>(words_) + static_cast<size_t>(word)];
  if (one.slots != kNone)
    allowed &= problem_->slot_sets[static_cast<size_t>(one.slots)].word(static_cast<size_t>(word));
  return allowed;
}

uint64_t Board::FreeWord(int32_t wish, int32_t word) const {
  const Wish& one = this->wish(wish);
  return AllowedWord(wish, word) & free_[WordCell(one.first, word)] & free_[WordCell(one.second, word)];
}

// Whether `person` can be in `hall` in `slot` and in time where its other meetings are; `near`, whether it is in that
// hall shortly before or after.
bool Board::CanWalk(int32_t person, int32_t slot, int32_t hall, bool* near) const {
  const Slot& here = problem_->slots[static_cast<size_t>(slot)];
  for (const int32_t other : near_[static_cast<size_t>(slot)]) {
    const int32_t meeting = at(person, other);
    if (meeting == kNone) continue;
    const int32_t there = problem_->pools[static_cast<size_t>(placement(meeting).pool)].hall;
    const Slot& then = problem_->slots[static_cast<size_t>(other)];
    if (other < slot ? problem_->End(other) + problem_->Travel(there, hall) > here.start_minute
                     : problem_->End(slot) + problem_->Travel(hall, there) > then.start_minute) {
      return false;
    }
    *near = *near || there == hall;
  }
  return true;
}

Rule Board::FindPool(const Wish& wish, int32_t slot, int32_t* pool) const {
  const bool any = wish.pools == kNone;
  const std::vector<int32_t>* const set = any ? nullptr : &problem_->pool_sets[static_cast<size_t>(wish.pools)];
  const size_t count = any ? problem_->pools.size() : set->size();
  const bool walks = !near_[static_cast<size_t>(slot)].empty();
  Rule rule = Rule::kNoTable;
  int32_t best = kNone;
  for (size_t i = 0; i < count; ++i) {
    const int32_t one = any ? static_cast<int32_t>(i) : (*set)[i];
    if (pool_room_[PoolCell(one, slot)] <= 0) continue;
    bool near = false;
    if (walks) {
      const int32_t hall = problem_->pools[static_cast<size_t>(one)].hall;
      if (!CanWalk(wish.first, slot, hall, &near) || !CanWalk(wish.second, slot, hall, &near)) {
        rule = Rule::kTravel;
        continue;
      }
    }
    if (best == kNone || near) best = one;
    if (near || !walks) break;  // people who stay in their hall leave more slots open
  }
  if (best == kNone) return rule;
  *pool = best;
  return Rule::kFits;
}

bool Board::InOrder(int32_t wish, int32_t slot) const {
  for (const Ordered& one : order_[static_cast<size_t>(wish)]) {
    const int32_t other = placement(one.other).slot;
    if (other == kNone) continue;
    const int32_t early = one.other_is_later ? slot : other;
    const int32_t late = one.other_is_later ? other : slot;
    if (problem_->End(early) > problem_->slots[static_cast<size_t>(late)].start_minute) return false;
  }
  return true;
}

// All rules but those of the pool.
Rule Board::CheckSlot(int32_t wish, int32_t slot) const {
  const Wish& one = this->wish(wish);
  if (!Allowed(wish, slot)) return Rule::kNoCommonSlot;
  for (const int32_t person : {one.first, one.second}) {
    const Person& who = problem_->people[static_cast<size_t>(person)];
    if (meetings(person) >= who.most_meetings) return Rule::kMostMeetings;
    if (at(person, slot) != kNone) return Rule::kPersonTwice;
    if (meetings_of_day(person, slot) >= who.most_per_day) return Rule::kMostPerDay;
  }
  if (room(slot) <= 0) return Rule::kNoTable;
  if (one.interpreter != kNone && interpreter_room_[PoolCell(one.interpreter, slot)] <= 0) return Rule::kNoInterpreter;
  if (!order_.empty() && !InOrder(wish, slot)) return Rule::kOrder;
  return Rule::kFits;
}

Rule Board::Check(int32_t wish, int32_t slot, int32_t* pool) const {
  const Rule rule = CheckSlot(wish, slot);
  return rule == Rule::kFits ? FindPool(this->wish(wish), slot, pool) : rule;
}

Rule Board::CheckAt(int32_t wish, Placement at) const {
  const Rule rule = CheckSlot(wish, at.slot);
  if (rule != Rule::kFits) return rule;
  const Wish& one = this->wish(wish);
  if (one.pools != kNone) {
    const std::vector<int32_t>& set = problem_->pool_sets[static_cast<size_t>(one.pools)];
    if (std::find(set.begin(), set.end(), at.pool) == set.end()) return Rule::kPool;
  }
  if (pool_room_[PoolCell(at.pool, at.slot)] <= 0) return Rule::kNoTable;
  const int32_t hall = problem_->pools[static_cast<size_t>(at.pool)].hall;
  bool near = false;
  return CanWalk(one.first, at.slot, hall, &near) && CanWalk(one.second, at.slot, hall, &near) ? Rule::kFits
                                                                                               : Rule::kTravel;
}

bool Board::TryPlace(int32_t wish, int32_t slot) {
  int32_t pool = kNone;
  if (Check(wish, slot, &pool) != Rule::kFits) return false;
  Place(wish, {slot, pool});
  return true;
}

void Board::Count(int32_t person, int32_t slot, int32_t wish) {
  at_[Cell(person, slot)] = wish;
  free_[WordCell(person, slot / 64)] &= ~(uint64_t{1} << (slot % 64));
  ++of_day_[DayCell(person, slot)];
  if (++meetings_[static_cast<size_t>(person)] == 1) ++seated_;
}

void Board::Uncount(int32_t person, int32_t slot) {
  at_[Cell(person, slot)] = kNone;
  free_[WordCell(person, slot / 64)] |= available_[WordCell(person, slot / 64)] & (uint64_t{1} << (slot % 64));
  --of_day_[DayCell(person, slot)];
  if (--meetings_[static_cast<size_t>(person)] == 0) --seated_;
}

void Board::Place(int32_t wish, Placement at) {
  const Wish& one = this->wish(wish);
  placements_[static_cast<size_t>(wish)] = at;
  Count(one.first, at.slot, wish);
  Count(one.second, at.slot, wish);
  --room_[static_cast<size_t>(at.slot)];
  --pool_room_[PoolCell(at.pool, at.slot)];
  if (one.interpreter != kNone) --interpreter_room_[PoolCell(one.interpreter, at.slot)];
  ++placed_count_;
  value_ += one.value;
  journal_.emplace_back(wish, Placement{});
}

Placement Board::Remove(int32_t wish) {
  const Wish& one = this->wish(wish);
  const Placement was = placement(wish);
  placements_[static_cast<size_t>(wish)] = {};
  Uncount(one.first, was.slot);
  Uncount(one.second, was.slot);
  ++room_[static_cast<size_t>(was.slot)];
  ++pool_room_[PoolCell(was.pool, was.slot)];
  if (one.interpreter != kNone) ++interpreter_room_[PoolCell(one.interpreter, was.slot)];
  --placed_count_;
  value_ -= one.value;
  journal_.emplace_back(wish, was);
  return was;
}

void Board::RollBack(size_t mark) {
  const size_t end = journal_.size();
  for (size_t i = end; i > mark; --i) {
    const auto [wish, was] = journal_[i - 1];
    if (was.placed()) {
      Place(wish, was);
    } else {
      Remove(wish);
    }
  }
  journal_.resize(mark);
}

}  // namespace tandem::pairing::scheduling
