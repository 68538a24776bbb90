// The search for cycles of locks, which Abseil makes at every lock.
#ifndef TANDEM_COMMON_BASE_LOCK_CYCLES_H_
#define TANDEM_COMMON_BASE_LOCK_CYCLES_H_

namespace tandem {

// Ends it for this process, gRPC's locks included. Debian builds Abseil with the search switched on; it is a twentieth
// of what a quick call costs. Builds for debugging leave it on.
void StopSeekingLockCycles();

}  // namespace tandem

#endif  // TANDEM_COMMON_BASE_LOCK_CYCLES_H_
