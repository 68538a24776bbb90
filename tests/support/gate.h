// Gate: holds threads up until a test lets them go on.
#ifndef TANDEM_TESTS_SUPPORT_GATE_H_
#define TANDEM_TESTS_SUPPORT_GATE_H_

#include "absl/base/thread_annotations.h"

#include "common/base/mutex.h"

namespace tandem {

// Holds whoever passes until it is opened. Thread-safe.
class Gate {
 public:
  void Pass() {
    MutexLock lock(&mutex_);
    ++held_;
    changed_.SignalAll();
    while (!open_) changed_.Wait(&mutex_);
  }
  void AwaitHeld(int count) {
    MutexLock lock(&mutex_);
    while (held_ < count) changed_.Wait(&mutex_);
  }
  void Open() {
    MutexLock lock(&mutex_);
    open_ = true;
    changed_.SignalAll();
  }

 private:
  Mutex mutex_;
  CondVar changed_;
  int held_ ABSL_GUARDED_BY(mutex_) = 0;
  bool open_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace tandem

#endif  // TANDEM_TESTS_SUPPORT_GATE_H_
