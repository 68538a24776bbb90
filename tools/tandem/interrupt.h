// Ctrl-C while a command follows something without an end.
#ifndef TANDEM_TOOLS_TANDEM_INTERRUPT_H_
#define TANDEM_TOOLS_TANDEM_INTERRUPT_H_

#include <functional>
#include <thread>

#include "absl/base/thread_annotations.h"

#include "common/base/mutex.h"

namespace tandem::cli {

// From construction to destruction the first SIGINT or SIGTERM calls what is to be called instead of ending the
// process; the second one ends it. One at a time in a process. Thread-safe.
class Interrupt {
 public:
  Interrupt();
  ~Interrupt();
  Interrupt(const Interrupt&) = delete;
  Interrupt& operator=(const Interrupt&) = delete;

  // `stop` is called by another thread, at once when a signal came already; null: nothing is. Returns when no earlier
  // one is being called any more.
  void Call(std::function<void()> stop);
  bool came() const;

 private:
  void Run();

  mutable Mutex mutex_;
  bool came_ ABSL_GUARDED_BY(mutex_) = false;
  std::function<void()> stop_ ABSL_GUARDED_BY(mutex_);
  std::thread thread_;
};

}  // namespace tandem::cli

#endif  // TANDEM_TOOLS_TANDEM_INTERRUPT_H_
