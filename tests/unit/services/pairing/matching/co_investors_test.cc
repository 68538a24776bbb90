#include "services/pairing/matching/co_investors.h"

#include <memory>
#include <random>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

#include "tests/unit/services/pairing/matching/market_builder.h"

namespace tandem::pairing::matching {
namespace {

TEST(CoInvestorsTest, CountedForOneInvestorOverManyProjectsIsExactlyTheSame) {
  Market market(kEdition);
  market.SetEdition(PlainEdition());
  std::minstd_rand random(7);
  constexpr int kInvestors = 12;
  for (int i = 0; i < kInvestors; ++i) {
    market.PutInvestor(PlainInvestor(absl::StrCat("i", i)));
    for (auto n = random() % 30; n > 0; --n) {
      market.PutDeal(PlainDeal(absl::StrCat("d", n), absl::StrCat("i", i), absl::StrCat("c", random() % 40),
                               absl::StrCat(2015 + random() % 12, "-06-01")));
    }
  }
  market.Settle();
  int64_t sum = 0;
  for (const int32_t day : {15'000, 18'000, market.context()->reference_day}) {
    for (const auto& [name, investor] : market.investors()) {
      SharedWith shared_with(*investor, day);
      for (int project = 0; project < 20; ++project) {
        std::vector<std::shared_ptr<const InvestorFacts>> prior;  // itself and the same one twice among them
        for (auto n = random() % 6; n > 0; --n) {
          prior.push_back(market.FindInvestor(InvestorName(absl::StrCat("i", random() % kInvestors))));
        }
        const int64_t expected = CoInvestors(prior, day).StrengthWith(*investor);
        ASSERT_EQ(shared_with.Strength(prior), expected) << name;
        sum += expected;
      }
    }
  }
  EXPECT_GT(sum, 0);
}

}  // namespace
}  // namespace tandem::pairing::matching
