#include "services/pairing/demo_data/prng.h"

#include <array>

#include "gtest/gtest.h"

namespace tandem::pairing {
namespace {

TEST(PrngTest, GivesTheSameNumbersOnEveryMachine) {
  Prng prng(7, Prng::kProject, 3);
  EXPECT_EQ(prng.Next(), 14661234613545137160u);
  EXPECT_EQ(prng.Below(1000), 942u);
  EXPECT_EQ(prng.Between(-5, 5), -5);
}

TEST(PrngTest, StreamsAndIndicesDiffer) {
  const uint64_t first = Prng(7, Prng::kProject, 3).Next();
  EXPECT_NE(first, Prng(7, Prng::kProject, 4).Next());
  EXPECT_NE(first, Prng(7, Prng::kDeal, 3).Next());
  EXPECT_NE(first, Prng(8, Prng::kProject, 3).Next());
}

TEST(PrngTest, StaysWithinBounds) {
  Prng prng(1, Prng::kDeal, 0);
  for (int i = 0; i < 10'000; ++i) {
    EXPECT_LT(prng.Below(3), 3u);
    const int number = prng.Between(-2, 2);
    EXPECT_GE(number, -2);
    EXPECT_LE(number, 2);
    EXPECT_FALSE(prng.Percent(0));
    EXPECT_TRUE(prng.Percent(100));
  }
}

TEST(PrngTest, WeightsAreHonoured) {
  Prng prng(1, Prng::kDeal, 0);
  constexpr std::array<int, 3> kWeights = {0, 1, 3};
  std::array<int, 3> seen = {};
  for (int i = 0; i < 4000; ++i) ++seen[prng.PickWeighted(kWeights)];
  EXPECT_EQ(seen[0], 0);
  EXPECT_NEAR(seen[1], 1000, 150);
  EXPECT_NEAR(seen[2], 3000, 150);
}

}  // namespace
}  // namespace tandem::pairing
