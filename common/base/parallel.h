// Work spread over the processor's cores.
#ifndef TANDEM_COMMON_BASE_PARALLEL_H_
#define TANDEM_COMMON_BASE_PARALLEL_H_

#include <cstddef>

#include "absl/functional/function_ref.h"

namespace tandem {

// Calls `work(begin, end)` for stretches of at most `grain` that together are [0, count), from the calling thread and
// from the program's helpers, of which there is one for each further core; returns when all calls have. Which thread
// takes which stretch, and in which order, is open: calls must not depend on one another, nor wait for one another.
// Where helpers are busy with another's work, the caller does more itself. `work` must not throw. Thread-safe.
void ParallelFor(size_t count, size_t grain, absl::FunctionRef<void(size_t begin, size_t end)> work);

}  // namespace tandem

#endif  // TANDEM_COMMON_BASE_PARALLEL_H_
