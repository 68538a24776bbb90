// What has been applied of every followed source, and waiting for it.
#ifndef TANDEM_COMMON_FEED_APPLIED_POSITIONS_H_
#define TANDEM_COMMON_FEED_APPLIED_POSITIONS_H_

#include <chrono>
#include <map>
#include <memory>
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
  ConsistencyToken Applied() const { return *AppliedNow(); }
  // The same without a copy: one object as long as nothing advances.
  std::shared_ptr<const ConsistencyToken> AppliedNow() const;

  bool Ready() const;  // all sources are
  // Whether `applied` names every source that is followed; NOT_READY otherwise.
  absl::Status CheckWhole(const ConsistencyToken& applied) const;

  // The source that has been silent the longest, and for how long: since its last Advance, to the same position too.
  // Empty, and zero, before all sources are ready.
  struct Silence {
    std::string source;
    std::chrono::steady_clock::duration age = std::chrono::steady_clock::duration::zero();
  };
  Silence LongestSilence() const;
  std::chrono::steady_clock::duration Age() const;  // the same without the name

  // Waits until every source of `token` is applied to at least its position. CONSISTENCY_TOKEN_FOREIGN
  // (FAILED_PRECONDITION) for a source that is not followed or another epoch than the one applied;
  // CONSISTENCY_TIMEOUT (UNAVAILABLE, with a retry delay) at the deadline; NOT_READY after Shutdown.
  absl::Status WaitFor(const ConsistencyToken& token, std::chrono::steady_clock::time_point deadline);

  // Waits until all sources are ready: NOT_READY (UNAVAILABLE) at the deadline.
  absl::Status WaitUntilReady(std::chrono::steady_clock::time_point deadline);

  // Wakes every waiter. Idempotent.
  void Shutdown();

 private:
  struct Source {
    Position position;  // empty epoch: not ready
    std::chrono::steady_clock::time_point heard;
  };
  using Sources = std::map<std::string, Source>;

  bool AllReady() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  Sources::const_iterator LongestSilent() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  mutable Mutex mutex_;
  CondVar advanced_;
  Sources applied_ ABSL_GUARDED_BY(mutex_);
  mutable std::shared_ptr<const ConsistencyToken> now_ ABSL_GUARDED_BY(mutex_);  // null: to be made from applied_
  bool shut_down_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace tandem::feed

#endif  // TANDEM_COMMON_FEED_APPLIED_POSITIONS_H_
