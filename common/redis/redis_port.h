// A shared cache as its users see it: keys, values, time to live. It may be slow, gone, emptied, full or wrong at any
// time.
//
// Nothing here is needed for a right answer. Whoever reads a value must be able to prove that it is the one it wants
// (bind it to its key, carry a version, seal it): a cache can answer with anything.
#ifndef TANDEM_COMMON_REDIS_REDIS_PORT_H_
#define TANDEM_COMMON_REDIS_REDIS_PORT_H_

#include <chrono>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include "common/redis/redis_stats.h"

namespace tandem {

// Thread-safe.
class RedisPort {
 public:
  using Deadline = std::chrono::steady_clock::time_point;

  virtual ~RedisPort() = default;

  // The value of `key`, or nullopt. Returns by `deadline` or by the implementation's own budget, whichever is first.
  // Every error means "not known", never "not there"; the caller computes. UNAVAILABLE: no live connection, all of them
  // lent out, or the breaker is open. DEADLINE_EXCEEDED: no time left. FAILED_PRECONDITION, PERMISSION_DENIED,
  // RESOURCE_EXHAUSTED, DATA_LOSS, INTERNAL: the server refused or answered what cannot be taken.
  virtual absl::StatusOr<std::optional<std::string>> Get(absl::string_view key, Deadline deadline) = 0;

  // Sets `key` unless it exists; true when it was set. `ttl` is from 1 ms to kMostTtl, else INVALID_ARGUMENT. Errors as
  // of Get; after one it is not known whether the key was set, and only its time to live takes it away again.
  virtual absl::StatusOr<bool> SetIfAbsent(absl::string_view key, absl::string_view value, absl::Duration ttl,
                                           Deadline deadline) = 0;

  // Sets `key` some time later, or never: it is queued, the oldest are dropped when the queue is full. Never blocks on
  // the network and never reports; stats() counts. A `ttl` out of range or too large a value is counted as dropped.
  virtual void SetLater(absl::string_view key, absl::string_view value, absl::Duration ttl) = 0;

  // Whether the breaker is open: then every call but stats() fails at once, without touching the network.
  virtual bool open() const = 0;

  virtual RedisStats stats() const = 0;

  static constexpr absl::Duration kMostTtl = absl::Hours(24 * 30);
};

}  // namespace tandem

#endif  // TANDEM_COMMON_REDIS_REDIS_PORT_H_
