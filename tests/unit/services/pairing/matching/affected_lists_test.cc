#include "services/pairing/matching/affected_lists.h"

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "services/pairing/matching/market.h"
#include "tests/unit/services/pairing/matching/market_builder.h"

namespace tandem::pairing::matching {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

// One investor who wants series A, two projects, one place in a list.
class AffectedListsTest : public testing::Test {
 protected:
  AffectedListsTest() : market_(kEdition) {
    market_.SetEdition(PlainEdition());
    investors::v1::Investor investor = PlainInvestor("i");
    auto* criterion = investor.mutable_mandate()->add_criteria();
    criterion->set_strength(type::v1::STRENGTH_MUST);
    criterion->set_on_missing(type::v1::ON_MISSING_FAIL);
    criterion->mutable_rounds()->add_items()->set_round(type::v1::FUNDING_ROUND_SERIES_A);
    market_.PutInvestor(investor);
    market_.PutInvestor(PlainInvestor("j"));
    PutProject("b", type::v1::FUNDING_ROUND_SERIES_A);
    PutProject("c", type::v1::FUNDING_ROUND_SEED);
    options_.k = 1;
    options_.kmax = 2;
  }

  void PutProject(const std::string& id, type::v1::FundingRound round) {
    projects::v1::Project project = PlainProject(id);
    project.set_funding_round(round);
    market_.PutProject(project);
  }

  std::shared_ptr<const MarketView> View() {
    market_.Settle();
    return market_.View();
  }

  std::vector<std::string> Names(const std::vector<uint32_t>& slots, const SlotNames& names) {
    std::vector<std::string> found;
    for (const uint32_t slot : slots) found.push_back(names.NameOf(slot));
    std::sort(found.begin(), found.end());
    return found;
  }

  Market market_;
  AffectedLists::Options options_;
};

TEST_F(AffectedListsTest, NamesTheInvestorsWhoseBestProjectsChanged) {
  AffectedLists lists(options_, View());
  EXPECT_FALSE(lists.Fill(10));
  EXPECT_TRUE(lists.filled());
  EXPECT_EQ(lists.list_count(), 2u);
  EXPECT_GT(lists.Memory(), 0u);
  PutProject("a", type::v1::FUNDING_ROUND_SERIES_A);  // before b by its name
  const auto view = View();
  Affected affected = lists.Update(view);
  EXPECT_EQ(affected.version, view->version);
  EXPECT_FALSE(affected.all_investors || affected.all_projects);
  EXPECT_THAT(Names(affected.investors, *view->investor_names), ElementsAre(InvestorName("i"), InvestorName("j")));
  PutProject("a", type::v1::FUNDING_ROUND_SEED);
  EXPECT_THAT(Names(lists.Update(View()).investors, *view->investor_names), ElementsAre(InvestorName("i")))
      << "of the same points to the other one";
  PutProject("d", type::v1::FUNDING_ROUND_SEED);
  EXPECT_THAT(lists.Update(View()).investors, IsEmpty());
}

TEST_F(AffectedListsTest, UntilAllListsAreFilledAllMayHaveChanged) {
  AffectedLists lists(options_, View());
  EXPECT_TRUE(lists.Fill(1));
  PutProject("d", type::v1::FUNDING_ROUND_SEED);
  const Affected affected = lists.Update(View());
  EXPECT_TRUE(affected.all_investors);
  EXPECT_FALSE(affected.all_projects);
  EXPECT_TRUE(lists.usable());
}

TEST_F(AffectedListsTest, AWatchedProjectIsNamedOnce) {
  auto view = View();
  AffectedLists lists(options_, view);
  lists.Fill(10);
  const uint32_t b = *view->project_names->Find(ProjectName("b"));
  EXPECT_TRUE(lists.Watch(*view, b));
  market_.PutInvestor(PlainInvestor("z"));
  EXPECT_THAT(lists.Update(View()).projects, IsEmpty()) << "behind i by its name";
  market_.PutInvestor(PlainInvestor("a"));
  market_.RemoveInvestor(InvestorName("i"));
  EXPECT_THAT(lists.Update(View()).projects, ElementsAre(b));
  EXPECT_EQ(lists.watched_count(), 0u);
  market_.RemoveInvestor(InvestorName("a"));
  EXPECT_THAT(lists.Update(View()).projects, IsEmpty());
  EXPECT_FALSE(lists.Watch(*view, b)) << "the list is another one by now";
  EXPECT_TRUE(lists.Watch(*View(), b));
  lists.Forget(b);
  EXPECT_EQ(lists.watched_count(), 0u);
}

TEST_F(AffectedListsTest, TheLongestWatchedMakesRoom) {
  options_.most_watched = 1;
  const auto view = View();
  AffectedLists lists(options_, view);
  const uint32_t b = *view->project_names->Find(ProjectName("b")), c = *view->project_names->Find(ProjectName("c"));
  EXPECT_TRUE(lists.Watch(*view, b));
  EXPECT_TRUE(lists.Watch(*view, c));
  EXPECT_EQ(lists.watched_count(), 1u);
  market_.RemoveProject(ProjectName("nobody"));
  PutProject("x", type::v1::FUNDING_ROUND_SEED);
  EXPECT_THAT(lists.Update(View()).projects, ElementsAre(b)) << "nobody tells of it any more";
}

TEST_F(AffectedListsTest, WhatAPriorInvestorDidIsToldOfTheProjectsThatNameIt) {
  projects::v1::Project project = PlainProject("c");
  project.set_funding_round(type::v1::FUNDING_ROUND_SEED);
  project.add_prior_investors()->set_external_id("i");
  market_.PutProject(project);
  market_.PutDeal(PlainDeal("d", "j", "company", "2025-01-01"));
  const auto view = View();
  AffectedLists lists(options_, view);
  lists.Fill(10);
  const uint64_t mark = view->MarkOfInvestor(InvestorName("j"));
  EXPECT_TRUE(lists.Watch(*view, *view->project_names->Find(ProjectName("c"))));
  market_.PutDeal(PlainDeal("d", "i", "company", "2024-01-01"));
  const auto next = View();
  EXPECT_THAT(next->changes.prior_projects, ElementsAre(*view->project_names->Find(ProjectName("c"))));
  EXPECT_NE(next->MarkOfInvestor(InvestorName("j")), mark);
  const Affected affected = lists.Update(next);
  EXPECT_THAT(Names(affected.investors, *view->investor_names), Contains(InvestorName("j")))
      << "it shares a company with the project's investor now";
  EXPECT_THAT(Names(affected.projects, *view->project_names), ElementsAre(ProjectName("c")));
}

TEST_F(AffectedListsTest, EverythingTooMuchAndAGapEndTheLists) {
  const auto expect_over = [&](AffectedLists* lists) {
    const Affected affected = lists->Update(View());
    EXPECT_TRUE(affected.all_investors && affected.all_projects);
    EXPECT_FALSE(lists->usable());
    EXPECT_FALSE(lists->Watch(*View(), 0));
  };
  AffectedLists day(options_, View());
  v1::Edition edition = PlainEdition();
  edition.set_reference_date("2026-12-01");
  market_.SetEdition(edition);
  EXPECT_EQ(market_.Pending(), Market::kEverything);
  expect_over(&day);

  options_.most_changes = 1;
  AffectedLists many(options_, View());
  PutProject("x", type::v1::FUNDING_ROUND_SEED);
  PutProject("y", type::v1::FUNDING_ROUND_SEED);
  market_.Settle();
  EXPECT_EQ(market_.Pending(), 2u);
  expect_over(&many);

  options_.most_changes = 10;
  options_.most_queries = 0;
  AffectedLists investor(options_, View());
  market_.PutInvestor(PlainInvestor("k"));
  expect_over(&investor);

  AffectedLists gap(options_, View());
  PutProject("x", type::v1::FUNDING_ROUND_SERIES_A);
  View();
  PutProject("y", type::v1::FUNDING_ROUND_SERIES_A);
  expect_over(&gap);
}

TEST_F(AffectedListsTest, AnEditionThatSaysTheSameChangesNoListButEveryMark) {
  const auto view = View();
  AffectedLists lists(options_, view);
  lists.Fill(10);
  v1::Edition edition = PlainEdition();
  edition.set_etag("other");
  market_.SetEdition(edition);
  const auto next = View();
  const Affected affected = lists.Update(next);
  EXPECT_FALSE(affected.all_investors || affected.all_projects);
  EXPECT_THAT(affected.investors, IsEmpty());
  EXPECT_NE(next->MarkOfInvestor(InvestorName("i")), view->MarkOfInvestor(InvestorName("i")));
  EXPECT_NE(next->MarkOfProject(ProjectName("b")), view->MarkOfProject(ProjectName("b")));
}

}  // namespace
}  // namespace tandem::pairing::matching
