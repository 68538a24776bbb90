#include "common/base/mutex.h"

#include "absl/time/time.h"

namespace tandem {

#ifdef TANDEM_TSAN

bool CondVar::WaitUntil(Mutex* mutex, std::chrono::steady_clock::time_point deadline) {
  std::unique_lock<std::mutex> lock(mutex->mutex_, std::adopt_lock);
  const bool in_time = condition_.wait_until(lock, deadline) == std::cv_status::no_timeout;
  lock.release();
  return in_time;
}

void CondVar::Wait(Mutex* mutex) {
  std::unique_lock<std::mutex> lock(mutex->mutex_, std::adopt_lock);
  condition_.wait(lock);
  lock.release();
}

#else

bool CondVar::WaitUntil(Mutex* mutex, std::chrono::steady_clock::time_point deadline) {
  const auto left = deadline - std::chrono::steady_clock::now();
  if (left <= std::chrono::steady_clock::duration::zero()) return false;
  return !condition_.WaitWithTimeout(mutex, absl::FromChrono(left));
}

void CondVar::Wait(Mutex* mutex) { condition_.Wait(mutex); }

#endif

}  // namespace tandem
