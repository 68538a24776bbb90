// The one mutex type of this tree.
//
// It is absl::Mutex, but std::mutex under the `tsan` preset: Debian's Abseil is not instrumented, and ThreadSanitizer
// would report races that are none. Waiting is by condition variable with a deadline on the steady clock.
#ifndef TANDEM_COMMON_BASE_MUTEX_H_
#define TANDEM_COMMON_BASE_MUTEX_H_

#include <chrono>
#include <condition_variable>
#include <mutex>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

namespace tandem {

#ifdef TANDEM_TSAN

class ABSL_LOCKABLE Mutex {
 public:
  void Lock() ABSL_EXCLUSIVE_LOCK_FUNCTION() { mutex_.lock(); }
  void Unlock() ABSL_UNLOCK_FUNCTION() { mutex_.unlock(); }

 private:
  friend class CondVar;
  std::mutex mutex_;
};

class CondVar {
 public:
  // REQUIRES: `mutex` is held. Returns false when `deadline` passed first; wakes spuriously.
  bool WaitUntil(Mutex* mutex, std::chrono::steady_clock::time_point deadline);
  void Wait(Mutex* mutex);
  void Signal() { condition_.notify_one(); }
  void SignalAll() { condition_.notify_all(); }

 private:
  std::condition_variable condition_;
};

#else

using Mutex = absl::Mutex;

class CondVar {
 public:
  // REQUIRES: `mutex` is held. Returns false when `deadline` passed first; wakes spuriously.
  bool WaitUntil(Mutex* mutex, std::chrono::steady_clock::time_point deadline);
  void Wait(Mutex* mutex);
  void Signal() { condition_.Signal(); }
  void SignalAll() { condition_.SignalAll(); }

 private:
  absl::CondVar condition_;
};

#endif

// Holds a Mutex for a scope.
class ABSL_SCOPED_LOCKABLE MutexLock {
 public:
  explicit MutexLock(Mutex* mutex) ABSL_EXCLUSIVE_LOCK_FUNCTION(mutex) : mutex_(mutex) { mutex_->Lock(); }
  ~MutexLock() ABSL_UNLOCK_FUNCTION() { mutex_->Unlock(); }
  MutexLock(const MutexLock&) = delete;
  MutexLock& operator=(const MutexLock&) = delete;

 private:
  Mutex* mutex_;
};

}  // namespace tandem

#endif  // TANDEM_COMMON_BASE_MUTEX_H_
