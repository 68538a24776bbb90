// Writes that may be lost: queued within bounds, sent by one thread in batches over a connection of its own.
#ifndef TANDEM_COMMON_REDIS_WRITE_QUEUE_H_
#define TANDEM_COMMON_REDIS_WRITE_QUEUE_H_

#include <chrono>
#include <cstddef>
#include <deque>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/string_view.h"

#include "common/base/mutex.h"
#include "common/redis/connection.h"
#include "common/redis/redis_stats.h"
#include "common/redis/redis_url.h"

namespace tandem {

// Thread-safe. Destroying it drops what is queued and waits for the batch under way, up to its budgets.
class WriteQueue {
 public:
  struct Options {
    size_t most_entries = 1024;
    size_t most_bytes = size_t{16} << 20;  // keys and values, with kEntryBytes for each entry
    // One batch is sent and answered within this; it is no caller's time.
    std::chrono::milliseconds batch_budget{100};
    // After a failure to connect, while entries keep queueing and the oldest are dropped.
    std::chrono::milliseconds pause{500};
    ConnectionLimits limits;
  };
  static constexpr size_t kEntryBytes = 64;

  // `counters` outlives it.
  WriteQueue(RedisUrl url, Options options, RedisCounters* counters);
  ~WriteQueue();

  // Takes the whole key, prefix included. Drops the oldest entries to make room. REQUIRES: milliseconds > 0.
  void Push(std::string key, std::string value, int64_t milliseconds);

 private:
  struct Entry {
    std::string key, value;
    int64_t milliseconds;
    size_t bytes() const { return key.size() + value.size() + kEntryBytes; }
  };

  void Run();
  std::vector<Entry> NextBatch();
  void Write(const std::vector<Entry>& batch);
  void DropOldest() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void ShowSize() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const RedisUrl url_;
  const Options options_;
  RedisCounters* const counters_;

  Mutex mutex_;
  CondVar wake_;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::deque<Entry> queue_ ABSL_GUARDED_BY(mutex_);
  size_t bytes_ ABSL_GUARDED_BY(mutex_) = 0;

  // Of the thread only.
  std::unique_ptr<RedisConnection> connection_;
  std::chrono::steady_clock::time_point retry_at_;
  std::thread thread_;
};

}  // namespace tandem

#endif  // TANDEM_COMMON_REDIS_WRITE_QUEUE_H_
