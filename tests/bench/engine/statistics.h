// Percentiles of measured times, for all queries and by how much of the market a query lets through.
#ifndef TANDEM_TESTS_BENCH_ENGINE_STATISTICS_H_
#define TANDEM_TESTS_BENCH_ENGINE_STATISTICS_H_

#include <cstddef>
#include <cstdint>
#include <vector>

namespace tandem::bench {

// The smallest value that at least `percent` (0 to 100) of the values do not exceed. 0 without values.
double Percentile(std::vector<double> values, double percent);
double Mean(const std::vector<double>& values);

struct Measured {
  double microseconds = 0;
  uint32_t passed = 0;  // candidates that passed the gates
};

struct Decile {
  uint32_t least_passed = 0, most_passed = 0;
  size_t queries = 0;
  double p50 = 0, p99 = 0;  // microseconds
};

// Queries in ten groups of (nearly) equal size by `passed`, the most selective first. Fewer than ten queries: fewer
// groups.
std::vector<Decile> Deciles(std::vector<Measured> measured);

}  // namespace tandem::bench

#endif  // TANDEM_TESTS_BENCH_ENGINE_STATISTICS_H_
