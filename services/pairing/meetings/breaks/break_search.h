#ifndef TANDEM_SERVICES_PAIRING_MEETINGS_BREAKS_BREAK_SEARCH_H_
#define TANDEM_SERVICES_PAIRING_MEETINGS_BREAKS_BREAK_SEARCH_H_

#include <cstdint>
#include <functional>
#include <limits>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "services/pairing/meetings/breaks/bounds_board.h"
#include "services/pairing/meetings/breaks/break_problem.h"

namespace tandem::breaks {

enum class Direction {
  kDown,  // finds a schedule (or proves that there is none), then better ones; complete by itself
  kUp,    // asks for a schedule with no more breaks than are proved necessary, and proves more
};

struct SearchOptions {
  Direction direction = Direction::kDown;
  int seed = 0;
  // Steps are conflicts that the solver may run into; each attempt is charged what it was allowed. The same limit gives
  // the same answer on every machine, if nobody else writes on the board.
  std::int64_t max_conflicts = std::numeric_limits<std::int64_t>::max();
  // Asked often, from the searching thread, without a lock held. Empty: never.
  std::function<bool()> stop = nullptr;
};

// Searches until the board is settled, the limit is reached or `stop` says so, and takes up what other searches write
// on the board. Any number of searches may share a board, each in a thread of its own. InvalidArgument as
// ValidateBreakProblem; Internal if a schedule was found that breaks a rule (it is not put on the board).
absl::Status SearchBreaks(const BreakProblem& problem, const SearchOptions& options, BoundsBoard* board);

struct BreakResult {
  enum class State { kOptimal, kFeasible, kInfeasible, kUnknown };
  State state = State::kUnknown;
  int breaks = 0;       // of `schedule`
  int lower_bound = 0;  // proved
  Schedule schedule;    // empty unless optimal or feasible
};

// What the board says.
BreakResult ResultOf(const BoundsBoard& board);

// One search on a board of its own.
absl::StatusOr<BreakResult> SolveBreaks(const BreakProblem& problem, const SearchOptions& options);

}  // namespace tandem::breaks

#endif  // TANDEM_SERVICES_PAIRING_MEETINGS_BREAKS_BREAK_SEARCH_H_
