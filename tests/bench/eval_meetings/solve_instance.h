#ifndef TANDEM_TESTS_BENCH_EVAL_MEETINGS_SOLVE_INSTANCE_H_
#define TANDEM_TESTS_BENCH_EVAL_MEETINGS_SOLVE_INSTANCE_H_

#include <chrono>

#include "absl/status/statusor.h"

#include "services/pairing/meetings/breaks/break_search.h"

namespace tandem::eval_meetings {

// Searches on `threads` threads, downwards and upwards by turns, until the best schedule is proved best, there is proof
// that there is none, or the deadline has passed.
absl::StatusOr<breaks::BreakResult> SolveInstance(const breaks::BreakProblem& problem, int threads,
                                                  std::chrono::steady_clock::time_point deadline);

}  // namespace tandem::eval_meetings

#endif  // TANDEM_TESTS_BENCH_EVAL_MEETINGS_SOLVE_INSTANCE_H_
