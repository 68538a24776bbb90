// Gate: lets calls out, or holds them back until none is out.
#ifndef TANDEM_TESTS_FAULT_LOAD_GATE_H_
#define TANDEM_TESTS_FAULT_LOAD_GATE_H_

#include <chrono>

#include "absl/base/thread_annotations.h"

#include "common/base/mutex.h"

namespace tandem::check {

// Thread-safe.
class Gate {
 public:
  // Held while a call is out.
  class Pass {
   public:
    explicit Pass(Gate* gate) : gate_(gate), open_(gate->Enter()) {}
    ~Pass() {
      if (open_) gate_->Leave();
    }
    Pass(const Pass&) = delete;
    Pass& operator=(const Pass&) = delete;
    // False: the gate is closed for good.
    bool open() const { return open_; }

   private:
    Gate* const gate_;
    const bool open_;
  };

  // True when nobody is out, and nobody comes out until Resume; false at `deadline`, with the same effect.
  bool Pause(std::chrono::steady_clock::time_point deadline) {
    MutexLock lock(&mutex_);
    paused_ = true;
    while (out_ > 0) {
      if (!changed_.WaitUntil(&mutex_, deadline)) return out_ == 0;
    }
    return true;
  }
  void Resume() {
    {
      MutexLock lock(&mutex_);
      paused_ = false;
    }
    changed_.SignalAll();
  }
  void Close() {
    {
      MutexLock lock(&mutex_);
      closed_ = true;
    }
    changed_.SignalAll();
  }
  bool closed() const {
    MutexLock lock(&mutex_);
    return closed_;
  }
  // Sleeps, but not beyond Close.
  void Sleep(std::chrono::nanoseconds time) {
    const auto end = std::chrono::steady_clock::now() + time;
    MutexLock lock(&mutex_);
    while (!closed_ && std::chrono::steady_clock::now() < end) changed_.WaitUntil(&mutex_, end);
  }

 private:
  bool Enter() {
    MutexLock lock(&mutex_);
    while (paused_ && !closed_) changed_.Wait(&mutex_);
    if (closed_) return false;
    ++out_;
    return true;
  }
  void Leave() {
    {
      MutexLock lock(&mutex_);
      --out_;
    }
    changed_.SignalAll();
  }

  mutable Mutex mutex_;
  CondVar changed_;
  bool paused_ ABSL_GUARDED_BY(mutex_) = false;
  bool closed_ ABSL_GUARDED_BY(mutex_) = false;
  int out_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace tandem::check

#endif  // TANDEM_TESTS_FAULT_LOAD_GATE_H_
