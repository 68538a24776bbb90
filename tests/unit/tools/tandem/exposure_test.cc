#include "tools/tandem/exposure.h"

#include <cstdlib>
#include <random>

#include "gtest/gtest.h"

namespace tandem::cli {
namespace {

TEST(GiniTest, IsZeroWhenAllAreShownEquallyOften) {
  EXPECT_EQ(Gini({7, 7, 7, 7}), (Fraction{0, 1}));
  EXPECT_EQ(Gini({3}), (Fraction{0, 1}));
}

TEST(GiniTest, IsAllButOneOfNWhenOneTakesAll) {
  for (int64_t n = 1; n <= 50; ++n) {
    std::vector<int64_t> counts(static_cast<size_t>(n), 0);
    counts[static_cast<size_t>(n / 2)] = 12;
    EXPECT_EQ(Gini(counts), MakeFraction(n - 1, n)) << n;
  }
}

TEST(GiniTest, IsZeroWhenNobodyIsShown) {
  EXPECT_EQ(Gini({}), (Fraction{0, 1}));
  EXPECT_EQ(Gini({0, 0, 0}), (Fraction{0, 1}));
}

TEST(GiniTest, IsHalfTheMeanDifferenceOfAllPairsOverTheMean) {
  const uint32_t seed = std::random_device{}();
  SCOPED_TRACE(testing::Message() << "seed " << seed);
  std::mt19937 random(seed);
  for (int round = 0; round < 200; ++round) {
    std::vector<int64_t> counts(1 + random() % 40);
    for (int64_t& count : counts) count = static_cast<int64_t>(random() % 30);
    int64_t differences = 0;
    int64_t sum = 0;
    for (const int64_t a : counts) {
      sum += a;
      for (const int64_t b : counts) differences += std::abs(a - b);
    }
    ASSERT_EQ(Gini(counts), MakeFraction(differences, 2 * static_cast<int64_t>(counts.size()) * sum));
  }
}

TEST(ExposureTest, CountsWhoIsShownAndWhatTheMostShownTake) {
  std::vector<int64_t> counts(200, 1);
  counts[17] = 50;
  counts[18] = 30;
  counts[19] = 0;
  const Exposure exposure = MeasureExposure(40, counts);
  EXPECT_EQ(exposure.subjects, 40);
  EXPECT_EQ(exposure.counterparts, 200);
  EXPECT_EQ(exposure.shown, 199);
  EXPECT_EQ(exposure.times, 277);
  EXPECT_EQ(exposure.coverage, (Fraction{199, 200}));
  EXPECT_EQ(exposure.top_1_percent, (Fraction{80, 277}));
  EXPECT_EQ(exposure.top_10_percent, (Fraction{98, 277}));
}

TEST(ExposureTest, OfNobodyIsAllZero) {
  const Exposure exposure = MeasureExposure(0, {});
  EXPECT_EQ(exposure.coverage, Fraction{});
  EXPECT_EQ(exposure.top_1_percent, Fraction{});
}

TEST(FractionTest, IsRoundedHalfUp) {
  EXPECT_EQ(FractionText({1, 3}), "0.3333");
  EXPECT_EQ(FractionText({2, 3}), "0.6667");
  EXPECT_EQ(FractionText({1, 20'000}), "0.0001");
  EXPECT_EQ(FractionText({1, 1}), "1.0000");
  EXPECT_EQ(Millionths({2, 3}), 666'667);
}

}  // namespace
}  // namespace tandem::cli
