// A market that changes: how many updates a second, each with exactly the lists that it changed, and what readers feel.
#ifndef TANDEM_TESTS_BENCH_ENGINE_UPDATE_RUN_H_
#define TANDEM_TESTS_BENCH_ENGINE_UPDATE_RUN_H_

#include <cstddef>
#include <cstdint>

#include "tests/bench/engine/our_engine.h"
#include "tests/bench/engine/report.h"

namespace tandem::bench {

struct UpdateRunOptions {
  double seconds = 5;          // of each of the two measurements
  size_t checked_lists = 200;  // compared with a fresh query after the updates, a tenth of them with the naive scan
  double reader_updates_per_s = 5000;
  uint64_t seed = 1;
};

struct UpdateRunResult {
  uint64_t lists = 0, mismatches = 0;
  double updates_per_s = 0;
};

// 40 % new projects, 30 % edits, 20 % changes of the points that are the same for all, 10 % removals. Each is published
// and told to the top lists; their
// times are those on a processor. Leaves `ours` changed.
UpdateRunResult RunUpdates(const MarketData& market, OurEngine* ours, const UpdateRunOptions& options, Report* report);

}  // namespace tandem::bench

#endif  // TANDEM_TESTS_BENCH_ENGINE_UPDATE_RUN_H_
