#ifndef TANDEM_SERVICES_PAIRING_MEETINGS_BREAKS_BREAK_PROBLEM_H_
#define TANDEM_SERVICES_PAIRING_MEETINGS_BREAKS_BREAK_PROBLEM_H_

#include <vector>

#include "absl/status/status.h"

namespace tandem::breaks {

enum class Session { kMorning, kAfternoon, kAny };

// Two people who meet once. People, meetings and slots are numbered from 0 everywhere in this folder.
struct Meeting {
  int a = 0;
  int b = 0;
  Session session = Session::kAny;
  int fixed_slot = -1;                 // -1: free
  std::vector<int> predecessors = {};  // meetings that must be in strictly earlier slots
};

// All meetings are to be placed, so that nobody meets twice in a slot, no slot holds more meetings than there are
// tables, and the most and the fewest breaks of any two people (those without a meeting have none) differ by at most
// `max_break_difference`. A break is a gap between two consecutive meetings of one person, counted over the whole
// sequence of slots.
struct BreakProblem {
  int people = 0;
  int tables = 0;
  int slots = 0;
  int morning_slots = 0;  // slots below this are the morning
  int max_break_difference = 2;
  std::vector<Meeting> meetings = {};
  std::vector<std::vector<int>> forbidden_slots = {};  // by person; may be shorter than `people`
};

// The slot of each meeting.
using Schedule = std::vector<int>;

// InvalidArgument names the first number that is out of range. Contradictory rules are no error: they make a problem
// without a schedule.
absl::Status ValidateBreakProblem(const BreakProblem& problem);

// The slots that each meeting can have by its own rules and, along precedences, by those of the meetings before and
// after it: domains[meeting][slot]. An empty row, or a cycle of precedences, means that there is no schedule.
struct SlotDomains {
  std::vector<std::vector<char>> allowed;
  bool empty = false;
};
SlotDomains ComputeSlotDomains(const BreakProblem& problem);

// The meetings of each person, ascending.
std::vector<std::vector<int>> MeetingsByPerson(const BreakProblem& problem);

}  // namespace tandem::breaks

#endif  // TANDEM_SERVICES_PAIRING_MEETINGS_BREAKS_BREAK_PROBLEM_H_
