// The bound of the time-indexed linear program: nearer to the truth than the flow's, which knows no slots.
#ifndef TANDEM_TESTS_BENCH_SCHEDULE_LP_BOUND_H_
#define TANDEM_TESTS_BENCH_SCHEDULE_LP_BOUND_H_

#include <cstdint>

#include "services/pairing/meetings/scheduling/problem.h"

namespace tandem::schedule_bench {

struct LpBound {
  double value = 0;      // no schedule is worth more
  bool optimal = false;  // false: out of time; the bound holds, but the program's own is lower
  double seconds = 0;
  int32_t rounds = 0;  // of adding wishes
};

// Of schedules that seat at least `seated` people (0: of all). Solves the program for promising wishes, adds those that
// its prices say are missing, and so on; the bound is computed from the prices over all wishes, so that it holds
// whenever the time is up. Knows calendars, limits in total, places by slot; of plain problems only (one pool, no day's
// limits).
LpBound SolveLpBound(const pairing::scheduling::Problem& problem, int32_t seated, double most_seconds);

}  // namespace tandem::schedule_bench

#endif  // TANDEM_TESTS_BENCH_SCHEDULE_LP_BOUND_H_
