// One market through every engine: the same investors, the same answers.
#ifndef TANDEM_TESTS_BENCH_ENGINE_MARKET_RUN_H_
#define TANDEM_TESTS_BENCH_ENGINE_MARKET_RUN_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "tests/bench/engine/engine.h"
#include "tests/bench/engine/report.h"

namespace tandem::bench {

struct MarketRunOptions {
  size_t queries = 2000;             // of our engine
  size_t alternative_queries = 200;  // at most; the first of those
  size_t scanned_queries = 20;       // compared with the naive scan; the first of those
  double our_seconds = 60;           // for ours
  double alternative_seconds = 30;   // for the queries of each alternative
  double bandwidth = 0;              // bytes a second, for the floor
  uint64_t seed = 1;
};

struct MarketRunResult {
  bool failed = false;  // an engine gave an error, rather than a list
  uint64_t queries = 0, mismatches = 0;
  double p50_us = 0, p99_us = 0;
  // The best PostgreSQL over ours, each over the queries that PostgreSQL had time for; 0 when none ran.
  double p50_ratio = 0, p99_ratio = 0;
};

// `ours` is built; the alternatives are built here, one after the other, and ended before the next.
MarketRunResult RunMarket(const MarketData& market, Engine* ours, std::vector<std::unique_ptr<Engine>> alternatives,
                          const MarketRunOptions& options, Report* report);

}  // namespace tandem::bench

#endif  // TANDEM_TESTS_BENCH_ENGINE_MARKET_RUN_H_
