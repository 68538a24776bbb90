// SIGTERM and SIGINT, as something that can be waited for.
#ifndef TANDEM_COMMON_RPC_STOP_SIGNAL_H_
#define TANDEM_COMMON_RPC_STOP_SIGNAL_H_

#include <functional>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"

#include "common/base/mutex.h"

namespace tandem::rpc {

// Thread-safe. Blocks the signals for this thread and all threads that it starts later, so REQUIRES: made in main
// before any other thread. One per process.
class StopSignal {
 public:
  StopSignal();
  ~StopSignal();

  // Returns once a signal came or Stop was called, and the callbacks have returned: what they use may end then.
  void Wait();
  bool stopped() const;

  // Called once, by the signal's thread, when the stop comes; at once when it already did. To wake what main waits in.
  void OnStop(std::function<void()> callback);

  // As if a signal had come. A second signal after the first ends the process at once with exit code 1.
  void Stop();

 private:
  void Run();

  mutable Mutex mutex_;
  CondVar changed_;
  bool stopped_ ABSL_GUARDED_BY(mutex_) = false;
  int stopping_ ABSL_GUARDED_BY(mutex_) = 0;  // calls of Stop that run callbacks
  bool ending_ ABSL_GUARDED_BY(mutex_) = false;
  std::vector<std::function<void()>> callbacks_ ABSL_GUARDED_BY(mutex_);
  std::thread thread_;
};

}  // namespace tandem::rpc

#endif  // TANDEM_COMMON_RPC_STOP_SIGNAL_H_
