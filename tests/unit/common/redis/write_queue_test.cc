#include "common/redis/write_queue.h"

#include <atomic>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <thread>

#include "absl/strings/str_cat.h"

#include "tests/unit/common/redis/fake_redis.h"

namespace tandem {
namespace {

using std::chrono::milliseconds;
using testing::FakeAnswer;
using testing::FakeRedis;
using Words = std::vector<std::string>;

constexpr milliseconds kPatience{20'000};

void WaitFor(const std::function<bool()>& condition) {
  const auto deadline = std::chrono::steady_clock::now() + kPatience;
  while (!condition()) {
    ASSERT_LT(std::chrono::steady_clock::now(), deadline);
    std::this_thread::sleep_for(milliseconds(1));
  }
}

RedisUrl UrlOf(int port) {
  RedisUrl url;
  url.host = "127.0.0.1";
  url.port = port;
  return url;
}

WriteQueue::Options Patient() {
  const ConnectionLimits limits = {.connect_budget = kPatience, .ping_budget = kPatience, .max_value_bytes = 1 << 20};
  WriteQueue::Options options;
  options.batch_budget = kPatience;
  options.limits = limits;
  return options;
}

TEST(WriteQueueTest, WritesInOrderWithTheTimeToLive) {
  FakeRedis server([](const Words&) { return std::nullopt; });
  RedisCounters counters;
  WriteQueue queue(UrlOf(server.port()), Patient(), &counters);
  for (int i = 0; i < 200; ++i) queue.Push(absl::StrCat("k", i), "v", 1000 + i);
  WaitFor([&] { return counters.writes == 200; });
  const std::vector<std::string> commands = server.commands();
  ASSERT_EQ(commands.size(), 201u);
  EXPECT_EQ(commands[0], "PING");
  for (size_t i = 0; i < 200; ++i) EXPECT_EQ(commands[i + 1], absl::StrCat("SET k", i, " v PX ", 1000 + i));
  EXPECT_EQ(counters.queued, 0u);
  EXPECT_EQ(counters.queued_bytes, 0u);
  EXPECT_EQ(counters.writes_dropped, 0u);
}

TEST(WriteQueueTest, DropsTheOldestAboveTheBoundOfEntries) {
  std::atomic<bool> asked = false, go = false;
  FakeRedis server([&](const Words& words) -> std::optional<FakeAnswer> {
    asked = true;
    if (words[0] == "PING") {
      while (!go) std::this_thread::yield();
    }
    return std::nullopt;
  });
  RedisCounters counters;
  WriteQueue::Options options = Patient();
  options.most_entries = 3;
  WriteQueue queue(UrlOf(server.port()), options, &counters);
  queue.Push("taken", "v", 1);
  WaitFor([&] { return asked.load(); });
  for (const char* key : {"a", "b", "c", "d", "e"}) queue.Push(key, "v", 1);
  EXPECT_EQ(counters.writes_dropped, 2u);
  EXPECT_EQ(counters.queued, 3u);
  go = true;
  WaitFor([&] { return counters.writes == 4; });
  EXPECT_THAT(server.commands(),
              ::testing::ElementsAre("PING", "SET taken v PX 1", "SET c v PX 1", "SET d v PX 1", "SET e v PX 1"));
}

TEST(WriteQueueTest, HoldsTheBoundOfBytesAndRefusesWhatNeverFits) {
  RedisCounters counters;
  const int nobody = testing::PortOf(testing::ListenOnLoopback());
  WriteQueue::Options options = Patient();
  options.most_bytes = 1000;
  options.pause = kPatience;
  WriteQueue queue(UrlOf(nobody), options, &counters);
  for (int i = 0; i < 1000; ++i) {
    queue.Push("k", std::string(200, 'v'), 1);
    EXPECT_LE(counters.queued_bytes, 1000u);
  }
  queue.Push("k", std::string(1000, 'v'), 1);
  WaitFor([&] { return counters.connect_failures > 0; });
  EXPECT_EQ(counters.writes, 0u);
  EXPECT_GE(counters.writes_dropped + counters.queued, 1000u);
}

TEST(WriteQueueTest, CountsRefusalsAndGoesOn) {
  FakeRedis server([](const Words& words) -> std::optional<FakeAnswer> {
    if (words[0] != "SET" || words[1] == "good") return std::nullopt;
    return FakeAnswer{.bytes = words[1] == "full" ? "-OOM command not allowed\r\n" : ":1\r\n"};
  });
  RedisCounters counters;
  WriteQueue queue(UrlOf(server.port()), Patient(), &counters);
  for (const char* key : {"full", "odd", "good"}) queue.Push(key, "v", 1);
  WaitFor([&] { return counters.writes == 1; });
  EXPECT_EQ(counters.writes_refused, 2u);
  EXPECT_EQ(counters.out_of_memory, 1u);
}

TEST(WriteQueueTest, ASilentServerLosesTheBatchAndTheConnection) {
  std::atomic<bool> silent = true;
  FakeRedis server([&](const Words& words) -> std::optional<FakeAnswer> {
    if (words[0] == "SET" && silent) return FakeAnswer{};
    return std::nullopt;
  });
  RedisCounters counters;
  WriteQueue::Options options = Patient();
  options.batch_budget = milliseconds(10);
  WriteQueue queue(UrlOf(server.port()), options, &counters);
  queue.Push("lost", "v", 1);
  WaitFor([&] { return counters.writes_lost == 1; });
  silent = false;
  WaitFor([&] {
    queue.Push("k", "v", 1);
    return counters.writes > 0;
  });
  EXPECT_GE(counters.connects, 2u);
}

TEST(WriteQueueTest, EndsWithinItsBudgetAndCountsWhatItDropped) {
  FakeRedis server([](const Words& words) {
    return words[0] == "SET" ? std::optional(FakeAnswer{}) : std::nullopt;  // never answers a write
  });
  RedisCounters counters;
  const auto start = std::chrono::steady_clock::now();
  {
    WriteQueue::Options options = Patient();
    options.batch_budget = milliseconds(50);
    WriteQueue queue(UrlOf(server.port()), options, &counters);
    for (int i = 0; i < 500; ++i) queue.Push("k", "v", 1);
  }
  EXPECT_LT(std::chrono::steady_clock::now() - start, milliseconds(10'000));
  EXPECT_EQ(counters.writes_lost + counters.writes_dropped, 500u);
  EXPECT_EQ(counters.queued, 0u);
}

}  // namespace
}  // namespace tandem
