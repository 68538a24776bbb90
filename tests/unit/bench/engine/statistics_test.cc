#include "tests/bench/engine/statistics.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace tandem::bench {
namespace {

TEST(Percentile, IsTheSmallestValueThatEnoughDoNotExceed) {
  std::vector<double> values;
  for (int i = 100; i >= 1; --i) values.push_back(i);
  EXPECT_EQ(Percentile(values, 50), 50);
  EXPECT_EQ(Percentile(values, 99), 99);
  EXPECT_EQ(Percentile(values, 100), 100);
  EXPECT_EQ(Percentile(values, 0), 1);
  EXPECT_EQ(Percentile({7}, 99), 7);
  EXPECT_EQ(Percentile({3, 1}, 50), 1);
  EXPECT_EQ(Percentile({}, 50), 0);
}

TEST(Mean, OfNothingIsZero) {
  EXPECT_EQ(Mean({}), 0);
  EXPECT_EQ(Mean({1, 2, 6}), 3);
}

TEST(Deciles, AreOfEqualSizeFromTheMostSelective) {
  std::vector<Measured> measured;
  for (uint32_t i = 0; i < 100; ++i) measured.push_back({static_cast<double>(i), 99 - i});
  const std::vector<Decile> deciles = Deciles(measured);
  ASSERT_EQ(deciles.size(), 10u);
  EXPECT_EQ(deciles[0].least_passed, 0u);
  EXPECT_EQ(deciles[0].most_passed, 9u);
  EXPECT_EQ(deciles[0].p99, 99);
  EXPECT_EQ(deciles[9].most_passed, 99u);
  EXPECT_EQ(deciles[9].p50, 4);
  for (const Decile& decile : deciles) EXPECT_EQ(decile.queries, 10u);
}

TEST(Deciles, OfFewQueriesLoseNone) {
  EXPECT_TRUE(Deciles({}).empty());
  EXPECT_EQ(Deciles({{1, 5}, {2, 4}, {3, 3}}).size(), 3u);
  size_t queries = 0;
  for (const Decile& decile : Deciles(std::vector<Measured>(23))) queries += decile.queries;
  EXPECT_EQ(queries, 23u);
}

}  // namespace
}  // namespace tandem::bench
