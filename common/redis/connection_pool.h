// A few live connections, lent to one thread at a time, made by a thread of the pool's own so that no caller pays for
// it.
#ifndef TANDEM_COMMON_REDIS_CONNECTION_POOL_H_
#define TANDEM_COMMON_REDIS_CONNECTION_POOL_H_

#include <atomic>
#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/statusor.h"

#include "common/base/mutex.h"
#include "common/redis/circuit_breaker.h"
#include "common/redis/connection.h"
#include "common/redis/redis_stats.h"
#include "common/redis/redis_url.h"

namespace tandem {

// Thread-safe. All lent connections must be back before it is destroyed; that takes up to the budgets of connecting.
class ConnectionPool {
 public:
  using Time = std::chrono::steady_clock::time_point;
  struct Options {
    int size = 4;
    ConnectionLimits limits;
    BreakerOptions breaker;
  };

  // `counters` outlives it.
  ConnectionPool(RedisUrl url, Options options, RedisCounters* counters);
  ~ConnectionPool();

  // A connection that is open with nothing unread. UNAVAILABLE, counted: at once when the breaker is open or no
  // connection is live, at `deadline` when all stay lent out.
  absl::StatusOr<std::unique_ptr<RedisConnection>> Take(Time deadline);
  // Brings one back; it is destroyed and made anew unless `good`. The breaker counts this as one operation.
  void Return(std::unique_ptr<RedisConnection> connection, bool good);

  bool open() const { return open_.load(std::memory_order_relaxed); }
  // Waits until all connections are live; false at `deadline`. For start-up and tests.
  bool WaitUntilFull(Time deadline);
  // Live connections now, and why the last attempt to make one failed.
  void Describe(RedisStats* stats) const;

 private:
  void Run();
  // Until a connection should be made; false at the end.
  bool WaitUntilWanted();
  void Settle(absl::StatusOr<std::unique_ptr<RedisConnection>> made);
  void Trip(bool tripped) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const RedisUrl url_;
  const Options options_;
  RedisCounters* const counters_;

  mutable Mutex mutex_;
  CondVar returned_;  // for who waits in Take or WaitUntilFull
  CondVar wanted_;    // for the pool's own thread
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  int live_ ABSL_GUARDED_BY(mutex_) = 0;  // idle and lent
  std::vector<std::unique_ptr<RedisConnection>> idle_ ABSL_GUARDED_BY(mutex_);
  CircuitBreaker breaker_ ABSL_GUARDED_BY(mutex_);
  Time retry_at_ ABSL_GUARDED_BY(mutex_);
  std::string last_problem_ ABSL_GUARDED_BY(mutex_);
  std::atomic<bool> open_ = false;  // what breaker_ says, to be read without the mutex
  std::thread thread_;
};

}  // namespace tandem

#endif  // TANDEM_COMMON_REDIS_CONNECTION_POOL_H_
