#include "common/redis/circuit_breaker.h"

#include <gtest/gtest.h>

namespace tandem {
namespace {

using std::chrono::milliseconds;

class CircuitBreakerTest : public ::testing::Test {
 protected:
  bool Record(bool good, int at) { return breaker_.Record(good, start_ + milliseconds(at)); }

  const CircuitBreaker::Time start_{std::chrono::hours(100)};
  CircuitBreaker breaker_{BreakerOptions(), 7};
};

TEST_F(CircuitBreakerTest, OpensAtTheFifthFailureInARow) {
  for (int i = 0; i < 4; ++i) EXPECT_FALSE(Record(false, 10'000 * i));
  EXPECT_FALSE(breaker_.open());
  EXPECT_TRUE(Record(false, 50'000)) << "however far apart";
  EXPECT_TRUE(breaker_.open());
  EXPECT_FALSE(Record(false, 50'001)) << "it opens once";
}

TEST_F(CircuitBreakerTest, OneSuccessBeginsTheRowAnew) {
  for (int i = 0; i < 40; ++i) EXPECT_FALSE(Record(i % 5 == 4, 1000 * i)) << i;
}

TEST_F(CircuitBreakerTest, OpensWhenHalfOfTwentyWithinASecondFail) {
  for (int i = 0; i < 19; ++i) EXPECT_FALSE(Record(i % 2 == 0, i * 40)) << i;
  EXPECT_TRUE(Record(false, 19 * 40));
}

TEST_F(CircuitBreakerTest, LessThanHalfOrLessThanTwentyIsTolerated) {
  for (int i = 0; i < 200; ++i) EXPECT_FALSE(Record(i % 5 > 1, i * 5)) << "two of five fail: " << i;
}

TEST_F(CircuitBreakerTest, ForgetsWhatIsOlderThanTheWindow) {
  for (int i = 0; i < 18; ++i) Record(i % 2 == 0, i);
  for (int i = 0; i < 19; ++i) EXPECT_FALSE(Record(i % 2 == 0, 1200 + i)) << i;
}

TEST_F(CircuitBreakerTest, ProbesAtRandomPausesWithinTheirBoundsUntilOneIsGood) {
  EXPECT_TRUE(breaker_.Trip(start_));
  EXPECT_FALSE(breaker_.Trip(start_));
  CircuitBreaker::Time last = start_;
  bool differs = false;
  CircuitBreaker::Time::duration before{};
  for (int i = 0; i < 50; ++i) {
    const auto pause = breaker_.next_probe() - last;
    EXPECT_GE(pause, milliseconds(500));
    EXPECT_LE(pause, milliseconds(1000));
    differs |= i > 0 && pause != before;
    before = pause;
    last = breaker_.next_probe();
    breaker_.ProbeDone(false, last);
    EXPECT_TRUE(breaker_.open());
  }
  EXPECT_TRUE(differs);
  breaker_.ProbeDone(true, last);
  EXPECT_FALSE(breaker_.open());
  for (int i = 0; i < 4; ++i) EXPECT_FALSE(breaker_.Record(false, last)) << "it starts with a clean record";
  EXPECT_TRUE(breaker_.Record(false, last));
}

}  // namespace
}  // namespace tandem
