#ifndef TANDEM_SERVICES_PAIRING_MEETINGS_BREAKS_SCHEDULE_CHECK_H_
#define TANDEM_SERVICES_PAIRING_MEETINGS_BREAKS_SCHEDULE_CHECK_H_

#include <string>
#include <vector>

#include "services/pairing/meetings/breaks/break_problem.h"

namespace tandem::breaks {

// The breaks of one person with meetings in `slots` (any order).
int CountBreaks(std::vector<int> slots);

struct ScheduleCheck {
  int breaks = 0;                   // of everybody together
  std::vector<std::string> errors;  // one a broken rule, numbers from 0; empty: the schedule keeps every rule
};

// Straight from the rules, sharing nothing with what makes schedules. `problem` is valid.
ScheduleCheck CheckSchedule(const BreakProblem& problem, const Schedule& schedule);

}  // namespace tandem::breaks

#endif  // TANDEM_SERVICES_PAIRING_MEETINGS_BREAKS_SCHEDULE_CHECK_H_
