#include "services/pairing/match_cache/flights.h"

#include <atomic>
#include <chrono>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/statusor.h"
#include "gtest/gtest.h"

namespace tandem::pairing {
namespace {

using Answer = absl::StatusOr<std::string>;

std::chrono::steady_clock::time_point In(std::chrono::milliseconds time) {
  return std::chrono::steady_clock::now() + time;
}
bool Any(const MarketStore::Dated&) { return true; }
bool None(const MarketStore::Dated&) { return false; }

class FlightsTest : public testing::Test {
 protected:
  // Begins a flight for `key` that returns `answer` once it is let go.
  std::thread Begin(const std::string& key, Answer answer) {
    std::thread leader([this, key, answer] {
      const Answer result = flights_.Do(key, {}, In(std::chrono::seconds(60)), Any, [&]() -> Answer {
        begun_ = true;
        while (!let_go_) std::this_thread::yield();
        return answer;
      });
      EXPECT_EQ(result, answer);
    });
    while (!begun_) std::this_thread::yield();
    return leader;
  }

  Flights<Answer> flights_;
  std::atomic<bool> begun_{false}, let_go_{false};
};

TEST_F(FlightsTest, WhoAsksTheSameWaitsForTheFirst) {
  std::thread leader = Begin("k", std::string("first"));
  std::atomic<int> computed{0};
  std::vector<std::thread> others;
  for (int i = 0; i < 3; ++i) {
    others.emplace_back([&] {
      const Answer answer = flights_.Do("k", {}, In(std::chrono::seconds(60)), Any, [&]() -> Answer {
        ++computed;
        return std::string("own");
      });
      EXPECT_EQ(*answer, "first");
    });
  }
  while (flights_.joined() < 3) std::this_thread::yield();
  let_go_ = true;
  leader.join();
  for (std::thread& other : others) other.join();
  EXPECT_EQ(computed, 0);
}

TEST_F(FlightsTest, NobodyJoinsWhatIsOlderThanItMayBeShown) {
  std::thread leader = Begin("k", std::string("first"));
  const Answer answer =
      flights_.Do("k", {}, In(std::chrono::seconds(60)), None, []() -> Answer { return std::string("own"); });
  EXPECT_EQ(*answer, "own");
  EXPECT_EQ(flights_.joined(), 0u);
  let_go_ = true;
  leader.join();
}

TEST_F(FlightsTest, OtherQuestionsDoNotWait) {
  std::thread leader = Begin("k", std::string("first"));
  EXPECT_EQ(*flights_.Do("l", {}, In(std::chrono::seconds(60)), Any, []() -> Answer { return std::string("own"); }),
            "own");
  let_go_ = true;
  leader.join();
}

TEST_F(FlightsTest, AnErrorIsNobodyElses) {
  std::thread leader = Begin("k", absl::DeadlineExceededError("the first one's deadline"));
  std::thread other([&] {
    const Answer answer =
        flights_.Do("k", {}, In(std::chrono::seconds(60)), Any, []() -> Answer { return std::string("own"); });
    EXPECT_EQ(*answer, "own");
  });
  while (flights_.joined() < 1) std::this_thread::yield();
  let_go_ = true;
  leader.join();
  other.join();
}

TEST_F(FlightsTest, WhoseTimeIsUpComputesForItself) {
  std::thread leader = Begin("k", std::string("first"));
  const Answer answer =
      flights_.Do("k", {}, In(std::chrono::milliseconds(1)), Any, []() -> Answer { return std::string("own"); });
  EXPECT_EQ(*answer, "own");
  let_go_ = true;
  leader.join();
}

TEST_F(FlightsTest, AfterAnExceptionTheNextOneComputes) {
  const auto fail = []() -> Answer { throw std::runtime_error("out of memory"); };
  EXPECT_THROW((void)flights_.Do("k", {}, In(std::chrono::seconds(60)), Any, fail), std::runtime_error);
  EXPECT_EQ(*flights_.Do("k", {}, In(std::chrono::seconds(60)), Any, []() -> Answer { return std::string("own"); }),
            "own");
}

}  // namespace
}  // namespace tandem::pairing
