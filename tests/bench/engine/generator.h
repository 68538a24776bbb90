// Made-up markets of any size, in the shape of real ones: popular and rare sectors, log-normal sums, learned points.
#ifndef TANDEM_TESTS_BENCH_ENGINE_GENERATOR_H_
#define TANDEM_TESTS_BENCH_ENGINE_GENERATOR_H_

#include <cstddef>
#include <cstdint>

#include "tests/bench/engine/market_data.h"

namespace tandem::bench {

struct GeneratorOptions {
  size_t projects = 100'000;
  size_t investors = 10'000;
  // Projects beyond those of the market, for the updates.
  size_t spare_projects = 0;
  // With gates an investor lets 1.2 % of the projects through on average and the broadest hundredth some 7 %; without,
  // nothing is refused.
  bool gates = true;
  // 48 terms a project and 32 an investor, out of 40,000.
  bool text = false;
  uint64_t seed = 1;
};

// The same options give the same market on every machine with the same floating point.
MarketData GenerateMarket(const GeneratorOptions& options);

}  // namespace tandem::bench

#endif  // TANDEM_TESTS_BENCH_ENGINE_GENERATOR_H_
