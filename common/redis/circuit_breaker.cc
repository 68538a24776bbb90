#include "common/redis/circuit_breaker.h"

#include <algorithm>

namespace tandem {

CircuitBreaker::CircuitBreaker(const BreakerOptions& options, uint32_t seed) : options_(options), random_(seed) {}

bool CircuitBreaker::Record(bool good, Time now) {
  if (open_) return false;
  in_a_row_ = good ? 0 : in_a_row_ + 1;
  const auto width = std::max<Time::duration>(Time::duration(options_.window) / kSlices, Time::duration(1));
  const int64_t number = now.time_since_epoch() / width;
  Slice& slice = slices_[static_cast<size_t>(number % kSlices)];
  // Two threads may report slightly out of order; the late one counts in the newer slice.
  if (slice.number < number) slice = {number, 0, 0};
  ++(good ? slice.good : slice.bad);
  if (good) return false;
  int all = 0, bad = 0;
  for (const Slice& each : slices_) {
    if (each.number <= number - kSlices) continue;
    all += each.good + each.bad;
    bad += each.bad;
  }
  const bool often = all >= options_.window_operations && bad * int64_t{100} >= all * int64_t{options_.window_percent};
  return (often || in_a_row_ >= options_.consecutive_failures) && Trip(now);
}

bool CircuitBreaker::Trip(Time now) {
  if (open_) return false;
  open_ = true;
  next_probe_ = now + Pause();
  Forget();
  return true;
}

void CircuitBreaker::ProbeDone(bool good, Time now) {
  if (good) {
    open_ = false;
  } else {
    next_probe_ = now + Pause();
  }
}

std::chrono::steady_clock::duration CircuitBreaker::Pause() {
  const auto least = options_.least_pause, most = std::max(options_.least_pause, options_.most_pause);
  return std::chrono::milliseconds(std::uniform_int_distribution<int64_t>(least.count(), most.count())(random_));
}

void CircuitBreaker::Forget() {
  in_a_row_ = 0;
  slices_.fill({});
}

}  // namespace tandem
