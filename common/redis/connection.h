// One connection to a Redis server: whole words out, checked replies in, all of it by a deadline.
//
// The only file besides connection.cc that knows hiredis, of which it uses the connecting, the encoding of words and
// the reply parser. Bytes are moved here: hiredis's own timeouts are per read, so a trickling server could stretch
// them.
#ifndef TANDEM_COMMON_REDIS_CONNECTION_H_
#define TANDEM_COMMON_REDIS_CONNECTION_H_

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

#include "common/redis/redis_stats.h"
#include "common/redis/redis_url.h"

struct redisContext;

namespace tandem {

// One reply. An array is never one: no command sent here is answered by an array.
struct RedisReply {
  enum class Kind { kNil, kState, kError, kText, kInteger };
  Kind kind = Kind::kNil;
  std::string text = {};  // of kState, kError and kText
  int64_t integer = 0;    // of kInteger
};

// The status of an error reply, counted by its kind. Only its first word is repeated: the rest may hold a key.
absl::Status RefusalOf(const RedisReply& reply, RedisCounters* counters);

struct ConnectionLimits {
  // For connecting, AUTH and SELECT together; a name's resolution is not bounded by it.
  std::chrono::milliseconds connect_budget{50};
  // For the PING that ends it: a server that cannot answer in an operation's time is not worth a connection.
  std::chrono::microseconds ping_budget{5000};
  size_t max_value_bytes = size_t{1} << 20;  // a longer reply is not read, the connection is given up
};

// Belongs to one thread at a time. After any error of Exchange it must be destroyed, never used again: a late reply
// would answer the next question.
class RedisConnection {
 public:
  using Time = std::chrono::steady_clock::time_point;

  // Connects, authenticates, selects the database and sees one PING answered. Blocks up to both budgets.
  static absl::StatusOr<std::unique_ptr<RedisConnection>> Open(const RedisUrl& url, const ConnectionLimits& limits,
                                                               RedisCounters* counters);
  ~RedisConnection();
  RedisConnection(const RedisConnection&) = delete;
  RedisConnection& operator=(const RedisConnection&) = delete;

  // Adds one command to what the next Exchange sends. Words may hold any bytes.
  void Append(absl::Span<const absl::string_view> words);

  // Sends what was added and reads exactly one reply to each, in order, into `replies`, which keeps what came before an
  // error. DEADLINE_EXCEEDED: no whole answer by `deadline`. UNAVAILABLE: the connection broke. DATA_LOSS: not RESP, an
  // array, or more answers than questions. RESOURCE_EXHAUSTED: a reply above max_value_bytes.
  absl::Status Exchange(Time deadline, std::vector<RedisReply>* replies);

  // Whether it is still open with nothing unread, that is fit for the next question.
  bool Fit() const;

 private:
  struct Parser;
  explicit RedisConnection(size_t max_value_bytes);

  absl::Status Handshake(const RedisUrl& url, const ConnectionLimits& limits, Time connect_deadline,
                         RedisCounters* counters);
  absl::Status Expect(absl::Span<const absl::string_view> words, absl::string_view answer, Time deadline,
                      RedisCounters* counters);
  absl::Status Send();
  absl::Status Receive(std::vector<RedisReply>* replies);
  absl::Status Parse(std::vector<RedisReply>* replies);

  const size_t max_value_bytes_;
  redisContext* context_ = nullptr;
  std::unique_ptr<Parser> parser_;
  std::string out_;
  size_t sent_ = 0;      // of out_
  size_t expected_ = 0;  // replies still owed
};

}  // namespace tandem

#endif  // TANDEM_COMMON_REDIS_CONNECTION_H_
