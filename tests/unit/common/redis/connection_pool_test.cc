#include "common/redis/connection_pool.h"

#include <atomic>
#include <gtest/gtest.h>

#include "tests/unit/common/redis/fake_redis.h"

namespace tandem {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;
using testing::FakeAnswer;
using testing::FakeRedis;
using Words = std::vector<std::string>;

constexpr milliseconds kPatience{20'000};

RedisUrl UrlOf(int port) {
  RedisUrl url;
  url.host = "127.0.0.1";
  url.port = port;
  return url;
}

ConnectionPool::Options Sized(int size) {
  ConnectionPool::Options options;
  options.size = size;
  options.limits.connect_budget = kPatience;
  options.limits.ping_budget = kPatience;
  options.breaker.least_pause = milliseconds(20);
  options.breaker.most_pause = milliseconds(40);
  return options;
}

steady_clock::time_point Soon() { return steady_clock::now() + kPatience; }

TEST(ConnectionPoolTest, LendsNoMoreThanItsSize) {
  FakeRedis server([](const Words&) { return std::nullopt; });
  RedisCounters counters;
  ConnectionPool pool(UrlOf(server.port()), Sized(2), &counters);
  ASSERT_TRUE(pool.WaitUntilFull(Soon()));
  auto first = pool.Take(Soon()), second = pool.Take(Soon());
  ASSERT_TRUE(first.ok() && second.ok());
  EXPECT_EQ(pool.Take(steady_clock::now() + milliseconds(5)).status().code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(counters.busy, 1u);
  std::thread returns([&] { pool.Return(*std::move(first), true); });
  auto third = pool.Take(Soon());
  EXPECT_TRUE(third.ok());
  returns.join();
  pool.Return(*std::move(second), true);
  pool.Return(*std::move(third), true);
  EXPECT_EQ(counters.connects, 2u) << "a good connection is lent again";
}

TEST(ConnectionPoolTest, MakesANewOneForEachThatFailed) {
  FakeRedis server([](const Words&) { return std::nullopt; });
  RedisCounters counters;
  ConnectionPool pool(UrlOf(server.port()), Sized(2), &counters);
  ASSERT_TRUE(pool.WaitUntilFull(Soon()));
  auto lent = pool.Take(Soon());
  ASSERT_TRUE(lent.ok());
  pool.Return(*std::move(lent), false);
  ASSERT_TRUE(pool.WaitUntilFull(Soon()));
  EXPECT_EQ(counters.connects, 3u);
  EXPECT_FALSE(pool.open());
}

TEST(ConnectionPoolTest, NobodyThereFailsAtOnceAndOpensTheBreaker) {
  RedisCounters counters;
  ConnectionPool pool(UrlOf(testing::PortOf(testing::ListenOnLoopback())), Sized(2), &counters);
  const auto start = steady_clock::now();
  EXPECT_EQ(pool.Take(Soon()).status().code(), absl::StatusCode::kUnavailable);
  EXPECT_LT(steady_clock::now() - start, kPatience / 2);
  while (!pool.open()) std::this_thread::yield();
  const uint64_t refused = counters.breaker_refused;
  EXPECT_EQ(pool.Take(Soon()).status().code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(counters.breaker_refused, refused + 1);
  EXPECT_EQ(counters.breaker_opened, 1u);
  RedisStats stats;
  pool.Describe(&stats);
  EXPECT_TRUE(stats.open);
  EXPECT_NE(stats.last_problem, "");
}

TEST(ConnectionPoolTest, ABreakerThatOpenedDropsTheIdleAndAProbeBringsThemBack) {
  std::atomic<bool> sick = false;
  FakeRedis server([&](const Words&) -> std::optional<FakeAnswer> {
    if (sick) return FakeAnswer{.bytes = "-LOADING wait\r\n"};
    return std::nullopt;
  });
  RedisCounters counters;
  ConnectionPool::Options options = Sized(3);
  options.breaker.consecutive_failures = 1;
  ConnectionPool pool(UrlOf(server.port()), options, &counters);
  ASSERT_TRUE(pool.WaitUntilFull(Soon()));
  auto lent = pool.Take(Soon()), kept = pool.Take(Soon());
  ASSERT_TRUE(lent.ok() && kept.ok());
  sick = true;
  pool.Return(*std::move(lent), false);
  EXPECT_TRUE(pool.open());
  RedisStats stats;
  pool.Describe(&stats);
  EXPECT_EQ(stats.live_connections, 1u) << "the one that is still lent";
  while (counters.connect_failures < 3) std::this_thread::yield();
  EXPECT_TRUE(pool.open()) << "a server that is loading does not pass a probe";
  EXPECT_GE(counters.loading, 3u);
  sick = false;
  while (pool.open()) std::this_thread::yield();
  pool.Return(*std::move(kept), true);
  ASSERT_TRUE(pool.WaitUntilFull(Soon()));
  std::vector<std::unique_ptr<RedisConnection>> all;
  for (int i = 0; i < 3; ++i) all.push_back(pool.Take(Soon()).value());
  EXPECT_FALSE(pool.Take(steady_clock::now() + milliseconds(5)).ok()) << "the idle ones of before are gone";
  for (auto& each : all) pool.Return(std::move(each), true);
}

TEST(ConnectionPoolTest, AClosedOrTalkativeConnectionIsNotLentAgain) {
  for (const FakeAnswer& after : {FakeAnswer{.bytes = "+OK\r\n", .then_close = true}, FakeAnswer{.bytes = "+OK\r\n"}}) {
    FakeRedis server([&](const Words& words) { return words[0] == "LAST" ? std::optional(after) : std::nullopt; });
    RedisCounters counters;
    ConnectionPool pool(UrlOf(server.port()), Sized(1), &counters);
    ASSERT_TRUE(pool.WaitUntilFull(Soon()));
    auto lent = pool.Take(Soon());
    ASSERT_TRUE(lent.ok());
    if (after.then_close) {
      std::vector<RedisReply> replies;
      (*lent)->Append({"LAST"});
      ASSERT_TRUE((*lent)->Exchange(Soon(), &replies).ok());
      while ((*lent)->Fit()) std::this_thread::yield();
    } else {
      (*lent)->Append({"LAST"});  // asked and never read
    }
    pool.Return(*std::move(lent), true);
    while (counters.stale_connections == 0) {
      if (auto again = pool.Take(Soon()); again.ok()) pool.Return(*std::move(again), true);
    }
    ASSERT_TRUE(pool.WaitUntilFull(Soon()));
    auto fresh = pool.Take(Soon());
    EXPECT_TRUE(fresh.ok());
    if (fresh.ok()) pool.Return(*std::move(fresh), true);
    EXPECT_EQ(counters.connects, 2u);
  }
}

}  // namespace
}  // namespace tandem
