// Follows the health of a server by grpc.health.v1, whose contract Debian does not ship: the two messages have one
// field each and are written by hand here.
#ifndef TANDEM_TESTS_E2E_HEALTH_WATCH_H_
#define TANDEM_TESTS_E2E_HEALTH_WATCH_H_

#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/time/time.h"
#include "grpcpp/channel.h"
#include "grpcpp/client_context.h"
#include "grpcpp/completion_queue.h"

#include "common/base/mutex.h"

namespace tandem::e2e {

enum class Health { kUnknown = 0, kServing = 1, kNotServing = 2 };

// Health of one service (empty: the whole server) as its watch tells it. Thread-safe.
class HealthWatch {
 public:
  HealthWatch(const std::shared_ptr<grpc::Channel>& channel, const std::string& service);
  ~HealthWatch();  // cancels

  // Returns when `health` was seen at any time, or false after `timeout` or at the end of the watch.
  bool WaitFor(Health health, absl::Duration timeout = absl::Seconds(30));

 private:
  void Run(const std::shared_ptr<grpc::Channel>& channel, const std::string& service);

  grpc::ClientContext context_;
  Mutex mutex_;
  CondVar changed_;
  std::vector<Health> seen_ ABSL_GUARDED_BY(mutex_);
  bool ended_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace tandem::e2e

#endif  // TANDEM_TESTS_E2E_HEALTH_WATCH_H_
