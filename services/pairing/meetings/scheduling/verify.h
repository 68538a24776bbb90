// The proof that a schedule keeps every hard rule.
#ifndef TANDEM_SERVICES_PAIRING_MEETINGS_SCHEDULING_VERIFY_H_
#define TANDEM_SERVICES_PAIRING_MEETINGS_SCHEDULING_VERIFY_H_

#include <cstdint>
#include <string>
#include <vector>

#include "services/pairing/meetings/scheduling/problem.h"
#include "services/pairing/meetings/scheduling/schedule.h"

namespace tandem::pairing::scheduling {

// One broken rule; kNone where an index does not apply.
struct Violation {
  Rule rule = Rule::kFits;
  int32_t wish = kNone;
  int32_t other = kNone;   // the other wish of kPersonTwice, kTravel and kOrder
  int32_t person = kNone;  // of kSlot (none: the wish's own slots), kPersonTwice, kMostMeetings, kMostPerDay, kTravel
  int32_t slot = kNone;
  int32_t pool = kNone;  // of kNoTable and kPool; of kNoInterpreter the pool of interpreters
};

std::string ToString(const Violation& violation);

// Every hard rule that `schedule` breaks, locked meetings included; empty if there is none. Shares nothing with what
// makes schedules but the rules' words. A placement out of range is kSlot or kPool, and is left out of all other
// counts. REQUIRES: Validate(problem).ok(), one placement for each wish.
std::vector<Violation> Verify(const Problem& problem, const Schedule& schedule);

}  // namespace tandem::pairing::scheduling

#endif  // TANDEM_SERVICES_PAIRING_MEETINGS_SCHEDULING_VERIFY_H_
