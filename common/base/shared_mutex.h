// SharedMutex: many readers or one writer, fair to the writer.
#ifndef TANDEM_COMMON_BASE_SHARED_MUTEX_H_
#define TANDEM_COMMON_BASE_SHARED_MUTEX_H_

#include <shared_mutex>

#include "absl/base/thread_annotations.h"

#include "common/base/mutex.h"

namespace tandem {

// A waiting writer holds back new readers, so that a stream of readers cannot keep it out: glibc's own lock would let
// them. For that reason a thread must never take it shared twice: a writer that waits between the two is never let in.
class ABSL_LOCKABLE SharedMutex {
 public:
  void LockShared() ABSL_SHARED_LOCK_FUNCTION() {
    MutexLock turn(&turn_);
    mutex_.lock_shared();
  }
  void UnlockShared() ABSL_UNLOCK_FUNCTION() { mutex_.unlock_shared(); }

  void Lock() ABSL_EXCLUSIVE_LOCK_FUNCTION() {
    MutexLock turn(&turn_);
    mutex_.lock();
  }
  void Unlock() ABSL_UNLOCK_FUNCTION() { mutex_.unlock(); }

 private:
  Mutex turn_;  // held by whoever waits for mutex_
  std::shared_mutex mutex_;
};

// Holds a SharedMutex shared for a scope.
class ABSL_SCOPED_LOCKABLE SharedLock {
 public:
  explicit SharedLock(SharedMutex* mutex) ABSL_SHARED_LOCK_FUNCTION(mutex) : mutex_(mutex) { mutex_->LockShared(); }
  ~SharedLock() ABSL_UNLOCK_FUNCTION() { mutex_->UnlockShared(); }
  SharedLock(const SharedLock&) = delete;
  SharedLock& operator=(const SharedLock&) = delete;

 private:
  SharedMutex* mutex_;
};

// Holds a SharedMutex alone for a scope.
class ABSL_SCOPED_LOCKABLE ExclusiveLock {
 public:
  explicit ExclusiveLock(SharedMutex* mutex) ABSL_EXCLUSIVE_LOCK_FUNCTION(mutex) : mutex_(mutex) { mutex_->Lock(); }
  ~ExclusiveLock() ABSL_UNLOCK_FUNCTION() { mutex_->Unlock(); }
  ExclusiveLock(const ExclusiveLock&) = delete;
  ExclusiveLock& operator=(const ExclusiveLock&) = delete;

 private:
  SharedMutex* mutex_;
};

}  // namespace tandem

#endif  // TANDEM_COMMON_BASE_SHARED_MUTEX_H_
