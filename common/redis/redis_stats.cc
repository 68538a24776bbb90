#include "common/redis/redis_stats.h"

namespace tandem {

RedisStats CopyOf(const RedisCounters& counters) {
  RedisStats stats;
  struct Field {
    uint64_t RedisCounts<uint64_t>::*to;
    std::atomic<uint64_t> RedisCounters::*from;
  };
#define TANDEM_FIELD(name) \
  Field { &RedisCounts<uint64_t>::name, &RedisCounters::name }
  for (const Field& field : {TANDEM_FIELD(hits),
                             TANDEM_FIELD(misses),
                             TANDEM_FIELD(set_if_absent_won),
                             TANDEM_FIELD(set_if_absent_lost),
                             TANDEM_FIELD(timeouts),
                             TANDEM_FIELD(io_errors),
                             TANDEM_FIELD(protocol_errors),
                             TANDEM_FIELD(oversized),
                             TANDEM_FIELD(no_connection),
                             TANDEM_FIELD(busy),
                             TANDEM_FIELD(breaker_refused),
                             TANDEM_FIELD(moved),
                             TANDEM_FIELD(read_only),
                             TANDEM_FIELD(not_allowed),
                             TANDEM_FIELD(out_of_memory),
                             TANDEM_FIELD(loading),
                             TANDEM_FIELD(other_errors),
                             TANDEM_FIELD(connects),
                             TANDEM_FIELD(connect_failures),
                             TANDEM_FIELD(stale_connections),
                             TANDEM_FIELD(breaker_opened),
                             TANDEM_FIELD(writes),
                             TANDEM_FIELD(writes_refused),
                             TANDEM_FIELD(writes_lost),
                             TANDEM_FIELD(writes_dropped),
                             TANDEM_FIELD(queued),
                             TANDEM_FIELD(queued_bytes)}) {
    stats.*(field.to) = (counters.*(field.from)).load(std::memory_order_relaxed);
  }
#undef TANDEM_FIELD
  static_assert(sizeof(RedisCounters) == 27 * sizeof(uint64_t), "a counter was added: copy it above");
  return stats;
}

}  // namespace tandem
