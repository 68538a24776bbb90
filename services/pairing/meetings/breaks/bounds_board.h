#ifndef TANDEM_SERVICES_PAIRING_MEETINGS_BREAKS_BOUNDS_BOARD_H_
#define TANDEM_SERVICES_PAIRING_MEETINGS_BREAKS_BOUNDS_BOARD_H_

#include <optional>

#include "common/base/mutex.h"
#include "services/pairing/meetings/breaks/break_problem.h"

namespace tandem::breaks {

// What is known about the fewest breaks of one problem.
struct Bounds {
  int lower = 0;             // no schedule has fewer breaks: proved
  std::optional<int> upper;  // breaks of the best schedule found
  bool infeasible = false;   // there is no schedule: proved

  // Nothing is left to find out.
  bool settled() const { return infeasible || (upper.has_value() && lower >= *upper); }
};

// Where the searches of one problem share what they find. Thread-safe.
class BoundsBoard {
 public:
  Bounds Get() const;
  Schedule Best() const;  // empty while there is none

  // `schedule` keeps every rule and has `breaks` breaks. Kept if it is better than the best so far.
  void OfferSchedule(const Schedule& schedule, int breaks);
  void ProveAtLeast(int breaks);
  void ProveInfeasible();

 private:
  mutable Mutex mutex_;
  Bounds bounds_ ABSL_GUARDED_BY(mutex_);
  Schedule best_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace tandem::breaks

#endif  // TANDEM_SERVICES_PAIRING_MEETINGS_BREAKS_BOUNDS_BOARD_H_
