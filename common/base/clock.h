// Time as an input: the one place that reads the system clock.
#ifndef TANDEM_COMMON_BASE_CLOCK_H_
#define TANDEM_COMMON_BASE_CLOCK_H_

#include "absl/time/time.h"

namespace tandem {

// Thread-safe.
class Clock {
 public:
  virtual ~Clock() = default;
  // Wall time, for stamps that people read. Never for timeouts.
  virtual absl::Time Now() const = 0;
};

// The system's clock; lives as long as the process.
const Clock* SystemClock();

}  // namespace tandem

#endif  // TANDEM_COMMON_BASE_CLOCK_H_
