#ifndef TANDEM_SERVICES_PAIRING_MEETINGS_BREAKS_SCHEDULE_FORMULA_H_
#define TANDEM_SERVICES_PAIRING_MEETINGS_BREAKS_SCHEDULE_FORMULA_H_

#include <vector>

#include "services/pairing/meetings/breaks/break_problem.h"
#include "services/pairing/meetings/breaks/clauses.h"

namespace tandem::breaks {

// The schedules of a problem with at most `break_limit` breaks in total, exactly, as the models of a formula.
struct ScheduleFormula {
  Clauses clauses;
  std::vector<std::vector<int>> meeting_in_slot;  // [meeting][slot]; kFalse where the meeting cannot be
  std::vector<std::vector<int>> person_breaks;    // [person][k]: the person has more than k breaks
  std::vector<int> total_breaks;                  // [k]: there are more than k breaks; break_limit entries at most
};

// `break_limit` below 0: any number. `problem` is valid and `domains` are its own.
ScheduleFormula BuildScheduleFormula(const BreakProblem& problem, const SlotDomains& domains, int break_limit);

}  // namespace tandem::breaks

#endif  // TANDEM_SERVICES_PAIRING_MEETINGS_BREAKS_SCHEDULE_FORMULA_H_
