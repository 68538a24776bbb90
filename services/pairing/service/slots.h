// Slots: a bounded number of places in which work may go on at once.
#ifndef TANDEM_SERVICES_PAIRING_SERVICE_SLOTS_H_
#define TANDEM_SERVICES_PAIRING_SERVICE_SLOTS_H_

#include <chrono>

#include "absl/base/thread_annotations.h"

#include "common/base/mutex.h"

namespace tandem::pairing {

// Thread-safe. Not std::counting_semaphore: that of libstdc++ 12 loses wake-ups under contention, and a waiter then
// sleeps until its deadline beside free places.
class Slots {
 public:
  explicit Slots(int free) : free_(free) {}

  // Takes a place, waiting for one until `deadline`; false when there was none.
  bool TakeUntil(std::chrono::steady_clock::time_point deadline) {
    MutexLock lock(&mutex_);
    bool in_time = true;
    while (free_ == 0) {
      if (!in_time) return false;
      in_time = given_back_.WaitUntil(&mutex_, deadline);
    }
    --free_;
    return true;
  }

  void GiveBack() {
    MutexLock lock(&mutex_);
    ++free_;
    // All of them: a single one that is woken just as its deadline passes would not hand the news on.
    given_back_.SignalAll();
  }

 private:
  Mutex mutex_;
  CondVar given_back_;
  int free_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace tandem::pairing

#endif  // TANDEM_SERVICES_PAIRING_SERVICE_SLOTS_H_
