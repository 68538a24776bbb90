// Wakes who waits for a newer revision, within one process.
#ifndef TANDEM_COMMON_STORAGE_HEAD_WATCH_H_
#define TANDEM_COMMON_STORAGE_HEAD_WATCH_H_

#include <chrono>

#include "absl/base/thread_annotations.h"

#include "common/base/mutex.h"
#include "common/storage/record_store.h"

namespace tandem {

// Thread-safe.
class HeadWatch {
 public:
  // Tells that `revision` can be read. Smaller ones than the newest are ignored.
  void Publish(Revision revision);

  // The newest revision that was published.
  Revision head() const;

  // As RecordStore::WaitForChange.
  bool Wait(Revision after, std::chrono::steady_clock::time_point deadline);

  // Every Wait, present and future, returns false at once.
  void Shutdown();

 private:
  mutable Mutex mutex_;
  CondVar changed_;
  Revision head_ ABSL_GUARDED_BY(mutex_) = 0;
  bool shut_down_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace tandem

#endif  // TANDEM_COMMON_STORAGE_HEAD_WATCH_H_
