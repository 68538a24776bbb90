#include "common/redis/connection.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include "tests/support/resp.h"
#include "tests/unit/common/redis/fake_redis.h"

namespace tandem {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;
using testing::BulkFrame;
using ::testing::ElementsAre;
using testing::FakeAnswer;
using testing::FakeRedis;
using Words = std::vector<std::string>;
using Kind = RedisReply::Kind;

// Far more than an answer on loopback takes, even on a loaded machine.
constexpr milliseconds kPatience{20'000};
constexpr ConnectionLimits kPatient = {
    .connect_budget = kPatience, .ping_budget = kPatience, .max_value_bytes = 1 << 20};

// A connection to a server that answers GET as told.
struct Pair {
  explicit Pair(FakeAnswer answer, ConnectionLimits limits = kPatient)
      : server([answer](const Words& words) { return words[0] == "GET" ? std::optional(answer) : std::nullopt; }) {
    RedisUrl url;
    url.host = "127.0.0.1";
    url.port = server.port();
    auto made = RedisConnection::Open(url, limits, &counters);
    EXPECT_TRUE(made.ok()) << made.status();
    if (made.ok()) connection = *std::move(made);
  }

  absl::Status Get(std::vector<RedisReply>* replies, milliseconds budget = kPatience) {
    connection->Append({"GET", "k"});
    return connection->Exchange(steady_clock::now() + budget, replies);
  }

  RedisCounters counters;
  FakeRedis server;
  std::unique_ptr<RedisConnection> connection;
};

TEST(ConnectionTest, ReadsEachKindOfReply) {
  const std::string bytes("a\0\r\n$b", 6);
  const struct {
    std::string frame;
    Kind kind;
    std::string text;
    int64_t integer;
  } cases[] = {
      {"$-1\r\n", Kind::kNil, "", 0},
      {"*-1\r\n", Kind::kNil, "", 0},
      {"$0\r\n\r\n", Kind::kText, "", 0},
      {BulkFrame(bytes), Kind::kText, bytes, 0},
      {"+OK\r\n", Kind::kState, "OK", 0},
      {"-OOM no\r\n", Kind::kError, "OOM no", 0},
      {":-5\r\n", Kind::kInteger, "", -5},
      {BulkFrame(std::string(1 << 20, 'x')), Kind::kText, std::string(1 << 20, 'x'), 0},
  };
  for (const auto& each : cases) {
    Pair pair({.bytes = each.frame});
    std::vector<RedisReply> replies;
    ASSERT_TRUE(pair.Get(&replies).ok()) << each.frame.substr(0, 20);
    ASSERT_EQ(replies.size(), 1u);
    EXPECT_EQ(replies[0].kind, each.kind);
    EXPECT_EQ(replies[0].text, each.text);
    EXPECT_EQ(replies[0].integer, each.integer);
    EXPECT_TRUE(pair.connection->Fit());
  }
}

TEST(ConnectionTest, RefusesWhatIsNoAnswer) {
  for (const char* frame :
       {"hello\r\n", "?3\r\n", "$x\r\n", "$-2\r\n", ":1x\r\n", "*1\r\n$1\r\na\r\n", "*0\r\n",
        "*2\r\n*1\r\n:1\r\n:2\r\n", "*1000000000\r\n", "*2147483648\r\n", "+OK\r\n+OK\r\n", "$1\r\na\r\n$"}) {
    Pair pair({.bytes = frame});
    std::vector<RedisReply> replies;
    EXPECT_EQ(pair.Get(&replies).code(), absl::StatusCode::kDataLoss) << frame;
  }
}

TEST(ConnectionTest, RefusesAValueAboveTheBoundWithoutReadingIt) {
  for (const std::string& frame : {std::string("$536870912\r\nabc"), std::string("$9223372036854775807\r\n"),
                                   "$101\r\n" + std::string(101, 'x') + "\r\n", "+" + std::string(70'000, 'x')}) {
    ConnectionLimits limits = kPatient;
    limits.max_value_bytes = 100;
    Pair pair({.bytes = frame}, limits);
    std::vector<RedisReply> replies;
    EXPECT_EQ(pair.Get(&replies).code(), absl::StatusCode::kResourceExhausted) << frame.substr(0, 30);
  }
}

TEST(ConnectionTest, ATruncatedAnswerIsABrokenConnection) {
  Pair pair({.bytes = "$10\r\nabc", .then_close = true});
  std::vector<RedisReply> replies;
  EXPECT_EQ(pair.Get(&replies).code(), absl::StatusCode::kUnavailable);
}

TEST(ConnectionTest, TheDeadlineHoldsWhenNothingComes) {
  Pair pair({.bytes = ""});
  std::vector<RedisReply> replies;
  const auto start = steady_clock::now();
  EXPECT_EQ(pair.Get(&replies, milliseconds(20)).code(), absl::StatusCode::kDeadlineExceeded);
  EXPECT_GE(steady_clock::now() - start, milliseconds(20));
  EXPECT_FALSE(pair.connection->Fit());
}

TEST(ConnectionTest, ATrickleDoesNotStretchTheDeadline) {
  // Every byte arrives well within a timeout that were counted per read.
  Pair pair({.bytes = BulkFrame(std::string(60'000, 'x')), .byte_gap = milliseconds(1)});
  std::vector<RedisReply> replies;
  const auto start = steady_clock::now();
  EXPECT_EQ(pair.Get(&replies, milliseconds(30)).code(), absl::StatusCode::kDeadlineExceeded);
  EXPECT_LT(steady_clock::now() - start, milliseconds(10'000)) << "the whole answer takes a minute";
}

TEST(ConnectionTest, ReadsAnAnswerThatComesByteByByte) {
  Pair pair({.bytes = BulkFrame("value"), .byte_gap = milliseconds(1)});
  std::vector<RedisReply> replies;
  ASSERT_TRUE(pair.Get(&replies).ok());
  EXPECT_EQ(replies[0].text, "value");
}

TEST(ConnectionTest, KeepsTheOrderOfManyQuestionsLargerThanTheSocket) {
  Pair pair({.bytes = BulkFrame(std::string(100'000, 'y'))});
  const std::string filler(100'000, 'z');
  for (int i = 0; i < 50; ++i) {
    pair.connection->Append({"GET", filler});
    pair.connection->Append({"SET", "k", filler});
  }
  std::vector<RedisReply> replies;
  ASSERT_TRUE(pair.connection->Exchange(steady_clock::now() + kPatience, &replies).ok());
  ASSERT_EQ(replies.size(), 100u);
  for (size_t i = 0; i < replies.size(); ++i) EXPECT_EQ(replies[i].kind, i % 2 == 0 ? Kind::kText : Kind::kState);
}

TEST(ConnectionTest, AuthenticatesSelectsAndPingsBeforeAnyUse) {
  FakeRedis server([](const Words&) { return std::nullopt; });
  RedisCounters counters;
  RedisUrl url;
  url.host = "127.0.0.1";
  url.port = server.port();
  url.password = "pw with spaces";
  url.database = 3;
  ASSERT_TRUE(RedisConnection::Open(url, kPatient, &counters).ok());
  url.user = "reader";
  ASSERT_TRUE(RedisConnection::Open(url, kPatient, &counters).ok());
  EXPECT_THAT(server.commands(),
              ElementsAre("AUTH pw with spaces", "SELECT 3", "PING", "AUTH reader pw with spaces", "SELECT 3", "PING"));
}

TEST(ConnectionTest, ARefusedHandshakeNamesTheStepAndNoSecret) {
  FakeRedis server([](const Words& words) -> std::optional<FakeAnswer> {
    if (words[0] != "AUTH") return std::nullopt;
    return FakeAnswer{.bytes = "-WRONGPASS the password hunter2 is wrong\r\n"};
  });
  RedisCounters counters;
  RedisUrl url;
  url.host = "127.0.0.1";
  url.port = server.port();
  url.password = "hunter2";
  const absl::Status status = RedisConnection::Open(url, kPatient, &counters).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kPermissionDenied);
  EXPECT_TRUE(absl::StrContains(status.message(), "AUTH: Redis answered WRONGPASS")) << status;
  EXPECT_FALSE(absl::StrContains(status.message(), "hunter2")) << status;
  EXPECT_EQ(counters.not_allowed, 1u);
}

TEST(ConnectionTest, ConnectingToASilentServerEndsWithinItsBudget) {
  FakeRedis server([](const Words&) { return FakeAnswer{}; });
  RedisCounters counters;
  RedisUrl url;
  url.host = "127.0.0.1";
  url.port = server.port();
  ConnectionLimits limits = kPatient;
  limits.ping_budget = milliseconds(20);
  EXPECT_EQ(RedisConnection::Open(url, limits, &counters).status().code(), absl::StatusCode::kDeadlineExceeded);
}

TEST(ConnectionTest, CountsRefusalsByTheirFirstWord) {
  RedisCounters counters;
  const auto code = [&](absl::string_view text) {
    return RefusalOf({.kind = Kind::kError, .text = std::string(text)}, &counters).code();
  };
  EXPECT_EQ(code("MOVED 1 host:1"), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(code("ASK 1 host:1"), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(code("READONLY You"), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(code("NOAUTH a"), absl::StatusCode::kPermissionDenied);
  EXPECT_EQ(code("NOPERM a"), absl::StatusCode::kPermissionDenied);
  EXPECT_EQ(code("OOM command"), absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(code("LOADING Redis"), absl::StatusCode::kUnavailable);
  EXPECT_EQ(code("WRONGTYPE a"), absl::StatusCode::kInternal);
  EXPECT_EQ(code(""), absl::StatusCode::kInternal);
  EXPECT_EQ(counters.moved, 2u);
  EXPECT_EQ(counters.read_only, 1u);
  EXPECT_EQ(counters.not_allowed, 2u);
  EXPECT_EQ(counters.out_of_memory, 1u);
  EXPECT_EQ(counters.loading, 1u);
  EXPECT_EQ(counters.other_errors, 2u);
  const absl::Status odd = RefusalOf({.kind = Kind::kError, .text = "some-key:private"}, &counters);
  EXPECT_FALSE(absl::StrContains(odd.message(), "private")) << odd;
}

}  // namespace
}  // namespace tandem
