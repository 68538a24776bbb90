#include "common/storage/postgres/statement_limit.h"

#include "gtest/gtest.h"

namespace tandem::postgres {
namespace {

using std::chrono::milliseconds;
using TimePoint = std::chrono::steady_clock::time_point;

milliseconds LimitFor(milliseconds left, milliseconds operation = milliseconds(10'000)) {
  const TimePoint now = std::chrono::steady_clock::now();
  return StatementLimit(now, now + left, operation);
}

TEST(StatementLimitTest, IsTheOperationsOwnWithoutADeadlineOrWithALateOne) {
  const TimePoint now = std::chrono::steady_clock::now();
  EXPECT_EQ(StatementLimit(now, TimePoint::max(), milliseconds(10'000)), milliseconds(10'000));
  EXPECT_EQ(LimitFor(milliseconds(10'000)), milliseconds(10'000));
  EXPECT_EQ(LimitFor(milliseconds(9'000)), milliseconds(10'000));
}

TEST(StatementLimitTest, IsTheNextPowerOfTwoUpToADeadline) {
  EXPECT_EQ(LimitFor(milliseconds(65)), milliseconds(128));
  EXPECT_EQ(LimitFor(milliseconds(1'000)), milliseconds(1'024));
  EXPECT_EQ(LimitFor(milliseconds(1'025)), milliseconds(2'048));
}

TEST(StatementLimitTest, IsNeverTooShortToBeOfUse) {
  EXPECT_EQ(LimitFor(milliseconds(1)), milliseconds(64));
  EXPECT_EQ(LimitFor(milliseconds(-5'000)), milliseconds(64));
  EXPECT_EQ(LimitFor(milliseconds(1), milliseconds(20)), milliseconds(20));
}

}  // namespace
}  // namespace tandem::postgres
