// What a Redis client counts: one relaxed counter per outcome, and a plain copy of them for whoever shows them.
#ifndef TANDEM_COMMON_REDIS_REDIS_STATS_H_
#define TANDEM_COMMON_REDIS_REDIS_STATS_H_

#include <atomic>
#include <cstdint>
#include <string>

namespace tandem {

// `Number` is uint64_t in a copy, std::atomic<uint64_t> where it is counted. All count up since the start unless said.
template <typename Number>
struct RedisCounts {
  // Reads and leases that were answered.
  Number hits{0}, misses{0};
  Number set_if_absent_won{0}, set_if_absent_lost{0};
  // Operations that failed, by what went wrong. Each of these is one operation.
  Number timeouts{0};         // no whole answer within the budget
  Number io_errors{0};        // the connection broke
  Number protocol_errors{0};  // not RESP, a type that was not asked for, or more answers than questions
  Number oversized{0};        // a value above max_value_bytes
  Number no_connection{0};    // none was live
  Number busy{0};             // all were lent out for the whole budget
  Number breaker_refused{0};  // the breaker was open
  // Error replies of the server, to operations and to queued writes, by their first word.
  Number moved{0};  // MOVED, ASK, CLUSTERDOWN, CROSSSLOT: it is a cluster, which this client does not speak
  Number read_only{0};
  Number not_allowed{0};  // NOAUTH, NOPERM, WRONGPASS
  Number out_of_memory{0};
  Number loading{0};
  Number other_errors{0};
  // Connections and the breaker.
  Number connects{0}, connect_failures{0};
  Number stale_connections{0};  // found closed or with unasked bytes before use, and replaced
  Number breaker_opened{0};
  // Queued writes.
  Number writes{0};          // acknowledged
  Number writes_refused{0};  // an error reply, counted by kind too
  Number writes_lost{0};     // sent or about to be, outcome not known
  Number writes_dropped{
      0};  // never sent: the queue was full, the breaker open, the entry out of bounds, or the end came
  Number queued{0}, queued_bytes{0};  // now
};

struct RedisStats : RedisCounts<uint64_t> {
  bool open = false;
  uint64_t live_connections = 0;  // now; without the writer's own
  // Why the last attempt to connect failed, for an operator; empty when it did not. Holds no key, value or secret.
  std::string last_problem;
};

using RedisCounters = RedisCounts<std::atomic<uint64_t>>;

inline void Count(std::atomic<uint64_t>& counter, uint64_t by = 1) { counter.fetch_add(by, std::memory_order_relaxed); }

// A copy; each number is true for itself, the numbers need not belong to one instant.
RedisStats CopyOf(const RedisCounters& counters);

}  // namespace tandem

#endif  // TANDEM_COMMON_REDIS_REDIS_STATS_H_
