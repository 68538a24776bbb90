// Places all wished meetings of an edition.
//
// Three goals, each only among schedules that are best by the ones before: the most people with a meeting at all, the
// greatest value, the fewest idle gaps with their spread bounded. How: a flow selects wishes and proves the bounds, an
// edge colouring with Kempe chains gives them slots, slots are made anew one by one by exact matching, and chains close
// gaps. README.md says what is proven of it.
#ifndef TANDEM_SERVICES_PAIRING_MEETINGS_SCHEDULING_SCHEDULER_H_
#define TANDEM_SERVICES_PAIRING_MEETINGS_SCHEDULING_SCHEDULER_H_

#include <cstdint>
#include <functional>

#include "absl/status/statusor.h"

#include "services/pairing/meetings/scheduling/problem.h"
#include "services/pairing/meetings/scheduling/schedule.h"

namespace tandem::pairing::scheduling {

enum class Phase : uint8_t { kSelect, kColour, kImprove, kCloseGaps, kExplain };

struct Progress {
  Phase phase = Phase::kSelect;
  int32_t steps = 0;  // so far, of Options::steps
  int32_t seated = 0;
  int64_t value = 0;
};

struct Options {
  // The same problem, seed and steps give the same schedule, on every machine.
  uint64_t seed = 1;
  // Most slots made anew, and most shares of the people looked at for gaps: the work is counted, not timed. 0: what
  // selection and colouring alone find. Stops sooner when little gets better. Making a slot anew takes some hundredths
  // of a second on 10,000 x 2,000.
  int32_t steps = 400;
  // False: value comes first, and who has no meeting is not asked.
  bool people_first = true;
  // Called before each step, from the calling thread. False ends the run with CANCELLED.
  std::function<bool(const Progress&)> progress;
};

// What a level reached, and what no schedule can pass. The bound of a level holds among schedules that are as good as
// this one by the levels before it.
struct Level {
  int64_t value = 0;
  int64_t bound = 0;
  // 0 where the bound is reached; otherwise the part of it that is missing (of gaps: how many).
  double gap() const;
};

struct MeetingCounts {  // by person
  int32_t minimum = 0;
  double median = 0;
  int32_t maximum = 0;
  double gini = 0;  // 0: all have as many; towards 1: few have all
};

struct Outcome {
  Schedule schedule;  // with reasons
  Level people;       // with a meeting; the most is the bound
  Level value;        // of the meetings placed; the most is the bound
  Level gaps;         // of all people; the fewest is the bound
  int32_t gap_spread = 0;
  int32_t meetings = 0;
  MeetingCounts counts;  // of people whom a wish names
  int32_t steps = 0;     // taken
};

// INVALID_ARGUMENT: as Validate says. CANCELLED: the callback said so. Locked meetings are kept even where they break a
// rule; all else keeps every hard rule.
absl::StatusOr<Outcome> MakeSchedule(const Problem& problem, const Options& options);

// The levels and counts of a schedule that is there already, without bounds (they are 0).
// REQUIRES: Validate(problem).ok() and Verify finds nothing.
Outcome Assess(const Problem& problem, const Schedule& schedule);

}  // namespace tandem::pairing::scheduling

#endif  // TANDEM_SERVICES_PAIRING_MEETINGS_SCHEDULING_SCHEDULER_H_
