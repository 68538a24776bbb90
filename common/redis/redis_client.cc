#include "common/redis/redis_client.h"

#include <algorithm>
#include <cstdint>
#include <utility>

#include "absl/strings/str_cat.h"

#include "common/base/status.h"

namespace tandem {
namespace {

using std::chrono::steady_clock;

bool InRange(absl::Duration ttl) { return ttl >= absl::Milliseconds(1) && ttl <= RedisPort::kMostTtl; }

absl::Status ValueTooLong(size_t size, size_t most) {
  return absl::InvalidArgumentError(
      absl::StrCat("the value has ", size, " bytes and max_value_bytes is ", most, "; do not cache it, or raise that"));
}

bool IsValueOrNil(const RedisReply& reply) {
  return reply.kind == RedisReply::Kind::kText || reply.kind == RedisReply::Kind::kNil;
}

bool IsOkOrNil(const RedisReply& reply) {
  return (reply.kind == RedisReply::Kind::kState && reply.text == "OK") || reply.kind == RedisReply::Kind::kNil;
}

std::atomic<uint64_t>& CounterOf(const absl::Status& failure, RedisCounters& counters) {
  switch (failure.code()) {
    case absl::StatusCode::kDeadlineExceeded:
      return counters.timeouts;
    case absl::StatusCode::kResourceExhausted:
      return counters.oversized;
    case absl::StatusCode::kDataLoss:
      return counters.protocol_errors;
    default:
      return counters.io_errors;
  }
}

ConnectionLimits LimitsOf(const RedisOptions& options) {
  return {.connect_budget = options.connect_budget,
          .ping_budget = options.budget,
          .max_value_bytes = options.max_value_bytes};
}

WriteQueue::Options QueueOf(const RedisOptions& options) {
  ConnectionLimits limits = LimitsOf(options);
  limits.ping_budget = options.write_batch_budget;
  return {.most_entries = options.queue_entries,
          .most_bytes = options.queue_bytes,
          .batch_budget = options.write_batch_budget,
          .pause = options.breaker.least_pause,
          .limits = limits};
}

}  // namespace

absl::StatusOr<std::unique_ptr<RedisClient>> RedisClient::Create(const RedisOptions& options) {
  if (options.url.host.empty() == options.url.socket.empty()) {
    return absl::InvalidArgumentError("a Redis client needs a host or a socket; take both from ParseRedisUrl");
  }
  if (options.connections < 1 || options.connections > 1024) {
    return absl::InvalidArgumentError(
        absl::StrCat("a Redis client has ", options.connections, " connections; it needs 1 to 1024"));
  }
  if (options.budget.count() <= 0 || options.connect_budget.count() <= 0 || options.write_batch_budget.count() <= 0) {
    return absl::InvalidArgumentError("a Redis client's budgets must be above zero");
  }
  return std::unique_ptr<RedisClient>(new RedisClient(options));
}

RedisClient::RedisClient(const RedisOptions& options)
    : options_(options),
      pool_(options.url, {.size = options.connections, .limits = LimitsOf(options), .breaker = options.breaker},
            &counters_),
      writes_(options.url, QueueOf(options), &counters_) {}

absl::StatusOr<RedisReply> RedisClient::Ask(absl::Span<const absl::string_view> words, Deadline deadline,
                                            bool (*takes)(const RedisReply&)) {
  const Deadline now = steady_clock::now();
  deadline = std::min(deadline, now + options_.budget);
  if (deadline <= now) {
    // The caller's time was over before Redis had any, so it says nothing about Redis.
    return absl::DeadlineExceededError("there was no time left to ask Redis");
  }
  TANDEM_ASSIGN_OR_RETURN(std::unique_ptr<RedisConnection> connection, pool_.Take(deadline));
  connection->Append(words);
  std::vector<RedisReply> replies;
  absl::Status status = connection->Exchange(deadline, &replies);
  if (status.ok() && replies[0].kind != RedisReply::Kind::kError && !takes(replies[0])) {
    status = absl::DataLossError(absl::StrCat("Redis answered ", words[0], " by a type that was not asked for"));
  }
  pool_.Return(std::move(connection), status.ok());
  if (!status.ok()) {
    Count(CounterOf(status, counters_));
    return status;
  }
  if (replies[0].kind == RedisReply::Kind::kError) return RefusalOf(replies[0], &counters_);
  return std::move(replies[0]);
}

absl::StatusOr<std::optional<std::string>> RedisClient::Get(absl::string_view key, Deadline deadline) {
  TANDEM_ASSIGN_OR_RETURN(RedisReply reply,
                          Ask({"GET", absl::StrCat(options_.url.prefix, key)}, deadline, IsValueOrNil));
  const bool hit = reply.kind == RedisReply::Kind::kText;
  Count(hit ? counters_.hits : counters_.misses);
  return hit ? std::optional<std::string>(std::move(reply.text)) : std::nullopt;
}

absl::StatusOr<bool> RedisClient::SetIfAbsent(absl::string_view key, absl::string_view value, absl::Duration ttl,
                                              Deadline deadline) {
  if (!InRange(ttl)) {
    return absl::InvalidArgumentError(absl::StrCat("the time to live is ", absl::FormatDuration(ttl),
                                                   "; it must be from 1 ms to ", absl::FormatDuration(kMostTtl)));
  }
  if (value.size() > options_.max_value_bytes) return ValueTooLong(value.size(), options_.max_value_bytes);
  TANDEM_ASSIGN_OR_RETURN(RedisReply reply, Ask({"SET", absl::StrCat(options_.url.prefix, key), value, "NX", "PX",
                                                 absl::StrCat(absl::ToInt64Milliseconds(ttl))},
                                                deadline, IsOkOrNil));
  const bool won = reply.kind == RedisReply::Kind::kState;
  Count(won ? counters_.set_if_absent_won : counters_.set_if_absent_lost);
  return won;
}

void RedisClient::SetLater(absl::string_view key, absl::string_view value, absl::Duration ttl) {
  if (!InRange(ttl) || value.size() > options_.max_value_bytes || open()) {
    Count(counters_.writes_dropped);
    return;
  }
  writes_.Push(absl::StrCat(options_.url.prefix, key), std::string(value), absl::ToInt64Milliseconds(ttl));
}

RedisStats RedisClient::stats() const {
  RedisStats stats = CopyOf(counters_);
  pool_.Describe(&stats);
  return stats;
}

}  // namespace tandem
