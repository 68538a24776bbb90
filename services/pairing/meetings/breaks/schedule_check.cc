#include "services/pairing/meetings/breaks/schedule_check.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"

namespace tandem::breaks {

int CountBreaks(std::vector<int> slots) {
  std::sort(slots.begin(), slots.end());
  int breaks = 0;
  for (std::size_t i = 1; i < slots.size(); ++i) breaks += slots[i] != slots[i - 1] + 1;
  return breaks;
}

ScheduleCheck CheckSchedule(const BreakProblem& problem, const Schedule& schedule) {
  ScheduleCheck check;
  if (schedule.size() != problem.meetings.size()) {
    check.errors.push_back(absl::StrCat(schedule.size(), " slots for ", problem.meetings.size(), " meetings"));
    return check;
  }
  std::map<int, int> used;
  std::set<std::pair<int, int>> busy;
  std::vector<std::vector<int>> calendars(static_cast<std::size_t>(problem.people));
  for (std::size_t m = 0; m < schedule.size(); ++m) {
    const Meeting& meeting = problem.meetings[m];
    const int slot = schedule[m];
    if (slot < 0 || slot >= problem.slots)
      check.errors.push_back(absl::StrCat("meeting ", m, ": slot ", slot, " is out of range"));
    ++used[slot];
    for (int person : {meeting.a, meeting.b}) {
      const std::size_t p = static_cast<std::size_t>(person);
      if (!busy.insert({person, slot}).second) {
        check.errors.push_back(absl::StrCat("person ", person, " meets twice in slot ", slot));
      }
      calendars[p].push_back(slot);
      if (p < problem.forbidden_slots.size() &&
          std::count(problem.forbidden_slots[p].begin(), problem.forbidden_slots[p].end(), slot) > 0) {
        check.errors.push_back(absl::StrCat("person ", person, " cannot use slot ", slot));
      }
    }
    if (meeting.session != Session::kAny && (meeting.session == Session::kMorning) != (slot < problem.morning_slots)) {
      check.errors.push_back(absl::StrCat("meeting ", m, " is in the wrong session"));
    }
    if (meeting.fixed_slot != -1 && meeting.fixed_slot != slot) {
      check.errors.push_back(absl::StrCat("meeting ", m, " is fixed to slot ", meeting.fixed_slot));
    }
    for (int earlier : meeting.predecessors) {
      if (schedule[static_cast<std::size_t>(earlier)] >= slot) {
        check.errors.push_back(absl::StrCat("meeting ", m, " must come after meeting ", earlier));
      }
    }
  }
  for (const auto& [slot, meetings] : used) {
    if (meetings > problem.tables) {
      check.errors.push_back(absl::StrCat("slot ", slot, " uses ", meetings, " of ", problem.tables, " tables"));
    }
  }
  int least = problem.slots;
  int most = 0;
  for (const std::vector<int>& calendar : calendars) {
    const int breaks = CountBreaks(calendar);
    check.breaks += breaks;
    least = std::min(least, breaks);
    most = std::max(most, breaks);
  }
  if (most - least > problem.max_break_difference)
    check.errors.push_back(absl::StrCat("breaks differ by ", most - least));
  return check;
}

}  // namespace tandem::breaks
