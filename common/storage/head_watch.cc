#include "common/storage/head_watch.h"

#include <algorithm>

namespace tandem {

void HeadWatch::Publish(Revision revision) {
  MutexLock lock(&mutex_);
  head_ = std::max(head_, revision);
  changed_.SignalAll();
}

Revision HeadWatch::head() const {
  MutexLock lock(&mutex_);
  return head_;
}

bool HeadWatch::Wait(Revision after, std::chrono::steady_clock::time_point deadline) {
  MutexLock lock(&mutex_);
  while (!shut_down_ && head_ <= after) {
    if (!changed_.WaitUntil(&mutex_, deadline)) break;
  }
  return !shut_down_ && head_ > after;
}

void HeadWatch::Shutdown() {
  MutexLock lock(&mutex_);
  shut_down_ = true;
  changed_.SignalAll();
}

}  // namespace tandem
