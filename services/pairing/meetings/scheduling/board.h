// The schedule while it is made: who is where, and what is left of places, interpreters and people's limits.
#ifndef TANDEM_SERVICES_PAIRING_MEETINGS_SCHEDULING_BOARD_H_
#define TANDEM_SERVICES_PAIRING_MEETINGS_SCHEDULING_BOARD_H_

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "services/pairing/meetings/scheduling/problem.h"
#include "services/pairing/meetings/scheduling/schedule.h"

namespace tandem::pairing::scheduling {

// Never breaks a hard rule by its own moves; locked meetings are taken as they are, even where they break one. Knows
// the problem by reference, which must outlive it. Copyable; not thread-safe.
class Board {
 public:
  // Holds the locked meetings. REQUIRES: Validate(problem).ok().
  explicit Board(const Problem& problem);

  const Problem& problem() const { return *problem_; }
  int32_t slots() const { return slots_; }
  int32_t people() const { return people_; }
  int32_t words() const { return words_; }

  // Whether the only rules are calendars, limits and the number of places: then a slot has room for any meeting or
  // none.
  bool plain() const { return plain_; }

  const Wish& wish(int32_t wish) const { return problem_->wishes[static_cast<size_t>(wish)]; }
  const Placement& placement(int32_t wish) const { return placements_[static_cast<size_t>(wish)]; }
  bool placed(int32_t wish) const { return placement(wish).placed(); }
  bool movable(int32_t wish) const { return !this->wish(wish).locked(); }

  // The wish that a person meets about in a slot, or kNone.
  int32_t at(int32_t person, int32_t slot) const { return at_[Cell(person, slot)]; }
  int32_t meetings(int32_t person) const { return meetings_[static_cast<size_t>(person)]; }
  int32_t meetings_of_day(int32_t person, int32_t slot) const { return of_day_[DayCell(person, slot)]; }
  bool available(int32_t person, int32_t slot) const { return Bit(available_, person, slot); }
  bool free(int32_t person, int32_t slot) const { return Bit(free_, person, slot); }
  int32_t room(int32_t slot) const { return room_[static_cast<size_t>(slot)]; }  // places left, all pools together
  int32_t interpreter_room(int32_t pool, int32_t slot) const { return interpreter_room_[PoolCell(pool, slot)]; }
  int32_t day(int32_t slot) const { return day_[static_cast<size_t>(slot)]; }  // 0, 1, 2, ...
  int32_t partner(int32_t wish, int32_t person) const {
    const Wish& one = this->wish(wish);
    return one.first == person ? one.second : one.first;
  }

  // Slots that a wish could ever be in, and those of them in which both people are free; 64 by word.
  uint64_t AllowedWord(int32_t wish, int32_t word) const;
  uint64_t FreeWord(int32_t wish, int32_t word) const;
  uint64_t AvailableWord(int32_t person, int32_t word) const { return available_[WordCell(person, word)]; }
  uint64_t PersonFreeWord(int32_t person, int32_t word) const { return free_[WordCell(person, word)]; }
  bool Allowed(int32_t wish, int32_t slot) const { return (AllowedWord(wish, slot / 64) >> (slot % 64) & 1) != 0; }

  // kFits if the unplaced `wish` may be placed in `slot`, and where; otherwise the first rule that forbids it.
  Rule Check(int32_t wish, int32_t slot, int32_t* pool) const;

  // The same for one place of one pool.
  Rule CheckAt(int32_t wish, Placement at) const;

  // Places the wish if it may be. False: nothing happened.
  bool TryPlace(int32_t wish, int32_t slot);
  // Puts back what Check would allow. REQUIRES: the wish is not placed and `at` is where it was or may be.
  void Place(int32_t wish, Placement at);
  // REQUIRES: the wish is placed and movable. Returns where it was.
  Placement Remove(int32_t wish);

  // What was placed and removed since a mark can be taken back, last first. Forget ends all marks.
  size_t Mark() const { return journal_.size(); }
  void RollBack(size_t mark);
  void Forget() { journal_.clear(); }

  int32_t placed_count() const { return placed_count_; }
  int32_t seated() const { return seated_; }  // people with a meeting at all
  int64_t value() const { return value_; }

  // Without reasons.
  Schedule ToSchedule() const { return {placements_, {}}; }

 private:
  struct Ordered {
    int32_t other;
    bool other_is_later;
  };

  size_t Cell(int32_t person, int32_t slot) const {
    return static_cast<size_t>(person) * static_cast<size_t>(slots_) + static_cast<size_t>(slot);
  }
  size_t WordCell(int32_t person, int32_t word) const {
    return static_cast<size_t>(person) * static_cast<size_t>(words_) + static_cast<size_t>(word);
  }
  size_t DayCell(int32_t person, int32_t slot) const {
    return static_cast<size_t>(person) * static_cast<size_t>(days_) + static_cast<size_t>(day(slot));
  }
  bool Bit(const std::vector<uint64_t>& bits, int32_t person, int32_t slot) const {
    return (bits[WordCell(person, slot / 64)] >> (slot % 64) & 1) != 0;
  }
  size_t PoolCell(int32_t pool, int32_t slot) const {
    return static_cast<size_t>(pool) * static_cast<size_t>(slots_) + static_cast<size_t>(slot);
  }

  void ReadSlots();
  void ReadPeople();
  void ReadPlaces();
  void ReadOrder();
  bool IsPlain() const;
  Rule CheckSlot(int32_t wish, int32_t slot) const;
  Rule FindPool(const Wish& wish, int32_t slot, int32_t* pool) const;
  bool CanWalk(int32_t person, int32_t slot, int32_t hall, bool* near) const;
  bool InOrder(int32_t wish, int32_t slot) const;
  void Count(int32_t person, int32_t slot, int32_t wish);
  void Uncount(int32_t person, int32_t slot);

  const Problem* problem_;
  int32_t slots_;
  int32_t people_;
  int32_t words_;
  int32_t days_ = 1;
  bool plain_ = false;
  bool any_travel_ = false;
  std::vector<int32_t> day_;
  std::vector<std::vector<int32_t>> near_;  // by slot: others that overlap it or that a way could be too long from
  std::vector<uint64_t> available_;
  std::vector<uint64_t> free_;
  std::vector<uint64_t> open_;  // by pool set, the first for all pools: slots in which one of them is open
  std::vector<int32_t> at_;
  std::vector<int32_t> meetings_;
  std::vector<int32_t> of_day_;
  std::vector<int32_t> room_;
  std::vector<int32_t> pool_room_;
  std::vector<int32_t> interpreter_room_;
  std::vector<std::vector<Ordered>> order_;  // by wish; empty where there is no order at all
  std::vector<Placement> placements_;
  std::vector<std::pair<int32_t, Placement>>
      journal_;  // a wish and where it was removed from, or nowhere: it was placed
  int32_t placed_count_ = 0;
  int32_t seated_ = 0;
  int64_t value_ = 0;
};

}  // namespace tandem::pairing::scheduling

#endif  // TANDEM_SERVICES_PAIRING_MEETINGS_SCHEDULING_BOARD_H_
