#include "services/pairing/matching/co_investors.h"

#include <memory>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

#include "tests/unit/services/pairing/matching/market_builder.h"

namespace tandem::pairing::matching {
namespace {

class CoInvestorsTest : public testing::Test {
 protected:
  CoInvestorsTest() : market_(kEdition) { market_.SetEdition(PlainEdition()); }

  void Deals(const std::string& investor, const std::vector<std::pair<const char*, const char*>>& company_and_date) {
    market_.PutInvestor(PlainInvestor(investor));
    for (const auto& [company, date] : company_and_date) {
      market_.PutDeal(PlainDeal(absl::StrCat(investor, company), investor, company, date));
    }
    market_.Settle();
  }

  SharedStrength Between(const std::vector<std::string>& prior, const std::string& investor) {
    const auto facts = market_.FindInvestor(InvestorName(investor));
    std::vector<std::shared_ptr<const InvestorFacts>> others;
    for (const std::string& each : prior) others.push_back(market_.FindInvestor(InvestorName(each)));
    return SharedWith(*market_.context(), *facts, market_.context()->reference_day).Strength(others);
  }

  Market market_;
};

TEST_F(CoInvestorsTest, WhoSharesMoreCompaniesIsCloser) {
  Deals("prior", {{"a", "2024-01-01"}, {"b", "2024-01-01"}, {"c", "2024-01-01"}});
  Deals("close", {{"a", "2024-01-01"}, {"b", "2024-01-01"}, {"z", "2024-01-01"}});
  Deals("loose", {{"a", "2024-01-01"}, {"y", "2024-01-01"}, {"z", "2024-01-01"}});
  Deals("stranger", {{"x", "2024-01-01"}});
  EXPECT_GT(Between({"prior"}, "close").together, Between({"prior"}, "loose").together);
  EXPECT_GT(Between({"prior"}, "loose").together, 0);
  EXPECT_EQ(Between({"prior"}, "stranger").together, 0);
}

TEST_F(CoInvestorsTest, OnlyWhoCameLaterFollowed) {
  Deals("early", {{"a", "2024-01-01"}});
  Deals("late", {{"a", "2024-06-01"}});
  EXPECT_GT(Between({"early"}, "late").after, 0);
  EXPECT_EQ(Between({"late"}, "early").after, 0);
  EXPECT_EQ(Between({"late"}, "early").together, Between({"early"}, "late").together);
}

TEST_F(CoInvestorsTest, OnesOwnRecordAndOneNamedTwiceDoNotAddUp) {
  Deals("a", {{"x", "2024-01-01"}});
  Deals("b", {{"x", "2024-01-01"}});
  EXPECT_EQ(Between({"a"}, "a").together, 0);
  EXPECT_EQ(Between({"a", "a"}, "b").together, Between({"a"}, "b").together);
}

TEST_F(CoInvestorsTest, StrengthsStayBelowTheirBound) {
  std::vector<std::pair<const char*, const char*>> many;
  for (const char* company : {"a", "b", "c", "d", "e", "f", "g", "h"}) many.emplace_back(company, "2026-11-01");
  std::vector<std::string> prior;
  for (int i = 0; i < 10; ++i) {
    prior.push_back(absl::StrCat("p", i));
    Deals(prior.back(), many);
  }
  Deals("i", many);
  EXPECT_EQ(Between(prior, "i").together, SharedWith::kMost);
}

}  // namespace
}  // namespace tandem::pairing::matching
