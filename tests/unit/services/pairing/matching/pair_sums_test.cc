#include "services/pairing/matching/pair_sums.h"

#include <random>

#include "gtest/gtest.h"

#include "services/pairing/matching/scorer.h"
#include "tests/unit/services/pairing/matching/market_builder.h"

namespace tandem::pairing::matching {
namespace {

TEST(PairSumsTest, AreTheSumsOfTheTermsOnRandomMarkets) {
  const uint32_t seed = std::random_device{}();
  SCOPED_TRACE(testing::Message() << "seed " << seed);
  const Market market = DemoMarket(static_cast<int64_t>(seed), 150, 60);
  const MarketContext& context = *market.context();
  int different = 0, with_extras = 0;
  for (const int32_t day : {context.reference_day, context.reference_day - 700}) {
    for (const auto& [investor_name, investor] : market.investors()) {
      const Lens lens(context, *market.codes(), *investor, day);
      SharedWith shared_with(context, *investor, day);
      PairSums sums(context, *market.codes(), *investor, day);
      // Twice: as it is worked out, and as it is remembered.
      for (int time = 0; time < 2; ++time) {
        for (const auto& [name, project] : market.projects()) {
          const SharedStrength shared = shared_with.Strength(market.PriorInvestors(*project));
          const int32_t sum = ScorePair(context, *project, *investor, lens, shared).Sum();
          ASSERT_EQ(sums.Of(*project, shared), sum) << name << " " << investor_name << " " << day;
          different += sum != sums.Of(*market.projects().begin()->second, shared) ? 1 : 0;
          with_extras += shared.together > 0 ? 1 : 0;
        }
      }
    }
  }
  EXPECT_GT(different, 0);
  EXPECT_GT(with_extras, 0);
}

}  // namespace
}  // namespace tandem::pairing::matching
