// A proxy that does to a Redis connection what networks, full disks and bugs do to it; what it does can be changed
// while it runs.
#ifndef TANDEM_TESTS_SUPPORT_TCP_PROXY_H_
#define TANDEM_TESTS_SUPPORT_TCP_PROXY_H_

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <thread>

#include "absl/status/statusor.h"

#include "common/base/mutex.h"
#include "tests/support/sockets.h"

namespace tandem::testing {

enum class ProxyMode {
  kPass,
  kCut,        // every connection is reset, new ones too
  kBlackhole,  // connections are accepted and stay open, no byte moves; what was held flows when the mode changes
  kDelay,      // each reply comes `delay` later
  kTrickle,    // replies come one byte each `delay`
  // Of the replies that carry a value, each `every`-th:
  kTruncate,  // ends in its middle, and the connection with it
  kFlipBit,   // has one bit of the value flipped
  kSwap,      // carries the value last read of another key
  kReplay,    // carries the first value ever read of its key
};

struct ProxyFault {
  ProxyMode mode = ProxyMode::kPass;
  std::chrono::microseconds delay{1000};
  int every = 1;
};

// Listens on a free port of loopback. Understands enough RESP to know replies from each other and which key a GET asked
// for; what is not RESP passes as it is. Thread-safe; one thread of its own.
class TcpProxy {
 public:
  // To a Unix socket, or to a port of loopback when `socket` is empty. The target need not be there yet.
  struct Target {
    std::string socket = {};
    int port = 0;
  };
  static absl::StatusOr<std::unique_ptr<TcpProxy>> Start(Target target);
  ~TcpProxy();
  TcpProxy(const TcpProxy&) = delete;
  TcpProxy& operator=(const TcpProxy&) = delete;

  int port() const { return port_; }
  // Holds for everything from now on, connections that are open included.
  void SetFault(const ProxyFault& fault);
  // Resets what is open now; new connections are taken.
  void CutNow();
  // Replies changed or truncated so far; connections accepted so far.
  uint64_t faults() const { return faults_; }
  uint64_t accepted() const { return accepted_; }

 private:
  friend class ProxyLoop;
  TcpProxy(Target target, Socket listener);

  const Target target_;
  const Socket listener_;
  const Socket event_;
  const int port_;
  Mutex mutex_;
  ProxyFault fault_ ABSL_GUARDED_BY(mutex_);
  bool cut_now_ ABSL_GUARDED_BY(mutex_) = false;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::atomic<uint64_t> faults_ = 0, accepted_ = 0;
  std::thread thread_;
};

}  // namespace tandem::testing

#endif  // TANDEM_TESTS_SUPPORT_TCP_PROXY_H_
