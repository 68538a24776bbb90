#include "services/pairing/matching/ranking.h"

#include <algorithm>
#include <random>

#include "gtest/gtest.h"

#include "services/pairing/matching/explanation.h"
#include "services/pairing/matching/gates.h"
#include "tests/unit/services/pairing/matching/market_builder.h"

namespace tandem::pairing::matching {
namespace {

TEST(RankingTest, TermsOfEveryExplanationSumToTheScoreOn10000RandomPairs) {
  const uint32_t seed = std::random_device{}();
  SCOPED_TRACE(testing::Message() << "seed " << seed);
  std::mt19937 random(seed);
  const Market market = DemoMarket(static_cast<int64_t>(seed), 200, 100);
  int checked = 0;
  for (const auto& [name, project] : market.projects()) {
    const auto day = static_cast<int32_t>(market.context()->reference_day - static_cast<int>(random() % 2000));
    const Ranking ranking = RankInvestors(market, project, day);
    for (const auto& [investor_name, investor] : market.investors()) {
      const v1::MatchExplanation explanation = ExplainPair(market, *project, *investor, day, "");
      int64_t sum = 0;
      for (const v1::Term& term : explanation.terms()) sum += term.points();
      ASSERT_EQ(sum, explanation.score()) << name << " " << investor_name;
      const auto ranked =
          std::find_if(ranking.investors.begin(), ranking.investors.end(),
                       [&, wanted = investor](const RankedInvestor& r) { return r.investor == wanted; });
      ASSERT_EQ(ranked != ranking.investors.end(), explanation.eligible()) << name << " " << investor_name;
      if (explanation.eligible()) {
        ASSERT_EQ(ranked->score, explanation.score());
        const v1::Match match =
            DescribeMatch(ranking, static_cast<size_t>(ranked - ranking.investors.begin()), true, "zh");
        int64_t listed = 0;
        for (const v1::Term& term : match.terms()) listed += term.points();
        ASSERT_EQ(listed, match.score());
      }
      ++checked;
    }
    if (checked >= 10'000) break;
  }
  EXPECT_GE(checked, 10'000);
}

TEST(RankingTest, BothDirectionsHoldExactlyTheEligiblePairsInOrderOfScoreThenName) {
  const uint32_t seed = std::random_device{}();
  SCOPED_TRACE(testing::Message() << "seed " << seed);
  const Market market = DemoMarket(static_cast<int64_t>(seed), 60, 40);
  const int32_t day = market.context()->reference_day;
  for (const auto& [name, investor] : market.investors()) {
    std::vector<std::pair<int64_t, std::string>> naive;
    for (const auto& [project_name, project] : market.projects()) {
      const v1::MatchExplanation explanation = ExplainPair(market, *project, *investor, day, "");
      if (explanation.eligible()) naive.emplace_back(-explanation.score(), project_name);
    }
    std::sort(naive.begin(), naive.end());
    const Ranking ranking = RankProjects(market, investor, day);
    ASSERT_EQ(ranking.size(), naive.size()) << name;
    for (size_t i = 0; i < naive.size(); ++i) {
      ASSERT_EQ(ranking.projects[i].project->record.name(), naive[i].second) << name << " at " << i;
      ASSERT_EQ(ranking.projects[i].score, -naive[i].first);
      const Ranking back = RankInvestors(market, ranking.projects[i].project, day);
      ASSERT_TRUE(
          std::any_of(back.investors.begin(), back.investors.end(), [&, wanted = investor](const RankedInvestor& r) {
            return r.investor == wanted && r.score == ranking.projects[i].score;
          }));
      if (i == 2) break;
    }
  }
}

TEST(RankingTest, EqualScoresAreOrderedByName) {
  Market market(kEdition);
  market.SetEdition(PlainEdition());
  for (const char* id : {"c", "a", "b"}) market.PutInvestor(PlainInvestor(id));
  market.PutProject(PlainProject("p"));
  market.Settle();
  const Ranking ranking = RankInvestors(market, market.FindProject(ProjectName("p")), 20000);
  ASSERT_EQ(ranking.size(), 3u);
  EXPECT_EQ(ranking.investors[0].investor->record.external_id(), "a");
  EXPECT_EQ(ranking.investors[2].investor->record.external_id(), "c");
}

TEST(RankingTest, DealsOnOrAfterTheDayDoNotCount) {
  Market market(kEdition);
  market.SetEdition(PlainEdition());
  market.PutInvestor(PlainInvestor("i"));
  projects::v1::Project project = PlainProject("p");
  project.set_funding_round(type::v1::FUNDING_ROUND_SEED);
  market.PutProject(project);
  market.Settle();
  const int32_t day = market.context()->reference_day;
  const int64_t before = RankInvestors(market, market.FindProject(project.name()), day).investors[0].score;
  investors::v1::Deal deal = PlainDeal("d", "i", "c", "2026-11-20");
  deal.set_funding_round(type::v1::FUNDING_ROUND_SEED);
  market.PutDeal(deal);
  market.Settle();
  EXPECT_EQ(RankInvestors(market, market.FindProject(project.name()), day).investors[0].score, before);
  EXPECT_NE(RankInvestors(market, market.FindProject(project.name()), day + 1).investors[0].score, before);
}

TEST(RankingTest, ASubjectThatTakesNoPartHasNoMatches) {
  Market market(kEdition);
  market.PutInvestor(PlainInvestor("i"));
  projects::v1::Project project = PlainProject("p");
  project.set_state(projects::v1::Project::STATE_PAUSED);
  market.PutProject(project);
  market.Settle();
  EXPECT_EQ(RankInvestors(market, market.FindProject(project.name()), 0).size(), 0u);
  EXPECT_EQ(RankProjects(market, market.FindInvestor(InvestorName("i")), 0).size(), 0u);
}

TEST(RankingTest, ARankingIsExplainedAsItWasComputedAfterTheMarketChanged) {
  Market market = DemoMarket(7, 30, 20);
  const auto project = market.projects().begin()->second;
  const Ranking ranking = RankInvestors(market, project, market.context()->reference_day);
  ASSERT_GT(ranking.size(), 0u);
  const std::string before = DescribeMatch(ranking, 0, true, "").SerializeAsString();
  std::vector<std::string> names;
  for (const auto& [name, investor] : market.investors()) names.push_back(name);
  for (const std::string& name : names) market.RemoveInvestor(name);
  market.RemoveProject(project->record.name());
  EXPECT_EQ(DescribeMatch(ranking, 0, true, "").SerializeAsString(), before);
}

}  // namespace
}  // namespace tandem::pairing::matching
