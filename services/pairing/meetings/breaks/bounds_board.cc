#include "services/pairing/meetings/breaks/bounds_board.h"

#include <algorithm>

namespace tandem::breaks {

Bounds BoundsBoard::Get() const {
  MutexLock lock(&mutex_);
  return bounds_;
}

Schedule BoundsBoard::Best() const {
  MutexLock lock(&mutex_);
  return best_;
}

void BoundsBoard::OfferSchedule(const Schedule& schedule, int breaks) {
  MutexLock lock(&mutex_);
  if (bounds_.upper.has_value() && *bounds_.upper <= breaks) return;
  bounds_.upper = breaks;
  best_ = schedule;
}

void BoundsBoard::ProveAtLeast(int breaks) {
  MutexLock lock(&mutex_);
  bounds_.lower = std::max(bounds_.lower, breaks);
}

void BoundsBoard::ProveInfeasible() {
  MutexLock lock(&mutex_);
  bounds_.infeasible = true;
}

}  // namespace tandem::breaks
