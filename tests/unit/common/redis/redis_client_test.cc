#include "common/redis/redis_client.h"

#include <atomic>
#include <functional>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <thread>

#include "absl/strings/str_cat.h"

#include "tests/support/resp.h"
#include "tests/unit/common/redis/fake_redis.h"

namespace tandem {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;
using testing::BulkFrame;
using testing::FakeAnswer;
using testing::FakeRedis;
using ::testing::Optional;
using Words = std::vector<std::string>;

constexpr milliseconds kPatience{20'000};

RedisPort::Deadline Soon() { return steady_clock::now() + kPatience; }

RedisOptions Patient(const FakeRedis& server) {
  RedisOptions options;
  options.url.host = "127.0.0.1";
  options.url.port = server.port();
  options.url.prefix = "p:";
  options.budget = options.connect_budget = options.write_batch_budget = kPatience;
  options.breaker.least_pause = milliseconds(20);
  options.breaker.most_pause = milliseconds(40);
  return options;
}

std::unique_ptr<RedisClient> Connected(const RedisOptions& options) {
  auto client = RedisClient::Create(options);
  EXPECT_TRUE(client.ok()) << client.status();
  EXPECT_TRUE((*client)->WaitUntilConnected(Soon()));
  return *std::move(client);
}

// Answers GET by `script`, all else as usual.
FakeRedis::Script OnGet(std::function<FakeAnswer(const std::string& key)> script) {
  return [script = std::move(script)](const Words& words) {
    return words[0] == "GET" ? std::optional(script(words[1])) : std::nullopt;
  };
}

TEST(RedisClientTest, GetTellsAValueFromNoneAndFromAnEmptyOne) {
  FakeRedis server(OnGet([](const std::string& key) {
    return FakeAnswer{.bytes = key == "p:a" ? BulkFrame("value") : key == "p:empty" ? BulkFrame("") : "$-1\r\n"};
  }));
  auto client = Connected(Patient(server));
  EXPECT_THAT(*client->Get("a", Soon()), Optional(std::string("value")));
  EXPECT_THAT(*client->Get("empty", Soon()), Optional(std::string()));
  EXPECT_EQ(*client->Get("b", Soon()), std::nullopt);
  EXPECT_EQ(client->stats().hits, 2u);
  EXPECT_EQ(client->stats().misses, 1u);
}

TEST(RedisClientTest, SetIfAbsentIsOneCommandWithATimeToLive) {
  std::atomic<int> asked = 0;
  FakeRedis server([&](const Words& words) -> std::optional<FakeAnswer> {
    if (words[0] != "SET") return std::nullopt;
    return FakeAnswer{.bytes = asked++ == 0 ? "+OK\r\n" : "$-1\r\n"};
  });
  auto client = Connected(Patient(server));
  EXPECT_TRUE(*client->SetIfAbsent("lease", "me", absl::Milliseconds(300), Soon()));
  EXPECT_FALSE(*client->SetIfAbsent("lease", "me", absl::Milliseconds(300), Soon()));
  EXPECT_EQ(server.commands().back(), "SET p:lease me NX PX 300");
  EXPECT_EQ(client->stats().set_if_absent_won, 1u);
  EXPECT_EQ(client->stats().set_if_absent_lost, 1u);
}

TEST(RedisClientTest, ATimeToLiveIsRequired) {
  FakeRedis server([](const Words&) { return std::nullopt; });
  auto client = Connected(Patient(server));
  for (const absl::Duration ttl :
       {absl::ZeroDuration(), -absl::Seconds(1), absl::Microseconds(999), absl::InfiniteDuration()}) {
    EXPECT_EQ(client->SetIfAbsent("k", "v", ttl, Soon()).status().code(), absl::StatusCode::kInvalidArgument);
    client->SetLater("k", "v", ttl);
  }
  client->SetLater("k", std::string((1 << 20) + 1, 'v'), absl::Seconds(1));
  EXPECT_EQ(client->stats().writes_dropped, 5u);
}

TEST(RedisClientTest, EveryFailureIsAnErrorOfItsKindAndTheNextCallIsRight) {
  const struct {
    FakeAnswer answer;
    absl::StatusCode code;
    uint64_t RedisCounts<uint64_t>::*counter;
    uint64_t connects;  // over the single one of the start
  } cases[] = {
      {{.bytes = "-OOM x\r\n"}, absl::StatusCode::kResourceExhausted, &RedisStats::out_of_memory, 0},
      {{.bytes = "-MOVED 1 a:1\r\n"}, absl::StatusCode::kFailedPrecondition, &RedisStats::moved, 0},
      {{.bytes = "-NOAUTH x\r\n"}, absl::StatusCode::kPermissionDenied, &RedisStats::not_allowed, 0},
      {{.bytes = "-LOADING x\r\n"}, absl::StatusCode::kUnavailable, &RedisStats::loading, 0},
      {{.bytes = "-READONLY x\r\n"}, absl::StatusCode::kFailedPrecondition, &RedisStats::read_only, 0},
      {{.bytes = "-ERR x\r\n"}, absl::StatusCode::kInternal, &RedisStats::other_errors, 0},
      {{.bytes = "+OK\r\n"}, absl::StatusCode::kDataLoss, &RedisStats::protocol_errors, 1},
      {{.bytes = ":1\r\n"}, absl::StatusCode::kDataLoss, &RedisStats::protocol_errors, 1},
      {{.bytes = "*1\r\n*1\r\n$1\r\na\r\n"}, absl::StatusCode::kDataLoss, &RedisStats::protocol_errors, 1},
      {{.bytes = "\x16\x03\x01 garbage"}, absl::StatusCode::kDataLoss, &RedisStats::protocol_errors, 1},
      {{.bytes = "$3\r\nbad\r\n$3\r\nbad\r\n"}, absl::StatusCode::kDataLoss, &RedisStats::protocol_errors, 1},
      {{.bytes = "$536870912\r\n"}, absl::StatusCode::kResourceExhausted, &RedisStats::oversized, 1},
      {{.bytes = "$9\r\nbad", .then_close = true}, absl::StatusCode::kUnavailable, &RedisStats::io_errors, 1},
  };
  for (const auto& each : cases) {
    FakeRedis server(OnGet(
        [&](const std::string& key) { return key == "p:bad" ? each.answer : FakeAnswer{.bytes = BulkFrame("good")}; }));
    RedisOptions options = Patient(server);
    options.connections = 1;
    auto client = Connected(options);
    EXPECT_EQ(client->Get("bad", Soon()).status().code(), each.code) << each.answer.bytes;
    EXPECT_EQ(client->stats().*(each.counter), 1u) << each.answer.bytes;
    ASSERT_TRUE(client->WaitUntilConnected(Soon()));
    const auto good = client->Get("good", Soon());
    ASSERT_TRUE(good.ok()) << good.status();
    EXPECT_THAT(*good, Optional(std::string("good"))) << each.answer.bytes;
    EXPECT_EQ(client->stats().connects, 1 + each.connects) << each.answer.bytes;
  }
}

TEST(RedisClientTest, ALateAnswerNeverReachesTheNextCaller) {
  FakeRedis server(OnGet([](const std::string& key) {
    return FakeAnswer{.bytes = BulkFrame("of " + key), .delay = milliseconds(key == "p:slow" ? 40 : 0)};
  }));
  RedisOptions options = Patient(server);
  options.connections = 1;
  options.breaker.consecutive_failures = 1000;
  options.breaker.window_operations = 1000;
  auto client = Connected(options);
  for (int i = 0; i < 10; ++i) {
    EXPECT_EQ(client->Get("slow", steady_clock::now() + milliseconds(10)).status().code(),
              absl::StatusCode::kDeadlineExceeded);
    ASSERT_TRUE(client->WaitUntilConnected(Soon()));
    const auto next = client->Get(absl::StrCat("k", i), Soon());
    ASSERT_TRUE(next.ok()) << next.status();
    EXPECT_THAT(*next, Optional(absl::StrCat("of p:k", i)));
  }
  EXPECT_EQ(client->stats().timeouts, 10u);
}

TEST(RedisClientTest, ManyThreadsEachGetTheirOwnAnswer) {
  FakeRedis server(OnGet([](const std::string& key) { return FakeAnswer{.bytes = BulkFrame("of " + key)}; }));
  auto client = Connected(Patient(server));
  std::vector<std::thread> threads;
  for (int thread = 0; thread < 8; ++thread) {
    threads.emplace_back([&, thread] {
      for (int i = 0; i < 200; ++i) {
        const std::string key = absl::StrCat(thread, ".", i);
        const auto value = client->Get(key, Soon());
        ASSERT_TRUE(value.ok()) << value.status();
        EXPECT_THAT(*value, Optional("of p:" + key));
        client->SetLater(key, "v", absl::Seconds(1));
      }
    });
  }
  for (std::thread& each : threads) each.join();
  EXPECT_EQ(client->stats().hits, 1600u);
  EXPECT_LE(client->stats().connects, 5u) << "four that read and one that writes";
}

TEST(RedisClientTest, TheBudgetHoldsWhateverTheCallersDeadline) {
  std::atomic<bool> silent = false;
  FakeRedis server(OnGet([&](const std::string&) { return FakeAnswer{.bytes = silent ? "" : "$-1\r\n"}; }));
  RedisOptions options = Patient(server);
  auto patient = Connected(options);
  options.budget = std::chrono::microseconds(200'000);  // also for the PING that ends connecting
  auto client = Connected(options);
  silent = true;
  const auto start = steady_clock::now();
  EXPECT_EQ(client->Get("k", Soon()).status().code(), absl::StatusCode::kDeadlineExceeded);
  EXPECT_LT(steady_clock::now() - start, kPatience / 2);
  EXPECT_EQ(patient->Get("k", steady_clock::now() - milliseconds(1)).status().code(),
            absl::StatusCode::kDeadlineExceeded);
  EXPECT_EQ(patient->stats().timeouts, 0u) << "a deadline in the past is not held against the server";
}

TEST(RedisClientTest, OpensAfterFiveFailuresThenCostsNothingAndComesBack) {
  std::atomic<bool> broken = false;
  FakeRedis server([&](const Words& words) -> std::optional<FakeAnswer> {
    if (broken) return FakeAnswer{.bytes = "garbage\r\n", .then_close = true};
    if (words[0] == "GET") return FakeAnswer{.bytes = "$-1\r\n"};
    return std::nullopt;
  });
  RedisOptions options = Patient(server);
  options.connections = 8;
  auto client = Connected(options);
  broken = true;
  while (!client->open()) EXPECT_FALSE(client->Get("k", Soon()).ok());
  const RedisStats stats = client->stats();
  EXPECT_LE(stats.protocol_errors, 5u);
  EXPECT_EQ(stats.breaker_opened, 1u);
  client->SetLater("k", "v", absl::Seconds(1));
  EXPECT_EQ(client->stats().writes_dropped, 1u);
  broken = false;
  while (client->open()) std::this_thread::yield();
  EXPECT_TRUE(client->WaitUntilConnected(Soon()));
  EXPECT_TRUE(client->Get("k", Soon()).ok());
}

TEST(RedisClientTest, RefusesOptionsOutOfRange) {
  RedisOptions options;
  EXPECT_EQ(RedisClient::Create(options).status().code(), absl::StatusCode::kInvalidArgument);
  options.url.host = "127.0.0.1";
  options.connections = 0;
  EXPECT_EQ(RedisClient::Create(options).status().code(), absl::StatusCode::kInvalidArgument);
  options.connections = 1;
  options.budget = std::chrono::microseconds(0);
  EXPECT_EQ(RedisClient::Create(options).status().code(), absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace tandem
