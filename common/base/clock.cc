#include "common/base/clock.h"

#include "absl/time/clock.h"

#include "common/base/test_switch.h"

namespace tandem {
namespace {

class System final : public Clock {
 public:
  absl::Time Now() const override { return absl::Now() + ClockStep(); }
};

}  // namespace

const Clock* SystemClock() {
  static const System clock;
  return &clock;
}

}  // namespace tandem
