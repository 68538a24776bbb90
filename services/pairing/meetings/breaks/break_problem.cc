#include "services/pairing/meetings/breaks/break_problem.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace tandem::breaks {
namespace {

absl::Status OutOfRange(absl::string_view what, int value, int limit) {
  return absl::InvalidArgumentError(absl::StrCat(what, " is ", value, "; it must be at least 0 and below ", limit));
}

bool Within(int value, int limit) { return value >= 0 && value < limit; }

}  // namespace

absl::Status ValidateBreakProblem(const BreakProblem& problem) {
  if (problem.people < 0 || problem.tables < 0 || problem.slots < 0 || problem.morning_slots < 0 ||
      problem.max_break_difference < 0) {
    return absl::InvalidArgumentError(
        "people, tables, slots, morning slots and the break difference must not be negative");
  }
  if (problem.forbidden_slots.size() > static_cast<std::size_t>(problem.people)) {
    return absl::InvalidArgumentError(absl::StrCat("forbidden slots are given for ", problem.forbidden_slots.size(),
                                                   " of ", problem.people, " people"));
  }
  for (const std::vector<int>& slots : problem.forbidden_slots) {
    for (int slot : slots) {
      if (!Within(slot, problem.slots)) return OutOfRange("a forbidden slot", slot, problem.slots);
    }
  }
  const int meetings = static_cast<int>(problem.meetings.size());
  for (const Meeting& meeting : problem.meetings) {
    if (!Within(meeting.a, problem.people)) return OutOfRange("a person of a meeting", meeting.a, problem.people);
    if (!Within(meeting.b, problem.people)) return OutOfRange("a person of a meeting", meeting.b, problem.people);
    if (meeting.fixed_slot != -1 && !Within(meeting.fixed_slot, problem.slots)) {
      return OutOfRange("a fixed slot", meeting.fixed_slot, problem.slots);
    }
    for (int earlier : meeting.predecessors) {
      if (!Within(earlier, meetings)) return OutOfRange("a preceding meeting", earlier, meetings);
    }
  }
  return absl::OkStatus();
}

SlotDomains ComputeSlotDomains(const BreakProblem& problem) {
  SlotDomains domains;
  const std::size_t slots = static_cast<std::size_t>(problem.slots);
  std::vector<std::vector<char>> free(static_cast<std::size_t>(problem.people), std::vector<char>(slots, 1));
  for (std::size_t p = 0; p < problem.forbidden_slots.size(); ++p) {
    for (int slot : problem.forbidden_slots[p]) free[p][static_cast<std::size_t>(slot)] = 0;
  }
  for (const Meeting& meeting : problem.meetings) {
    std::vector<char> allowed(slots, 0);
    for (std::size_t s = 0; s < slots; ++s) {
      const bool morning = s < static_cast<std::size_t>(problem.morning_slots);
      const bool can = free[static_cast<std::size_t>(meeting.a)][s] && free[static_cast<std::size_t>(meeting.b)][s] &&
                       (meeting.session == Session::kAny || (meeting.session == Session::kMorning) == morning) &&
                       (meeting.fixed_slot == -1 || static_cast<std::size_t>(meeting.fixed_slot) == s) &&
                       meeting.a != meeting.b;
      allowed[s] = can ? 1 : 0;
    }
    domains.allowed.push_back(std::move(allowed));
  }
  // Precedences cut the ends of the windows; a cycle empties them.
  const auto first = [](const std::vector<char>& row) { return std::find(row.begin(), row.end(), 1) - row.begin(); };
  const auto last = [](const std::vector<char>& row) {
    return row.rend() - std::find(row.rbegin(), row.rend(), 1) - 1;
  };
  for (bool changed = true; changed;) {
    changed = false;
    for (std::size_t m = 0; m < problem.meetings.size(); ++m) {
      for (int earlier : problem.meetings[m].predecessors) {
        std::vector<char>& before = domains.allowed[static_cast<std::size_t>(earlier)];
        std::vector<char>& after = domains.allowed[m];
        const std::ptrdiff_t low = first(before);
        const std::ptrdiff_t high = last(after);
        for (std::ptrdiff_t s = 0; s < static_cast<std::ptrdiff_t>(slots); ++s) {
          char& x = after[static_cast<std::size_t>(s)];
          if (s <= low && x) changed = true, x = 0;
          char& y = before[static_cast<std::size_t>(s)];
          if (s >= high && y) changed = true, y = 0;
        }
      }
    }
  }
  for (const std::vector<char>& row : domains.allowed) {
    domains.empty = domains.empty || first(row) == static_cast<std::ptrdiff_t>(slots);
  }
  return domains;
}

std::vector<std::vector<int>> MeetingsByPerson(const BreakProblem& problem) {
  std::vector<std::vector<int>> by_person(static_cast<std::size_t>(problem.people));
  for (std::size_t m = 0; m < problem.meetings.size(); ++m) {
    const Meeting& meeting = problem.meetings[m];
    by_person[static_cast<std::size_t>(meeting.a)].push_back(static_cast<int>(m));
    if (meeting.b != meeting.a) by_person[static_cast<std::size_t>(meeting.b)].push_back(static_cast<int>(m));
  }
  return by_person;
}

}  // namespace tandem::breaks
