#include "tests/bench/learning/default_fit.h"

#include <algorithm>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "gtest/gtest.h"

#include "services/pairing/matching/profile.h"
#include "services/pairing/matching/ranking.h"
#include "tests/bench/learning/generated_market.h"

namespace tandem::pairing::matching {
namespace {

DefaultFitOptions SmallEdition() {
  DefaultFitOptions options;
  options.seeds = {3};
  options.projects = 50;
  options.investors = 300;
  options.threads = 1;
  options.most_examples = 200;
  return options;
}

TEST(FitDefaultTest, GivesTheSameWhateverTheThreads) {
  DefaultFitOptions options = SmallEdition();
  const absl::StatusOr<DefaultFit> one = FitDefault(options, nullptr);
  ASSERT_TRUE(one.ok()) << one.status();
  options.threads = 2;
  const absl::StatusOr<DefaultFit> two = FitDefault(options, nullptr);
  ASSERT_TRUE(two.ok()) << two.status();
  EXPECT_EQ(WeightTable(*one), WeightTable(*two));
}

TEST(FitDefaultTest, GivesLinesOfCodeThatAreNeitherEmptyNorAtABound) {
  const absl::StatusOr<DefaultFit> fit = FitDefault(SmallEdition(), nullptr);
  ASSERT_TRUE(fit.ok()) << fit.status();
  int there = 0;
  for (const FittedWeight& each : fit->weights) {
    EXPECT_GE(each.weight, 0) << NameOf(each.feature);
    EXPECT_LT(each.weight, 4000) << NameOf(each.feature);
    EXPECT_EQ(each.weight % 10, 0);
    EXPECT_LE(each.least, each.most);
    there += each.weight > 0;
  }
  EXPECT_GT(there, 8);
  EXPECT_EQ(WeightTable(*fit).find("    weigh(kSectorBayes, "), 0u);
}

TEST(FitDefaultTest, NeedsASeed) {
  EXPECT_EQ(FitDefault({}, nullptr).status().code(), absl::StatusCode::kInvalidArgument);
}

// The last half-year's rounds as projects, and who was in each for the first time.
struct Question {
  std::shared_ptr<const ProjectFacts> project;
  std::set<std::string> chosen;
  std::set<std::string> before;
};

// The mean share of the chosen among the first twenty of those that were not in the company before.
double Recall(const Market& market, const std::vector<Question>& questions, int32_t day) {
  double sum = 0;
  for (const Question& question : questions) {
    size_t place = 0, found = 0;
    for (const RankedInvestor& ranked : RankInvestors(market, question.project, day).investors) {
      const std::string& name = ranked.investor->record.name();
      if (question.before.count(name) != 0) continue;
      found += question.chosen.count(name);
      if (++place == 20) break;
    }
    sum += static_cast<double>(found) / static_cast<double>(question.chosen.size());
  }
  return sum / static_cast<double>(questions.size());
}

TEST(DefaultProfileTest, RanksByMandatesAndDealsBetterThanByMandatesAlone) {
  // Not among the editions that the shipped profile was fitted to.
  const std::unique_ptr<Market> market = GeneratedMarket("unseen", 1001, 50, 400);
  ASSERT_NE(market, nullptr);
  constexpr char kSplit[] = "2026-05-18";
  std::map<std::string, std::vector<investors::v1::Deal>> later;  // by round
  std::map<std::string, std::set<std::string>> inside;            // by company, before the split
  for (const auto& deal : market->WhatCounts().deals) {
    if (deal.record->date() >= kSplit) {
      later[deal.record->date() + deal.record->company().external_id()].push_back(*deal.record);
      market->RemoveDeal(deal.record->name());
    } else {
      inside[deal.record->company().external_id()].insert(deal.record->investor().name());
    }
  }
  market->Settle();
  std::vector<Question> questions;
  std::vector<std::string> names;
  for (const auto& [round, deals] : later) {
    Question question;
    question.before = inside[deals[0].company().external_id()];
    for (const auto& deal : deals) {
      if (question.before.count(deal.investor().name()) == 0) question.chosen.insert(deal.investor().name());
    }
    if (question.chosen.empty()) continue;
    projects::v1::Project project;
    project.set_name("editions/unseen/projects/" + round);
    project.set_state(projects::v1::Project::STATE_PUBLISHED);
    *project.mutable_sectors() = deals[0].sectors();
    *project.mutable_place() = deals[0].place();
    project.set_funding_round(deals[0].funding_round());
    project.set_stage_of_development(deals[0].stage_of_development());
    project.set_trl(deals[0].trl());
    project.mutable_ask()->set_currency_code(deals[0].round_size().currency_code());
    project.mutable_ask()->set_target_minor(deals[0].round_size().amount_minor());
    for (const std::string& prior : question.before) project.add_prior_investors()->set_name(prior);
    names.push_back(project.name());
    market->PutProject(std::move(project));
    questions.push_back(std::move(question));
  }
  ASSERT_GT(questions.size(), 100u);
  const auto ask = [&](const Market& of) {
    for (size_t i = 0; i < questions.size(); ++i) questions[i].project = of.FindProject(names[i]);
    return Recall(of, questions, of.context()->reference_day);
  };
  market->Settle();
  const double all = ask(*market);
  Market mandates = market->Copy();
  for (const auto& deal : market->WhatCounts().deals) mandates.RemoveDeal(deal.record->name());
  mandates.Settle();
  const double by_mandates = ask(mandates);
  EXPECT_GT(by_mandates, 20.0 / 400);
  EXPECT_GT(all, 1.5 * by_mandates);
  RecordProperty("recall_by_deals_and_mandates", std::to_string(all));
  RecordProperty("recall_by_mandates", std::to_string(by_mandates));
}

}  // namespace
}  // namespace tandem::pairing::matching
