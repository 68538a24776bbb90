// Decides when something that keeps failing is left alone for a while. Knows no clock and no network.
#ifndef TANDEM_COMMON_REDIS_CIRCUIT_BREAKER_H_
#define TANDEM_COMMON_REDIS_CIRCUIT_BREAKER_H_

#include <array>
#include <chrono>
#include <cstdint>
#include <random>

namespace tandem {

struct BreakerOptions {
  int consecutive_failures = 5;  // as many in a row open it
  // So do, among at least `window_operations` within `window`, failures of at least `window_percent` in a hundred.
  int window_operations = 20;
  int window_percent = 50;
  std::chrono::milliseconds window{1000};
  // Between two probes while open: a random time between these, so that many processes do not probe at once.
  std::chrono::milliseconds least_pause{500};
  std::chrono::milliseconds most_pause{1000};
};

// Closed at first. Open, it counts nothing; its owner makes one probe at a time, when one is due, and reports it.
// Not thread-safe.
class CircuitBreaker {
 public:
  using Time = std::chrono::steady_clock::time_point;

  CircuitBreaker(const BreakerOptions& options, uint32_t seed);

  bool open() const { return open_; }

  // Counts one operation. True when this opened it; while open nothing is counted.
  bool Record(bool good, Time now);

  // Opens it, whatever was counted. False when it was open already.
  bool Trip(Time now);

  // When the next probe is due. REQUIRES: open().
  Time next_probe() const { return next_probe_; }
  // REQUIRES: open(). A good probe closes it with a clean record.
  void ProbeDone(bool good, Time now);

  // A random pause between two attempts.
  std::chrono::steady_clock::duration Pause();

 private:
  // The window is this many slices; the oldest falls out as a whole.
  static constexpr int64_t kSlices = 10;
  struct Slice {
    int64_t number = -1;  // of the slice since the clock's epoch
    int good = 0, bad = 0;
  };

  void Forget();

  const BreakerOptions options_;
  std::minstd_rand random_;
  bool open_ = false;
  int in_a_row_ = 0;
  std::array<Slice, kSlices> slices_;
  Time next_probe_;
};

}  // namespace tandem

#endif  // TANDEM_COMMON_REDIS_CIRCUIT_BREAKER_H_
