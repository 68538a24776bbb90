// What has been applied of every followed source, and waiting for it.
#ifndef TANDEM_COMMON_FEED_APPLIED_POSITIONS_H_
#define TANDEM_COMMON_FEED_APPLIED_POSITIONS_H_

#include <chrono>
#include <map>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"

#include "common/base/mutex.h"
#include "common/tokens/consistency_token.h"

namespace tandem::feed {

// Thread-safe. Followers advance it after a stretch is visible to readers; reads wait on it.
class AppliedPositions {
 public:
  // The sources that will be followed. Each begins not ready.
  explicit AppliedPositions(std::vector<std::string> sources);

  // `source` stands at `position` now, and is ready. Within one epoch positions only grow.
  void Advance(const std::string& source, const Position& position);

  // What is applied of `source` is about to go back to an older or another history: it is not ready, and named in no
  // token, until the next Advance, which may be to any position.
  void Withdraw(const std::string& source);

  // Everything applied: one position for each ready source.
  ConsistencyToken Applied() const;

  bool Ready() const;  // all sources are
  // Whether `applied` names every source that is followed; NOT_READY otherwise.
  absl::Status CheckWhole(const ConsistencyToken& applied) const;

  // Waits until every source of `token` is applied to at least its position. CONSISTENCY_TOKEN_FOREIGN
  // (FAILED_PRECONDITION) for a source that is not followed or another epoch than the one applied;
  // CONSISTENCY_TIMEOUT (UNAVAILABLE, with a retry delay) at the deadline; NOT_READY after Shutdown.
  absl::Status WaitFor(const ConsistencyToken& token, std::chrono::steady_clock::time_point deadline);

  // Waits until all sources are ready: NOT_READY (UNAVAILABLE) at the deadline.
  absl::Status WaitUntilReady(std::chrono::steady_clock::time_point deadline);

  // Wakes every waiter. Idempotent.
  void Shutdown();

 private:
  bool AllReady() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  mutable Mutex mutex_;
  CondVar advanced_;
  std::map<std::string, Position> applied_ ABSL_GUARDED_BY(mutex_);  // empty epoch: not ready
  bool shut_down_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace tandem::feed

#endif  // TANDEM_COMMON_FEED_APPLIED_POSITIONS_H_
