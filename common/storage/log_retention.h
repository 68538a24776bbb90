// LogRetention: forgets the log of a store as it grows old and long.
#ifndef TANDEM_COMMON_STORAGE_LOG_RETENTION_H_
#define TANDEM_COMMON_STORAGE_LOG_RETENTION_H_

#include <chrono>
#include <deque>
#include <functional>
#include <string>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"

#include "common/base/mutex.h"
#include "common/storage/record_store.h"

namespace tandem {

// What of a log is kept. A follower that was away for less resumes; one that was away for longer lists again.
struct LogLimits {
  std::chrono::seconds keep = std::chrono::hours(24);  // revisions that are younger,
  Revision most = 1'000'000;                           // but at most this many, the newest
  Revision least = 10'000;                             // and these newest ones however old (`most` when that is less)
};

// Compacts by a thread of its own, about once a minute, from its construction to Stop. Thread-safe.
//
// A store does not say when a revision was written, so this remembers where the head stood when: the ages begin with
// the process, and a log that is older than it is kept for another `keep`. The numbers hold from the start. Several
// processes on one store may do this at once: each forgets what is too old for all it knows, and the strictest
// prevails.
class LogRetention {
 public:
  using Now = std::function<std::chrono::steady_clock::time_point()>;

  // `store` must outlive this. `now` is for tests; so is a `pause` of another length, 0 for no thread.
  LogRetention(RecordStore* store, LogLimits limits, Now now = &std::chrono::steady_clock::now,
               std::chrono::milliseconds pause = std::chrono::minutes(1));
  ~LogRetention();  // stops

  // One look at the store, and one compaction when there is something to forget. What the store says when it fails;
  // the next look makes up for it.
  absl::Status Look();

  // Returns when the thread has ended. Idempotent.
  void Stop();

 private:
  struct Sample {
    std::chrono::steady_clock::time_point time;
    Revision head = 0;
  };
  Revision TooOld(const Head& head) ABSL_EXCLUSIVE_LOCKS_REQUIRED(look_mutex_);
  void Run();

  RecordStore* const store_;
  const LogLimits limits_;
  const Now now_;
  const std::chrono::milliseconds pause_;
  Mutex look_mutex_;                                         // one look at a time
  std::string epoch_ ABSL_GUARDED_BY(look_mutex_);           // that the samples are of
  std::deque<Sample> samples_ ABSL_GUARDED_BY(look_mutex_);  // the oldest first
  Mutex mutex_;
  CondVar stopped_;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  Mutex stop_mutex_;  // one Stop at a time
  std::thread thread_ ABSL_GUARDED_BY(stop_mutex_);
};

}  // namespace tandem

#endif  // TANDEM_COMMON_STORAGE_LOG_RETENTION_H_
