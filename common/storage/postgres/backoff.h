// Growing, jittered pauses between attempts, up to a deadline.
#ifndef TANDEM_COMMON_STORAGE_POSTGRES_BACKOFF_H_
#define TANDEM_COMMON_STORAGE_POSTGRES_BACKOFF_H_

#include <algorithm>
#include <chrono>
#include <random>
#include <thread>

namespace tandem::postgres {

class Backoff {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;

  // For so long, and not beyond `deadline`.
  explicit Backoff(std::chrono::milliseconds patience, TimePoint deadline = TimePoint::max())
      : deadline_(std::min(std::chrono::steady_clock::now() + patience, deadline)) {}

  // Pauses before another attempt; false at once when there is no time for one.
  bool Pause() {
    // The first attempt after a lost connection usually succeeds.
    std::uniform_int_distribution<int> jitter(longest_ / 2, longest_);
    std::random_device random;  // made here, since most of what might pause never does
    const std::chrono::milliseconds pause(jitter(random));
    if (std::chrono::steady_clock::now() + pause > deadline_) return false;
    std::this_thread::sleep_for(pause);
    longest_ = std::min(2 * longest_, 400);
    return true;
  }

 private:
  const TimePoint deadline_;
  int longest_ = 10;  // milliseconds
};

}  // namespace tandem::postgres

#endif  // TANDEM_COMMON_STORAGE_POSTGRES_BACKOFF_H_
