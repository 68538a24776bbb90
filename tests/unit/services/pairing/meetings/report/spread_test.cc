#include "services/pairing/meetings/report/spread.h"

#include <cstdlib>
#include <random>

#include "gtest/gtest.h"

namespace tandem::pairing::meetings {
namespace {

TEST(SpreadTest, OfNobodyIsNothing) {
  const auto spread = SpreadOf({});
  EXPECT_EQ(spread.party_count(), 0);
  EXPECT_EQ(spread.maximum(), 0);
}

TEST(SpreadTest, MedianOfAnEvenNumberIsBetweenTheTwoInTheMiddle) {
  const auto spread = SpreadOf({5, 0, 2, 1});
  EXPECT_EQ(spread.party_count(), 4);
  EXPECT_EQ(spread.minimum(), 0);
  EXPECT_EQ(spread.median_thousandths(), 1500);
  EXPECT_EQ(spread.maximum(), 5);
  EXPECT_EQ(SpreadOf({5, 0, 2}).median_thousandths(), 2000);
}

TEST(SpreadTest, GiniIsZeroWhenAllHaveAsManyAndAllButOneOfNWhenOneHasAll) {
  EXPECT_EQ(SpreadOf({3, 3, 3}).gini_millionths(), 0);
  EXPECT_EQ(SpreadOf({0, 0}).gini_millionths(), 0) << "nobody has any";
  EXPECT_EQ(SpreadOf({0, 0, 9}).gini_millionths(), 666667);
  EXPECT_EQ(SpreadOf({0, 1}).gini_millionths(), 500000);
}

TEST(SpreadTest, GiniIsHalfTheMeanDifferenceOfAllPairsOverTheMean) {
  std::mt19937 random(7);
  for (int round = 0; round < 200; ++round) {
    std::vector<int32_t> counts(1 + random() % 40);
    for (int32_t& count : counts) count = static_cast<int32_t>(random() % 30);
    int64_t sum = 0, differences = 0;
    for (const int32_t a : counts) {
      sum += a;
      for (const int32_t b : counts) differences += std::abs(a - b);
    }
    const auto n = static_cast<int64_t>(counts.size());
    const int64_t whole = 2 * n * sum;
    const int64_t expected = sum == 0 ? 0 : (2 * differences * 1'000'000 + whole) / (2 * whole);
    EXPECT_EQ(SpreadOf(counts).gini_millionths(), expected) << round;
  }
}

TEST(ShareTest, IsRoundedHalfUpAndNoneOfNothing) {
  EXPECT_FALSE(ShareMillionths(0, 0).has_value());
  EXPECT_EQ(*ShareMillionths(0, 3), 0);
  EXPECT_EQ(*ShareMillionths(1, 3), 333333);
  EXPECT_EQ(*ShareMillionths(2, 3), 666667);
  EXPECT_EQ(*ShareMillionths(3, 3), 1'000'000);
}

}  // namespace
}  // namespace tandem::pairing::meetings
