#include "services/pairing/matching/market_view.h"

#include <random>

#include "gtest/gtest.h"

#include "services/pairing/matching/ranking.h"
#include "tests/unit/services/pairing/matching/market_builder.h"

namespace tandem::pairing::matching {
namespace {

// The lists of the view against the scan of the market, for every subject.
void ExpectAsScanned(Market& market, int32_t day, size_t k) {
  const auto view = market.View();
  size_t listed = 0;
  for (const auto& [name, investor] : market.investors()) {
    const Ranking scan = RankProjects(market, investor, day);
    const Ranking top = TopProjects(*view, investor, day, k);
    ASSERT_EQ(top.passed, scan.passed) << name;
    ASSERT_EQ(top.size(), std::min(k, scan.size())) << name;
    for (size_t i = 0; i < top.size(); ++i) {
      ASSERT_EQ(top.projects[i].project, scan.projects[i].project) << name << " at " << i;
      ASSERT_EQ(top.projects[i].score, scan.projects[i].score) << name << " at " << i;
      ASSERT_EQ(top.projects[i].shared.together, scan.projects[i].shared.together);
    }
    listed += top.size();
  }
  for (const auto& [name, project] : market.projects()) {
    const Ranking scan = RankInvestors(market, project, day);
    const Ranking top = TopInvestors(*view, project, day, k);
    ASSERT_EQ(top.passed, scan.passed) << name;
    ASSERT_GE(top.size(), std::min(k, scan.size())) << name;
    for (size_t i = 0; i < std::min(k, scan.size()); ++i) {
      ASSERT_EQ(top.investors[i].investor, scan.investors[i].investor) << name << " at " << i;
      ASSERT_EQ(top.investors[i].score, scan.investors[i].score) << name << " at " << i;
    }
  }
  EXPECT_GT(listed, 0u);
}

TEST(MarketViewTest, ListsAreThoseOfTheScanAfterEveryKindOfChange) {
  const uint32_t seed = std::random_device{}();
  SCOPED_TRACE(testing::Message() << "seed " << seed);
  std::mt19937 random(seed);
  Market market = DemoMarket(static_cast<int64_t>(seed), 120, 80);
  ExpectAsScanned(market, market.context()->reference_day, 10);
  ExpectAsScanned(market, market.context()->reference_day - 400, 10);
  std::vector<projects::v1::Project> projects;
  for (const auto& [name, facts] : market.projects()) projects.push_back(facts->record);
  std::vector<investors::v1::Investor> investors;
  for (const auto& [name, facts] : market.investors()) investors.push_back(facts->record);
  for (int round = 0; round < 12; ++round) {
    auto& project = projects[random() % projects.size()];
    auto& investor = investors[random() % investors.size()];
    switch (round % 6) {
      case 0:
        project.set_funding_round(type::v1::FUNDING_ROUND_SERIES_B);
        project.clear_ask();
        project.mutable_place()->set_country_code("FR");
        project.mutable_place()->set_region("a region that nobody had");
        market.PutProject(project);
        break;
      case 1:
        market.RemoveProject(project.name());
        break;
      case 2:
        investor.set_capacity(3);
        investor.mutable_mandate()->clear_criteria();
        market.PutInvestor(investor);
        break;
      case 3:
        market.RemoveInvestor(investor.name());
        break;
      case 4: {
        investors::v1::Deal deal =
            PlainDeal(std::to_string(round), investor.external_id(), "new company", "2020-05-05");
        deal.mutable_investor()->set_name(investor.name());
        deal.set_name(investor.name() + "/deals/" + std::to_string(round));
        deal.set_funding_round(type::v1::FUNDING_ROUND_SEED);
        market.PutDeal(deal);
        break;
      }
      default: {
        v1::Edition edition = market.context()->edition;
        edition.set_reference_date("2026-0" + std::to_string(1 + round % 9) + "-01");
        market.SetEdition(edition);
      }
    }
    market.Settle();
    ASSERT_NO_FATAL_FAILURE(ExpectAsScanned(market, market.context()->reference_day, 7)) << "round " << round;
  }
}

TEST(MarketViewTest, AViewStaysAsItWas) {
  Market market = DemoMarket(3, 60, 30);
  const auto view = market.View();
  const auto investor = market.investors().begin()->second;
  const int32_t day = market.context()->reference_day;
  const Ranking before = TopProjects(*view, investor, day, kWholeRanking);
  ASSERT_GT(before.size(), 0u);
  std::vector<std::string> names;
  for (const auto& [name, facts] : market.projects()) names.push_back(name);
  for (const std::string& name : names) market.RemoveProject(name);
  market.Settle();
  EXPECT_EQ(TopProjects(*market.View(), investor, day, kWholeRanking).size(), 0u);
  const Ranking after = TopProjects(*view, investor, day, kWholeRanking);
  ASSERT_EQ(after.size(), before.size());
  for (size_t i = 0; i < after.size(); ++i) EXPECT_EQ(after.projects[i].project, before.projects[i].project);
}

TEST(MarketViewTest, NothingChangedIsTheSameView) {
  Market market = DemoMarket(3, 5, 5);
  const auto view = market.View();
  EXPECT_EQ(market.View(), view);
  market.RemoveProject("nobody");
  EXPECT_EQ(market.View(), view);
}

}  // namespace
}  // namespace tandem::pairing::matching
