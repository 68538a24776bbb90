// What FindMatches calls, timed on a market of records: both directions, extras and facts included.
#ifndef TANDEM_TESTS_BENCH_ENGINE_SERVED_RUN_H_
#define TANDEM_TESTS_BENCH_ENGINE_SERVED_RUN_H_

#include <cstddef>
#include <cstdint>

#include "tests/bench/engine/edition_market.h"
#include "tests/bench/engine/report.h"

namespace tandem::bench {

struct ServedResult {
  uint64_t queries = 0, mismatches = 0;
};

// The first `scanned` lists of each direction are compared with the scan, name for name and score for score.
ServedResult RunServed(const EditionMarket& edition, size_t queries, size_t scanned, uint64_t seed, Report* report);

}  // namespace tandem::bench

#endif  // TANDEM_TESTS_BENCH_ENGINE_SERVED_RUN_H_
