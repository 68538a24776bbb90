// A published schedule after a cancellation, a no-show or a late arrival: what no longer holds goes, and the hole is
// filled from the wishes with as few meetings moved as possible.
#ifndef TANDEM_SERVICES_PAIRING_MEETINGS_SCHEDULING_REPAIR_H_
#define TANDEM_SERVICES_PAIRING_MEETINGS_SCHEDULING_REPAIR_H_

#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"

#include "services/pairing/meetings/scheduling/problem.h"
#include "services/pairing/meetings/scheduling/schedule.h"

namespace tandem::pairing::scheduling {

struct RepairRequest {
  std::vector<int32_t> cancelled;  // wishes that do not take place, now or later
  std::vector<int32_t> arrived;    // people with wishes or time that the schedule did not know of
  int32_t first_slot = 0;          // all before is past: nothing there changes but what is cancelled
  int32_t most_moves = 3;          // of other meetings, for each one that is filled in
};

struct RepairOutcome {
  Schedule schedule;             // without reasons
  std::vector<int32_t> dropped;  // wishes placed before and not now: cancelled, or broken by what the problem says now
  std::vector<int32_t> added;
  std::vector<int32_t> moved;  // to another slot or pool
};

// `problem` is as things are now: who is not there any more has no slots left in it, who came late has some. Locked
// meetings stay unless they are cancelled. New meetings are of people who lost one or arrived, and of anybody in a slot
// in which a place came free that was short; who has no meeting comes first, then value. Whatever fits without a move
// is filled in before anything moves.
// INVALID_ARGUMENT: as Validate says; not one placement for each wish; an index out of range.
absl::StatusOr<RepairOutcome> RepairSchedule(const Problem& problem, const Schedule& published,
                                             const RepairRequest& request);

}  // namespace tandem::pairing::scheduling

#endif  // TANDEM_SERVICES_PAIRING_MEETINGS_SCHEDULING_REPAIR_H_
