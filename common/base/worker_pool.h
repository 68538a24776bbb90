// WorkerPool: a bounded number of threads, and a bounded number of jobs that wait for one.
#ifndef TANDEM_COMMON_BASE_WORKER_POOL_H_
#define TANDEM_COMMON_BASE_WORKER_POOL_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"

#include "common/base/mutex.h"

namespace tandem {

// Thread-safe.
class WorkerPool {
 public:
  struct Options {
    int threads = 32;           // at most: each is made when a job finds none idle, and stays
    size_t most_waiting = 256;  // jobs that wait for a thread
  };
  explicit WorkerPool(Options options);
  // Runs what waits, and returns when all of it has ended.
  ~WorkerPool();
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  // Runs `job` soon, on a thread of the pool; jobs begin in the order of their coming. False, at once, when too many
  // wait already: `job` was not and will not be run. A job must not throw.
  bool TryRun(std::function<void()> job);

  bool IsFull() const;  // whether TryRun would refuse now

  size_t most_waiting() const { return options_.most_waiting; }
  size_t waiting() const;
  uint64_t refused() const;

 private:
  void Loop();
  bool HasNoRoom() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Makes one more if the jobs want it; false when none can be had.
  bool Grow() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const Options options_;
  mutable Mutex mutex_;
  CondVar work_;
  std::deque<std::function<void()>> jobs_ ABSL_GUARDED_BY(mutex_);
  int idle_ ABSL_GUARDED_BY(mutex_) = 0;  // threads without a job, those included that begin
  uint64_t refused_ ABSL_GUARDED_BY(mutex_) = 0;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::vector<std::thread> threads_ ABSL_GUARDED_BY(mutex_);  // joined by the destructor alone
};

}  // namespace tandem

#endif  // TANDEM_COMMON_BASE_WORKER_POOL_H_
