// What the scheduler answers: where each wish ended up, and why the others did not.
#ifndef TANDEM_SERVICES_PAIRING_MEETINGS_SCHEDULING_SCHEDULE_H_
#define TANDEM_SERVICES_PAIRING_MEETINGS_SCHEDULING_SCHEDULE_H_

#include <cstdint>
#include <vector>

#include "services/pairing/meetings/scheduling/problem.h"

namespace tandem::pairing::scheduling {

// What keeps a meeting out of a slot, and what Verify finds broken.
enum class Rule : uint8_t {
  kFits,          // nothing
  kNoCommonSlot,  // the two, the wish and an open place share no slot
  kSlot,          // a slot that a person is not there for or that the wish does not allow
  kPersonTwice,   // two meetings of one person that overlap
  kCalendarFull,  // every slot that a person is there for is taken
  kMostMeetings,  // a person's most meetings in total
  kMostPerDay,    // a person's most meetings on a day
  kPool,          // a place that the wish does not allow
  kNoTable,       // more meetings than places of the pool in that slot
  kNoInterpreter,
  kTravel,             // the way between two halls is longer than the time between two meetings of one person
  kOrder,              // a precedence
  kLocked,             // a locked meeting that is not where it was
  kLostToMoreValuable  // there were slots, but the two never had one free at a time: other meetings took them
};

const char* Name(Rule rule);

struct Placement {
  int32_t slot = kNone;
  int32_t pool = kNone;
  bool placed() const { return slot != kNone; }
  bool operator==(const Placement& other) const { return slot == other.slot && pool == other.pool; }
};

// By wish.
struct Schedule {
  std::vector<Placement> placements;
  std::vector<Rule> reasons;  // why it is not placed; kFits where it is. May be empty where nobody asked.
};

}  // namespace tandem::pairing::scheduling

#endif  // TANDEM_SERVICES_PAIRING_MEETINGS_SCHEDULING_SCHEDULE_H_
