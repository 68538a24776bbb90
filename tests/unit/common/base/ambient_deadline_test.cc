#include "common/base/ambient_deadline.h"

#include <chrono>
#include <thread>

#include "gtest/gtest.h"

namespace tandem {
namespace {

using TimePoint = AmbientDeadline::TimePoint;

TEST(AmbientDeadlineTest, HoldsWithinItsScopeAndTheEarliestOfNestedOnesHolds) {
  const TimePoint now = std::chrono::steady_clock::now();
  EXPECT_EQ(AmbientDeadline::Current(), TimePoint::max());
  {
    const AmbientDeadline outer(now + std::chrono::seconds(2));
    EXPECT_EQ(AmbientDeadline::Current(), now + std::chrono::seconds(2));
    {
      const AmbientDeadline inner(now + std::chrono::seconds(1));
      EXPECT_EQ(AmbientDeadline::Current(), now + std::chrono::seconds(1));
      const AmbientDeadline later(now + std::chrono::seconds(3));
      EXPECT_EQ(AmbientDeadline::Current(), now + std::chrono::seconds(1));
    }
    EXPECT_EQ(AmbientDeadline::Current(), now + std::chrono::seconds(2));
  }
  EXPECT_EQ(AmbientDeadline::Current(), TimePoint::max());
}

TEST(AmbientDeadlineTest, IsOfOneThread) {
  const AmbientDeadline scope(std::chrono::steady_clock::now());
  TimePoint elsewhere{};
  std::thread([&] { elsewhere = AmbientDeadline::Current(); }).join();
  EXPECT_EQ(elsewhere, TimePoint::max());
}

}  // namespace
}  // namespace tandem
