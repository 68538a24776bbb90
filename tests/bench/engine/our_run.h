// What only our engine does: every list at once, and the other direction.
#ifndef TANDEM_TESTS_BENCH_ENGINE_OUR_RUN_H_
#define TANDEM_TESTS_BENCH_ENGINE_OUR_RUN_H_

#include <cstddef>
#include <cstdint>

#include "tests/bench/engine/our_engine.h"
#include "tests/bench/engine/report.h"

namespace tandem::bench {

// The lists of all investors, on every core.
void RunBatch(const MarketData& market, const OurEngine& ours, Report* report);

struct ReverseResult {
  uint64_t queries = 0, mismatches = 0;
};
// The best investors for `queries` projects; the first `scanned` lists are compared with a scan over the investors.
ReverseResult RunReverse(const MarketData& market, size_t queries, size_t scanned, uint64_t seed, Report* report);

}  // namespace tandem::bench

#endif  // TANDEM_TESTS_BENCH_ENGINE_OUR_RUN_H_
