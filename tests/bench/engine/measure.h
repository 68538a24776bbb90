// Times of queries, and whether two engines give the same lists.
#ifndef TANDEM_TESTS_BENCH_ENGINE_MEASURE_H_
#define TANDEM_TESTS_BENCH_ENGINE_MEASURE_H_

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <time.h>
#include <vector>

#include "absl/status/statusor.h"

#include "services/pairing/matching/linear_form.h"
#include "tests/bench/engine/engine.h"
#include "tests/bench/engine/statistics.h"

namespace tandem::bench {

inline constexpr size_t kListLength = 50;

class Stopwatch {
 public:
  double seconds() const { return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin_).count(); }
  double microseconds() const { return seconds() * 1e6; }

 private:
  const std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
};

// Time that this thread spent on a processor: what else runs on the machine does not count.
class ThreadStopwatch {
 public:
  double microseconds() const { return Now() - begin_; }

 private:
  static double Now() {
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) * 1e6 + static_cast<double>(now.tv_nsec) / 1e3;
  }
  const double begin_ = Now();
};

// `count` different numbers below `all`, or all of them, in an order drawn from `seed`.
std::vector<uint32_t> Sample(size_t all, size_t count, uint64_t seed);

// Whether two lists are the same entry by entry; when not, says where on stderr.
bool SameList(const std::string& engine, uint32_t investor, const std::vector<pairing::matching::Scored>& expected,
              const std::vector<pairing::matching::Scored>& found);

struct QueryRun {
  std::vector<double> microseconds;               // by query
  std::vector<pairing::matching::TopList> lists;  // likewise
};

// Asks the engine for the lists of `investors` one after the other, on this thread: as many as a third of the time is
// enough for, then the same ones twice more. The fastest of a query's three times counts, for every engine alike: they
// are far enough apart that caches are as they would be, and what else the machine does is left out.
absl::StatusOr<QueryRun> RunQueries(Engine* engine, const std::vector<uint32_t>& investors, double most_seconds);

}  // namespace tandem::bench

#endif  // TANDEM_TESTS_BENCH_ENGINE_MEASURE_H_
