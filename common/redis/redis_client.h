// RedisPort over a Redis server of version 2.8 or newer (6 or newer with an ACL user).
#ifndef TANDEM_COMMON_REDIS_REDIS_CLIENT_H_
#define TANDEM_COMMON_REDIS_REDIS_CLIENT_H_

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include "common/redis/circuit_breaker.h"
#include "common/redis/connection_pool.h"
#include "common/redis/redis_port.h"
#include "common/redis/redis_url.h"
#include "common/redis/write_queue.h"

namespace tandem {

struct RedisOptions {
  RedisUrl url;
  // The most that one operation takes, waiting for a connection included. The most a dead Redis costs a caller, until
  // the breaker opens.
  std::chrono::microseconds budget{5000};
  std::chrono::milliseconds connect_budget{50};       // in the background
  std::chrono::milliseconds write_batch_budget{100};  // in the background
  int connections = 4;                                // for reads and leases; queued writes have one more
  size_t max_value_bytes = size_t{1} << 20;
  size_t queue_entries = 1024;
  size_t queue_bytes = size_t{16} << 20;
  BreakerOptions breaker;
};

// See RedisPort. Two threads of its own, one to connect and one to write. Error replies do not open the breaker: a
// server that answers in time costs nobody much.
class RedisClient final : public RedisPort {
 public:
  // Starts connecting and returns at once, whether or not the server is there. INVALID_ARGUMENT for options out of
  // range.
  static absl::StatusOr<std::unique_ptr<RedisClient>> Create(const RedisOptions& options);
  // Drops what is queued; takes up to connect_budget + budget + write_batch_budget.
  ~RedisClient() override = default;

  absl::StatusOr<std::optional<std::string>> Get(absl::string_view key, Deadline deadline) override;
  absl::StatusOr<bool> SetIfAbsent(absl::string_view key, absl::string_view value, absl::Duration ttl,
                                   Deadline deadline) override;
  void SetLater(absl::string_view key, absl::string_view value, absl::Duration ttl) override;
  bool open() const override { return pool_.open(); }
  RedisStats stats() const override;

  // Waits until all connections are live; false at `deadline`. For start-up and tests.
  bool WaitUntilConnected(Deadline deadline) { return pool_.WaitUntilFull(deadline); }

 private:
  explicit RedisClient(const RedisOptions& options);

  // One command, one reply that `takes` accepts. Everything else is an error, counted, after which the connection is
  // gone. An error reply of the server is its status.
  absl::StatusOr<RedisReply> Ask(absl::Span<const absl::string_view> words, Deadline deadline,
                                 bool (*takes)(const RedisReply&));

  const RedisOptions options_;
  RedisCounters counters_;
  ConnectionPool pool_;
  WriteQueue writes_;
};

}  // namespace tandem

#endif  // TANDEM_COMMON_REDIS_REDIS_CLIENT_H_
