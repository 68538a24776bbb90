#include "tests/bench/engine/measure.h"

#include <algorithm>

#include "gtest/gtest.h"

namespace tandem::bench {
namespace {

TEST(Sample, GivesDifferentNumbersAndTheSameForASeed) {
  std::vector<uint32_t> sample = Sample(1000, 100, 7);
  EXPECT_EQ(sample, Sample(1000, 100, 7));
  EXPECT_NE(sample, Sample(1000, 100, 8));
  std::sort(sample.begin(), sample.end());
  EXPECT_EQ(std::unique(sample.begin(), sample.end()), sample.end());
  EXPECT_LT(sample.back(), 1000u);
  EXPECT_EQ(Sample(5, 100, 1).size(), 5u);
}

TEST(SameList, SeesAnotherSlotAnotherScoreAndAMissingPlace) {
  EXPECT_TRUE(SameList("e", 0, {{1, 10}, {2, 5}}, {{1, 10}, {2, 5}}));
  EXPECT_FALSE(SameList("e", 0, {{1, 10}, {2, 5}}, {{2, 5}, {1, 10}}));
  EXPECT_FALSE(SameList("e", 0, {{1, 10}, {2, 5}}, {{1, 10}, {2, 4}}));
  EXPECT_FALSE(SameList("e", 0, {{1, 10}, {2, 5}}, {{1, 10}}));
  EXPECT_FALSE(SameList("e", 0, {{1, 10}}, {{1, 10}, {2, 5}}));
  EXPECT_TRUE(SameList("e", 0, {}, {}));
}

}  // namespace
}  // namespace tandem::bench
