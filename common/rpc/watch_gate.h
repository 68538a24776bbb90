// The bound on open watches, and how draining ends them.
#ifndef TANDEM_COMMON_RPC_WATCH_GATE_H_
#define TANDEM_COMMON_RPC_WATCH_GATE_H_

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "common/base/mutex.h"

namespace tandem::rpc {

// Thread-safe. Each watch occupies a thread for as long as it is open, so their number is bounded. One gate serves all
// watches of a server; it must outlive them.
class WatchGate {
 public:
  static constexpr int kDefaultMost = 128;
  explicit WatchGate(int most = kDefaultMost) : most_(most) {}

  // Held while a watch is open.
  class Pass {
   public:
    explicit Pass(WatchGate* gate) : gate_(gate) {}
    Pass(Pass&& other) noexcept : gate_(other.gate_) { other.gate_ = nullptr; }
    Pass& operator=(Pass&&) = delete;
    ~Pass() {
      if (gate_ != nullptr) gate_->Leave();
    }

   private:
    WatchGate* gate_;
  };

  // RESOURCE_EXHAUSTED (LIMIT_EXCEEDED, with a retry delay) when the gate is full, UNAVAILABLE (NOT_READY) once closed.
  absl::StatusOr<Pass> Enter();

  // Whether watches are to end. They look at least twice a second.
  bool closed() const;
  void Close();

  int most() const { return most_; }
  int open() const;  // watches that are open now

 private:
  void Leave();

  const int most_;
  mutable Mutex mutex_;
  int open_ ABSL_GUARDED_BY(mutex_) = 0;
  bool closed_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace tandem::rpc

#endif  // TANDEM_COMMON_RPC_WATCH_GATE_H_
