#include "common/base/lock_cycles.h"

#include "absl/synchronization/mutex.h"

namespace tandem {

void StopSeekingLockCycles() { absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore); }

}  // namespace tandem
