#include "common/redis/connection.h"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <hiredis/hiredis.h>
#include <poll.h>
#include <sys/socket.h>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

#include "common/base/status.h"

namespace tandem {
namespace {

using std::chrono::steady_clock;

// A status line, an error or a bulk string's frame may be this much longer than the longest value.
constexpr size_t kFraming = 1024;

absl::Status Broken(absl::string_view what) {
  return absl::UnavailableError(absl::StrCat("the connection to Redis broke: ", what));
}

absl::Status NotTaken(absl::string_view what) {
  return absl::DataLossError(absl::StrCat("Redis answered ", what, "; the connection is given up"));
}

absl::Status TooLong(size_t most) {
  return absl::ResourceExhaustedError(
      absl::StrCat("Redis answers more than max_value_bytes (", most, " bytes); the connection is given up"));
}

timeval ToTimeval(std::chrono::microseconds time) {
  return {.tv_sec = static_cast<time_t>(time.count() / 1'000'000),
          .tv_usec = static_cast<suseconds_t>(time.count() % 1'000'000)};
}

// The server's first word, if it looks like one: "-OOM command not allowed ..." is "OOM".
absl::string_view FirstWord(absl::string_view text) {
  const absl::string_view word = text.substr(0, text.find(' '));
  const bool plain = !word.empty() && word.size() <= 24 && std::all_of(word.begin(), word.end(), [](unsigned char c) {
    return absl::ascii_isupper(c) || absl::ascii_isdigit(c) || c == '_';
  });
  return plain ? word : "ERR";
}

}  // namespace

absl::Status RefusalOf(const RedisReply& reply, RedisCounters* counters) {
  const absl::string_view word = FirstWord(reply.text);
  const std::string said = absl::StrCat("Redis answered ", word);
  if (word == "MOVED" || word == "ASK" || word == "CLUSTERDOWN" || word == "CROSSSLOT" || word == "TRYAGAIN") {
    Count(counters->moved);
    return absl::FailedPreconditionError(
        absl::StrCat(said, ": it is a cluster; name a single server (or its proxy) in the Redis URL"));
  }
  if (word == "READONLY") {
    Count(counters->read_only);
    return absl::FailedPreconditionError(absl::StrCat(said, ": it is a replica; name the primary in the Redis URL"));
  }
  if (word == "NOAUTH" || word == "NOPERM" || word == "WRONGPASS") {
    Count(counters->not_allowed);
    return absl::PermissionDeniedError(absl::StrCat(
        said, ": check user and password in the Redis URL, and that the user may GET, SET, PING and SELECT"));
  }
  if (word == "OOM") {
    Count(counters->out_of_memory);
    return absl::ResourceExhaustedError(
        absl::StrCat(said, ": it is full; raise maxmemory or set maxmemory-policy to allkeys-lfu"));
  }
  if (word == "LOADING") {
    Count(counters->loading);
    return absl::UnavailableError(absl::StrCat(said, ": it is starting"));
  }
  Count(counters->other_errors);
  return absl::InternalError(said);
}

// hiredis's parser, told to build our reply in place: nothing else is allocated, and an array of any declared length is
// refused before one is.
struct RedisConnection::Parser {
  redisReader* reader = nullptr;
  RedisReply reply;
  bool array = false;

  Parser() : reader(redisReaderCreateWithFunctions(&functions)) { reader->privdata = this; }
  ~Parser() { redisReaderFree(reader); }
  Parser(const Parser&) = delete;
  Parser& operator=(const Parser&) = delete;

  size_t unread() const { return reader->len - reader->pos; }

  // The length that a bulk string declares whose body has not come yet, or 0.
  size_t Announced() const {
    if (reader->ridx != 0 || reader->rstack[0].type != REDIS_REPLY_STRING) return 0;
    const absl::string_view rest(reader->buf + reader->pos, unread());
    const size_t end = rest.find("\r\n");
    uint64_t length = 0;
    return end != absl::string_view::npos && absl::SimpleAtoi(rest.substr(0, end), &length) ? length : 0;
  }

 private:
  static Parser* Of(const redisReadTask* task) { return static_cast<Parser*>(task->privdata); }

  static void* OnString(const redisReadTask* task, char* text, size_t length) {
    RedisReply& reply = Of(task)->reply;
    switch (task->type) {
      case REDIS_REPLY_STATUS:
        reply.kind = RedisReply::Kind::kState;
        break;
      case REDIS_REPLY_ERROR:
        reply.kind = RedisReply::Kind::kError;
        break;
      case REDIS_REPLY_STRING:
        reply.kind = RedisReply::Kind::kText;
        break;
      default:
        return nullptr;
    }
    reply.text.assign(text, length);
    return &reply;
  }
  static void* OnArray(const redisReadTask* task, int) {
    Of(task)->array = true;
    return nullptr;
  }
  static void* OnInteger(const redisReadTask* task, long long value) {
    RedisReply& reply = Of(task)->reply;
    reply.kind = RedisReply::Kind::kInteger;
    reply.integer = value;
    return &reply;
  }
  static void* OnNil(const redisReadTask* task) {
    RedisReply& reply = Of(task)->reply;
    reply.kind = RedisReply::Kind::kNil;
    return &reply;
  }
  static void OnFree(void*) {}

  static inline redisReplyObjectFunctions functions = {OnString, OnArray, OnInteger, OnNil, OnFree};
};

RedisConnection::RedisConnection(size_t max_value_bytes)
    : max_value_bytes_(max_value_bytes), parser_(std::make_unique<Parser>()) {}

RedisConnection::~RedisConnection() {
  if (context_ != nullptr) redisFree(context_);
}

absl::StatusOr<std::unique_ptr<RedisConnection>> RedisConnection::Open(const RedisUrl& url,
                                                                       const ConnectionLimits& limits,
                                                                       RedisCounters* counters) {
  const Time deadline = steady_clock::now() + limits.connect_budget;
  std::unique_ptr<RedisConnection> connection(new RedisConnection(limits.max_value_bytes));
  const timeval budget = ToTimeval(limits.connect_budget);
  connection->context_ = url.socket.empty() ? redisConnectWithTimeout(url.host.c_str(), url.port, budget)
                                            : redisConnectUnixWithTimeout(url.socket.c_str(), budget);
  if (connection->context_ == nullptr) return absl::ResourceExhaustedError("there is no memory for a connection");
  if (connection->context_->err != 0) {
    return absl::UnavailableError(absl::StrCat("cannot connect to Redis: ", connection->context_->errstr));
  }
  const int fd = connection->context_->fd;
  const int flags = fcntl(fd, F_GETFL);
  if (flags < 0 || fcntl(fd, F_SETFL, flags | O_NONBLOCK) != 0 || fcntl(fd, F_SETFD, FD_CLOEXEC) != 0) {
    return absl::InternalError("cannot make a socket non-blocking");
  }
  TANDEM_RETURN_IF_ERROR(connection->Handshake(url, limits, deadline, counters));
  return connection;
}

absl::Status RedisConnection::Handshake(const RedisUrl& url, const ConnectionLimits& limits, Time connect_deadline,
                                        RedisCounters* counters) {
  if (!url.password.empty()) {
    std::vector<absl::string_view> words = {"AUTH"};
    if (!url.user.empty()) words.push_back(url.user);
    words.push_back(url.password);
    TANDEM_RETURN_IF_ERROR(Expect(words, "OK", connect_deadline, counters));
  }
  if (url.database != 0) {
    TANDEM_RETURN_IF_ERROR(Expect({"SELECT", absl::StrCat(url.database)}, "OK", connect_deadline, counters));
  }
  return Expect({"PING"}, "PONG", steady_clock::now() + limits.ping_budget, counters);
}

absl::Status RedisConnection::Expect(absl::Span<const absl::string_view> words, absl::string_view answer, Time deadline,
                                     RedisCounters* counters) {
  Append(words);
  std::vector<RedisReply> replies;
  absl::Status status = Exchange(deadline, &replies);
  if (status.ok() && replies[0].kind == RedisReply::Kind::kError) status = RefusalOf(replies[0], counters);
  if (status.ok() && (replies[0].kind != RedisReply::Kind::kState || replies[0].text != answer)) {
    status = NotTaken(absl::StrCat("something else than ", answer));
  }
  if (status.ok()) return status;
  return absl::Status(status.code(), absl::StrCat(words[0], ": ", status.message()));
}

void RedisConnection::Append(absl::Span<const absl::string_view> words) {
  std::vector<const char*> texts;
  std::vector<size_t> lengths;
  for (const absl::string_view word : words) {
    texts.push_back(word.empty() ? "" : word.data());
    lengths.push_back(word.size());
  }
  char* command = nullptr;
  const int length = redisFormatCommandArgv(&command, static_cast<int>(words.size()), texts.data(), lengths.data());
  // Fails for lack of memory only; the missing question then ends its Exchange by the deadline.
  if (length > 0) out_.append(command, static_cast<size_t>(length));
  if (command != nullptr) redisFreeCommand(command);
  ++expected_;
}

absl::Status RedisConnection::Exchange(Time deadline, std::vector<RedisReply>* replies) {
  while (expected_ > 0) {
    TANDEM_RETURN_IF_ERROR(Send());
    const auto left = deadline - steady_clock::now();
    if (left <= left.zero()) return absl::DeadlineExceededError("Redis did not answer within the budget");
    const int64_t nanoseconds = std::chrono::nanoseconds(left).count();
    const timespec wait = {.tv_sec = static_cast<time_t>(nanoseconds / 1'000'000'000),
                           .tv_nsec = static_cast<long>(nanoseconds % 1'000'000'000)};
    pollfd poll = {.fd = context_->fd,
                   .events = static_cast<short>(sent_ < out_.size() ? POLLIN | POLLOUT : POLLIN),
                   .revents = 0};
    if (ppoll(&poll, 1, &wait, nullptr) < 0 && errno != EINTR) return Broken("poll failed");
    if ((poll.revents & ~POLLOUT) != 0) TANDEM_RETURN_IF_ERROR(Receive(replies));
  }
  // An answer that came before its question was out, or one too many, belongs to no question.
  if (sent_ < out_.size() || parser_->unread() > 0) return NotTaken("more than it was asked");
  out_.clear();
  sent_ = 0;
  return absl::OkStatus();
}

absl::Status RedisConnection::Send() {
  while (sent_ < out_.size()) {
    const ssize_t count = send(context_->fd, out_.data() + sent_, out_.size() - sent_, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) break;
    if (count < 0) return Broken("it cannot be written to");
    sent_ += static_cast<size_t>(count);
  }
  return absl::OkStatus();
}

absl::Status RedisConnection::Receive(std::vector<RedisReply>* replies) {
  char buffer[64 << 10];  // most values in one go
  const ssize_t count = recv(context_->fd, buffer, sizeof buffer, MSG_DONTWAIT);
  if (count == 0) return Broken("Redis closed it");
  if (count < 0) {
    const bool later = errno == EINTR || errno == EAGAIN || errno == EWOULDBLOCK;
    return later ? absl::OkStatus() : Broken("it cannot be read");
  }
  if (redisReaderFeed(parser_->reader, buffer, static_cast<size_t>(count)) != REDIS_OK) {
    return absl::ResourceExhaustedError("there is no memory for an answer of Redis");
  }
  return Parse(replies);
}

absl::Status RedisConnection::Parse(std::vector<RedisReply>* replies) {
  while (expected_ > 0) {
    void* whole = nullptr;
    if (redisReaderGetReply(parser_->reader, &whole) != REDIS_OK) {
      return NotTaken(parser_->array ? "an array, which was not asked for" : "what is not RESP");
    }
    if (whole == nullptr) break;
    if (parser_->reply.text.size() > max_value_bytes_) return TooLong(max_value_bytes_);
    replies->push_back(std::exchange(parser_->reply, RedisReply()));
    --expected_;
  }
  if (expected_ > 0 && (parser_->Announced() > max_value_bytes_ || parser_->unread() > max_value_bytes_ + kFraming)) {
    return TooLong(max_value_bytes_);
  }
  return absl::OkStatus();
}

bool RedisConnection::Fit() const {
  char byte;
  return expected_ == 0 && recv(context_->fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) < 0 &&
         (errno == EAGAIN || errno == EWOULDBLOCK);
}

}  // namespace tandem
