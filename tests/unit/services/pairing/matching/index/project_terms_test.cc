#include "services/pairing/matching/index/project_terms.h"

#include "gtest/gtest.h"

#include "tests/differential/random_market.h"

namespace tandem::pairing::matching {
namespace {

TEST(ProjectTerms, LengthIsRoundedUp) {
  EXPECT_EQ(LengthOf({}), 0u);
  EXPECT_EQ(LengthOf({{1, 3}, {2, -4}}), 5u);
  EXPECT_EQ(LengthOf({{1, 1}, {2, 1}}), 2u);
  EXPECT_EQ(LengthOf({{1, 32767}}), 32767u);
}

TEST(ProjectTerms, AgreesWithTheDefinitionOverAndOver) {
  Random random(3);
  ProjectTerms terms;
  for (int i = 0; i < 3000; ++i) {
    const uint32_t vocabulary = random.Chance(50) ? 50 : 100'000;
    const auto text = [&](uint32_t most, int32_t least_weight, int32_t most_weight) {
      TextWeights weights;
      uint32_t term = random.Below(vocabulary);
      for (uint32_t count = random.Below(most); count > 0; --count) {
        weights.push_back({term, static_cast<int16_t>(random.Between(least_weight, most_weight))});
        term += 1 + random.Below(vocabulary / 25);
      }
      return weights;
    };
    const TextWeights project = text(random.Chance(5) ? 400 : 50, 0, 255), investor = text(40, -700, 900);
    terms.Assign(random.Chance(10) ? nullptr : &project);
    const int32_t points = terms.Points(investor);
    EXPECT_EQ(points, terms.empty() ? 0 : TextPoints(project, investor));
    EXPECT_LE(points, terms.MostPoints(LengthOf(investor)));
    if (::testing::Test::HasFailure()) return;
  }
}

}  // namespace
}  // namespace tandem::pairing::matching
