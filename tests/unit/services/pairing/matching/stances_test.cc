#include "services/pairing/matching/stances.h"

#include <algorithm>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "gtest/gtest.h"

#include "services/pairing/matching/explanation.h"
#include "services/pairing/matching/market_view.h"
#include "services/pairing/matching/ranking.h"
#include "services/pairing/matching/selected_ranking.h"
#include "tests/unit/services/pairing/matching/market_builder.h"

namespace tandem::pairing::matching {
namespace {

constexpr v1::StanceKind kNothing = v1::STANCE_KIND_UNSPECIFIED, kSkipped = v1::STANCE_KIND_SKIPPED,
                         kBlocked = v1::STANCE_KIND_BLOCKED;

class StancesTest : public testing::Test {
 protected:
  StancesTest() {
    market_.SetEdition(PlainEdition());
    for (const char* id : {"a", "b", "c", "d"}) {
      market_.PutInvestor(PlainInvestor(id));
      market_.PutProject(PlainProject(id));
    }
  }

  void Say(const std::string& project, const std::string& investor, v1::StanceKind by_project,
           v1::StanceKind by_investor, v1::Pairing::State state = v1::Pairing::STATE_OPEN) {
    v1::Pairing pairing = PlainPairing(ProjectName(project), InvestorName(investor));
    pairing.mutable_project_stance()->set_kind(by_project);
    pairing.mutable_investor_stance()->set_kind(by_investor);
    pairing.set_state(state);
    market_.PutPairing(pairing);
  }
  // Ids of the list of an investor, or of a project.
  std::string ForInvestor(const std::string& id, size_t k = kWholeRanking) {
    const auto view = market_.View();
    const auto facts = view->FindInvestor(InvestorName(id));
    std::string ids;
    const Ranking ranking = TopProjects(*view, facts, view->context->reference_day, k);
    for (const RankedProject& ranked : ranking.projects) ids += ranked.project->record.name().back();
    return ids;
  }
  std::string ForProject(const std::string& id, size_t k = kWholeRanking) {
    const auto view = market_.View();
    const auto facts = view->FindProject(ProjectName(id));
    std::string ids;
    const Ranking ranking = TopInvestors(*view, facts, view->context->reference_day, k);
    for (const RankedInvestor& ranked : ranking.investors) ids += ranked.investor->record.name().back();
    return ids;
  }

  Market market_{kEdition};
};

TEST_F(StancesTest, WhatIsSkippedIsGoneFromTheListOfTheOneWhoSaidItOnly) {
  EXPECT_EQ(ForInvestor("a"), "abcd");
  Say("b", "a", kNothing, kSkipped);
  EXPECT_EQ(ForInvestor("a"), "acd");
  EXPECT_EQ(ForInvestor("a", 2), "ac") << "the next one takes the place";
  EXPECT_EQ(ForProject("b"), "abcd") << "a skip is private";
  Say("b", "a", kSkipped, kNothing);
  EXPECT_EQ(ForInvestor("a"), "abcd") << "taken back";
  EXPECT_EQ(ForProject("b"), "bcd");
  market_.RemovePairing(PlainPairing(ProjectName("b"), InvestorName("a")).name());
  EXPECT_EQ(ForProject("b"), "abcd");
}

TEST_F(StancesTest, WhoIsBlockedAndWhoBlocksAreGoneFromEachOthersLists) {
  Say("b", "a", kNothing, kBlocked);
  Say("c", "a", kBlocked, kNothing);
  EXPECT_EQ(ForInvestor("a"), "ad");
  EXPECT_EQ(ForProject("b"), "bcd");
  EXPECT_EQ(ForProject("c"), "bcd");
  EXPECT_EQ(ForProject("a"), "abcd");
  const auto view = market_.View();
  const auto slots = [&](const char* project, const char* investor) {
    return std::pair(*view->project_names->Find(ProjectName(project)),
                     *view->investor_names->Find(InvestorName(investor)));
  };
  const auto [b, a] = slots("b", "a");
  EXPECT_EQ(view->gone.InvestorSaid(a, b), Said::kBlocked);
  EXPECT_EQ(view->gone.ProjectSaid(b, a), Said::kNothing);
  Say("b", "a", kNothing, kSkipped);
  EXPECT_EQ(ForProject("b"), "abcd") << "only the block is taken back";
  EXPECT_EQ(ForInvestor("a"), "ad");
}

TEST_F(StancesTest, StancesMayComeBeforeTheirRecords) {
  Say("x", "y", kNothing, kBlocked);
  EXPECT_EQ(ForInvestor("a"), "abcd");
  market_.PutProject(PlainProject("x"));
  market_.PutInvestor(PlainInvestor("y"));
  EXPECT_EQ(ForInvestor("y"), "abcd");
  EXPECT_EQ(ForProject("x"), "abcd");
  EXPECT_EQ(ForInvestor("a"), "abcdx");
}

TEST_F(StancesTest, MarksMoveForTheSubjectsWhoseListsCanChangeAndForNoOthers) {
  const uint64_t version = market_.View()->version;
  Say("b", "a", kNothing, kSkipped);
  auto view = market_.View();
  EXPECT_EQ(view->version, version + 1);
  EXPECT_EQ(view->MarkOfInvestor(InvestorName("a")), view->version);
  EXPECT_LT(view->MarkOfProject(ProjectName("b")), view->version) << "a skip is private";
  EXPECT_LT(view->MarkOfInvestor(InvestorName("b")), view->version);
  Say("b", "a", kNothing, kBlocked);
  view = market_.View();
  EXPECT_EQ(view->MarkOfProject(ProjectName("b")), view->version);
  EXPECT_LT(view->MarkOfProject(ProjectName("a")), view->version);
  const auto before = view;
  Say("c", "c", v1::STANCE_KIND_INTERESTED, v1::STANCE_KIND_MUST_MEET);
  EXPECT_EQ(market_.View(), before) << "nothing that lists depend on";
}

TEST_F(StancesTest, AnInvestorWithoutAPlaceLeftRanksDownAndTheTermSaysSo) {
  for (const char* id : {"a", "b", "c", "d"}) {
    investors::v1::Investor investor = PlainInvestor(id);
    investor.set_capacity(2);
    market_.PutInvestor(investor);
  }
  EXPECT_EQ(ForProject("d"), "abcd");
  const auto investor = [&] { return market_.FindInvestor(InvestorName("a")); };
  Say("a", "a", kNothing, kNothing, v1::Pairing::STATE_MUTUAL);
  market_.Settle();
  EXPECT_EQ(investor()->PlacesLeft(), 1);
  EXPECT_EQ(ForProject("d"), "abcd") << "one left";
  v1::MatchOptions options;
  options.set_spare_spent_capacity(true);
  const auto spared = [&] {
    return WithOptions(std::make_shared<Ranking>(RankInvestors(market_, market_.FindProject(ProjectName("d")),
                                                               market_.context()->reference_day)),
                       options);
  };
  EXPECT_EQ(spared()->investors.back().investor->record.name(), InvestorName("a"));
  EXPECT_EQ(spared()->adjustments.back().spent_capacity, -1'800'000);
  v1::Match match = DescribeMatch(*spared(), 3, true, "en");
  DescribeAdjustment(*spared(), 3, true, &match);
  EXPECT_TRUE(std::any_of(match.terms().begin(), match.terms().end(), [](const v1::Term& term) {
    return term.investor_value() == "has 1 of 2 places left, which is fewer than 10";
  }));

  Say("b", "a", kNothing, kNothing, v1::Pairing::STATE_MUTUAL);
  EXPECT_EQ(ForProject("d"), "bcda");
  EXPECT_TRUE(investor()->IsSpent());
  const auto view = market_.View();
  const auto explanation =
      ExplainPair(*view, *market_.FindProject(ProjectName("d")), *investor(), view->context->reference_day, "en");
  int64_t sum = 0, discount = 0;
  for (const v1::Term& term : explanation.terms()) {
    sum += term.points();
    if (term.signal() != v1::SIGNAL_SPENT_CAPACITY) continue;
    discount += term.points();
    EXPECT_EQ(term.investor_value(), "takes on 2, and has as many pairings");
  }
  EXPECT_EQ(discount, -2'000'000);
  EXPECT_EQ(sum, explanation.score());
  EXPECT_EQ(spared()->adjustments.back().spent_capacity, 0) << "it is in the score already";

  Say("b", "a", kNothing, kNothing, v1::Pairing::STATE_WITHDRAWN);
  EXPECT_EQ(ForProject("d"), "abcd") << "there is a place again";
}

TEST_F(StancesTest, MutualPairingsOfWhoStatesNoCapacityOrHasEnoughChangeNothing) {
  investors::v1::Investor investor = PlainInvestor("b");
  investor.set_capacity(100);
  market_.PutInvestor(investor);
  const auto before = market_.View();
  Say("a", "a", kNothing, kNothing, v1::Pairing::STATE_MUTUAL);
  Say("a", "b", kNothing, kNothing, v1::Pairing::STATE_MUTUAL);
  EXPECT_EQ(market_.View(), before);
}

// Whatever is said: the lists of the view are those of the scan, and their members those that nobody took out.
TEST(StancesMarketTest, ListsAreThoseOfTheScanWhateverIsSaid) {
  const uint32_t seed = std::random_device{}();
  SCOPED_TRACE(testing::Message() << "seed " << seed);
  std::mt19937 random(seed);
  Market market = DemoMarket(static_cast<int64_t>(seed), 60, 40);
  std::vector<std::string> projects, investors;
  for (const auto& [name, facts] : market.projects()) projects.push_back(name);
  for (const auto& [name, facts] : market.investors()) investors.push_back(name);
  size_t left_out = 0;
  for (int round = 0; round < 4; ++round) {
    for (int i = 0; i < 60; ++i) {
      // Few of one kind, so that some have many who are gone.
      v1::Pairing pairing = PlainPairing(projects[random() % (i % 2 == 0 ? 5 : projects.size())],
                                         investors[random() % (i % 2 == 0 ? investors.size() : 5)]);
      constexpr v1::StanceKind kKinds[] = {kNothing, kSkipped, kBlocked};
      pairing.mutable_project_stance()->set_kind(kKinds[random() % 3]);
      pairing.mutable_investor_stance()->set_kind(kKinds[random() % 3]);
      if (random() % 3 == 0) pairing.set_state(v1::Pairing::STATE_MUTUAL);
      market.PutPairing(pairing);
    }
    const auto view = market.View();
    const int32_t today = market.context()->reference_day;
    for (const int32_t day : {today, today - 300}) {
      for (const size_t k : {size_t{3}, size_t{20}, kWholeRanking}) {
        for (const std::string& name : investors) {
          const Ranking scan = RankProjects(market, market.FindInvestor(name), day);
          const Ranking top = TopProjects(*view, view->FindInvestor(name), day, k);
          ASSERT_EQ(top.passed, scan.passed) << name;
          ASSERT_EQ(top.size(), std::min(k, scan.size())) << name;
          const auto gone = market.GoneFromInvestor(name);
          left_out += gone.size();
          for (size_t i = 0; i < top.size(); ++i) {
            ASSERT_EQ(top.projects[i].project, scan.projects[i].project) << name;
            ASSERT_EQ(top.projects[i].score, scan.projects[i].score) << name;
            ASSERT_FALSE(gone.contains(top.projects[i].project->record.name()));
          }
        }
        for (const std::string& name : projects) {
          const Ranking scan = RankInvestors(market, market.FindProject(name), day);
          const Ranking top = TopInvestors(*view, view->FindProject(name), day, k);
          ASSERT_EQ(top.passed, scan.passed) << name;
          ASSERT_GE(top.size(), std::min(k, scan.size())) << name;
          for (size_t i = 0; i < std::min(k, scan.size()); ++i) {
            ASSERT_EQ(top.investors[i].investor, scan.investors[i].investor) << name;
            ASSERT_EQ(top.investors[i].score, scan.investors[i].score) << name;
          }
        }
      }
    }
  }
  EXPECT_GT(left_out, 0u);
}

}  // namespace
}  // namespace tandem::pairing::matching
