// What a schedule is made of: slots, people, places, interpreters and wished meetings, all by index.
//
// Plain values; Validate says what a problem must keep to. People are calendars, that is representatives: how many of
// them speak for one project or investor is the caller's affair, as is what an index stands for.
#ifndef TANDEM_SERVICES_PAIRING_MEETINGS_SCHEDULING_PROBLEM_H_
#define TANDEM_SERVICES_PAIRING_MEETINGS_SCHEDULING_PROBLEM_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/status/status.h"

#include "services/pairing/meetings/scheduling/slot_set.h"

namespace tandem::pairing::scheduling {

inline constexpr int32_t kNone = -1;              // no slot, no pool, no list
inline constexpr int32_t kUnlimited = INT32_MAX;  // as a most of meetings
inline constexpr size_t kMostSlots = 4096;        // of one problem
inline constexpr size_t kMostPeople = 1'000'000;
inline constexpr int64_t kMostValue = 1'000'000'000;  // of one wish

// Slots are given in the order of their beginning. They may overlap: nobody is in two that do.
struct Slot {
  int64_t start_minute = 0;      // since the epoch, UTC
  int32_t duration_minutes = 0;  // > 0
  int32_t day = 0;               // gaps count and most_per_day holds within a day; days do not decrease
};

struct Person {
  SlotSet available;
  int32_t most_meetings = kUnlimited;
  int32_t most_per_day = kUnlimited;
};

// Tables, booths or virtual rooms of one kind in one hall: interchangeable.
struct Pool {
  int32_t hall = kNone;           // kNone: nowhere (a virtual room), no way leads there and none is walked
  std::vector<int32_t> capacity;  // by slot; 0 where closed
};

// Interpreters for one pair of languages.
struct InterpreterPool {
  std::vector<int32_t> capacity;  // by slot
};

struct Wish {
  int32_t first = 0;  // people; two different ones
  int32_t second = 0;
  int64_t value = 1;            // 1 .. kMostValue
  int32_t slots = kNone;        // one of Problem::slot_sets that it is confined to
  int32_t pools = kNone;        // one of Problem::pool_sets that it is confined to
  int32_t interpreter = kNone;  // one of Problem::interpreters that it needs

  // A locked meeting is booked already: it is in `locked_slot` at `locked_pool` and never moves.
  int32_t locked_slot = kNone;
  int32_t locked_pool = kNone;
  bool locked() const { return locked_slot != kNone; }
};

// If both are placed, `later` begins no sooner than `earlier` has ended.
struct Precedence {
  int32_t earlier = 0;
  int32_t later = 0;
};

struct Problem {
  std::vector<Slot> slots;
  std::vector<Person> people;
  std::vector<Pool> pools;
  int32_t halls = 0;
  std::vector<int32_t> travel_minutes;  // from hall * halls + to; empty: no time at all
  std::vector<InterpreterPool> interpreters;
  std::vector<SlotSet> slot_sets;
  std::vector<std::vector<int32_t>> pool_sets;
  std::vector<Wish> wishes;
  std::vector<Precedence> precedences;

  int32_t Travel(int32_t from, int32_t to) const {
    if (from == kNone || to == kNone || travel_minutes.empty()) return 0;
    return travel_minutes[static_cast<size_t>(from) * static_cast<size_t>(halls) + static_cast<size_t>(to)];
  }
  int64_t End(int32_t slot) const {
    const Slot& one = slots[static_cast<size_t>(slot)];
    return one.start_minute + one.duration_minutes;
  }
};

// Worth more than all meetings that a schedule can hold: so much is a person's first meeting worth to a search that
// puts people with a meeting before value.
int64_t SeatBonus(const Problem& problem);

// A wish that would have to come before itself; kNone when the order of wishes has no circle. REQUIRES: `precedences`
// are of wishes.
int32_t FindInCircle(const Problem& problem);

// Whether every index, number and order is as said above, the order of wishes has no circle, no person has two locked
// meetings in a slot, and all seat bonuses together can be counted. INVALID_ARGUMENT names the first that is not.
absl::Status Validate(const Problem& problem);

}  // namespace tandem::pairing::scheduling

#endif  // TANDEM_SERVICES_PAIRING_MEETINGS_SCHEDULING_PROBLEM_H_
