#include "services/pairing/matching/learning/answer_examples.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

#include "services/pairing/matching/learning/deal_table.h"
#include "services/pairing/matching/learning/random.h"
#include "services/pairing/matching/learning/snapshot.h"
#include "services/pairing/matching/learning/trainer.h"
#include "tests/unit/services/pairing/matching/learning/synthetic_deals.h"

namespace tandem::pairing::matching {
namespace {

constexpr const char* kCountries[] = {"CN", "DE", "FR", "US"};

std::string InvestorOf(int number) { return absl::StrCat("editions/e/investors/i", number); }

std::shared_ptr<const projects::v1::Project> ProjectOf(const std::string& id, const std::string& country) {
  projects::v1::Project project;
  project.set_name(absl::StrCat("editions/e/projects/", id));
  project.set_state(projects::v1::Project::STATE_PUBLISHED);
  project.mutable_place()->set_country_code(country);
  project.add_texts()->set_title("not learned from");
  return std::make_shared<const projects::v1::Project>(std::move(project));
}

TrainingOptions Options() {
  TrainingOptions options;
  options.seed = 5;
  options.as_of_day = kToday;
  options.most_examples = 200;
  options.alternatives = 20;
  return options;
}

TrainingResult TrainOn(std::vector<PairAnswer> answers) {
  TrainingInput input = InputOf(SyntheticDeals(1, 150));
  input.answers = std::move(answers);
  auto result = Train(input, Options(), nullptr);
  EXPECT_TRUE(result.ok()) << result.status();
  return result.ok() ? *std::move(result) : TrainingResult();
}

// Investor i does deals in country i % 4: `home` says whether the answers are about projects from there.
std::vector<PairAnswer> Answers(bool home, bool accepted, int count = 150) {
  std::vector<PairAnswer> answers;
  for (int i = 0; i < count; ++i) {
    const int investor = i % 60;
    const int country = home ? investor % 4 : (investor + 1) % 4;
    answers.push_back({kToday - 2 * i - 1, ProjectOf(absl::StrCat("p", accepted, i), kCountries[country]),
                       InvestorOf(investor), accepted});
  }
  return answers;
}

int32_t WorthOfCountry(const TrainingResult& result) {
  return result.profile.shapes[kCountry].At(1000) - result.profile.shapes[kCountry].At(-1000);
}

TEST(AnswerExamplesTest, DeclinesOfAKindLowerItsWeightAndAcceptancesRaiseIt) {
  const TrainingResult plain = TrainOn({});
  const TrainingResult declined = TrainOn(Answers(true, false));
  EXPECT_LT(WorthOfCountry(declined), WorthOfCountry(plain));
  EXPECT_GT(declined.counts.declines, 100);
  EXPECT_EQ(declined.counts.acceptances, 0);
  EXPECT_EQ(declined.counts.examples, plain.counts.examples + declined.counts.declines);

  const TrainingResult abroad = TrainOn(Answers(false, true));
  EXPECT_LT(WorthOfCountry(abroad), WorthOfCountry(plain) - 100);
  EXPECT_GT(abroad.counts.acceptances, 100);
  EXPECT_GT(WorthOfCountry(TrainOn(Answers(true, true))), WorthOfCountry(abroad));
  // What is declined where others are accepted says more than where there are deals alone.
  std::vector<PairAnswer> both = Answers(false, true);
  for (PairAnswer& answer : Answers(true, false)) both.push_back(std::move(answer));
  EXPECT_LT(WorthOfCountry(TrainOn(std::move(both))), WorthOfCountry(abroad) - 100);
}

TEST(AnswerExamplesTest, WithoutAnswersEverythingIsAsBefore) {
  const TrainingResult plain = TrainOn({});
  // Too late, or of somebody who did nothing before.
  std::vector<PairAnswer> unheard = Answers(true, false, 10);
  for (size_t i = 0; i < unheard.size(); ++i) {
    if (i % 2 == 0) unheard[i].day = kToday + static_cast<int32_t>(i);
    if (i % 2 == 1) unheard[i].investor = "editions/e/investors/nobody";
  }
  const TrainingResult same = TrainOn(std::move(unheard));
  EXPECT_EQ(same.profile.shapes, plain.profile.shapes);
  EXPECT_EQ(same.profile.demand, plain.profile.demand);
  EXPECT_EQ(same.counts.acceptances + same.counts.declines, 0);
}

TEST(AnswerExamplesTest, TheOrderOfAnswersChangesNothing) {
  std::vector<PairAnswer> answers = Answers(true, false, 60);
  for (PairAnswer& answer : Answers(false, true, 60)) answers.push_back(std::move(answer));
  const TrainingResult one = TrainOn(answers);
  std::reverse(answers.begin(), answers.end());
  const TrainingResult other = TrainOn(answers);
  EXPECT_EQ(one.profile.shapes, other.profile.shapes);
  EXPECT_EQ(one.data_fingerprint, other.data_fingerprint);
  EXPECT_NE(one.data_fingerprint, TrainOn({}).data_fingerprint);
}

TEST(AnswerExamplesTest, WhatGoesBeforeADeclineIsOfTheSameProjectOrElseOfTheSameInvestor) {
  const TrainingInput input = InputOf(SyntheticDeals(1, 150));
  const DealTable table(input.deals, {}, kToday);
  const Window window{kToday - 91, kToday};
  SnapshotMaker maker(input.context.get(), *input.interner, *input.codes, &table);
  Work work(1, nullptr);
  const auto snapshot = maker.Make({window.from}, &work).at(window.from);
  const auto project = ProjectOf("p", "CN");
  const auto numbered = [&](const std::string& name) {
    uint32_t number = 0;
    while (table.InvestorKey(number) != name) ++number;
    return number;
  };
  WindowExamples examples;
  examples.snapshot = snapshot;
  ExampleOptions options;
  const std::vector<PairAnswer> answers =
      AnswersBefore(kToday, {{kToday - 3, project, InvestorOf(4), false},
                             {kToday - 2, project, InvestorOf(8), true},
                             {kToday - 2, ProjectOf("q", "DE"), InvestorOf(8), false},
                             {kToday - 200, project, InvestorOf(12), false},
                             {kToday + 1, project, InvestorOf(16), true}});
  ASSERT_EQ(answers.size(), 4u);
  const AnswerCounts counts = AddAnswers(&maker, answers, window, options, &work, &examples);
  EXPECT_EQ(counts.acceptances, 1);
  EXPECT_EQ(counts.declines, 2);
  ASSERT_EQ(examples.examples.size(), 3u);
  const TrainingExample& accepted = examples.examples[0];
  EXPECT_EQ(accepted.kind, ExampleKind::kAcceptance);
  EXPECT_EQ(accepted.chosen, numbered(InvestorOf(8)));
  EXPECT_EQ(accepted.alternatives.size(), options.alternatives);
  for (const auto& other : accepted.alternatives) {
    EXPECT_NE(other.investor, accepted.chosen);
    EXPECT_NE(other.investor, numbered(InvestorOf(4))) << "that one was asked, and said no";
  }
  for (size_t i = 1; i < 3; ++i) {
    const TrainingExample& declined = examples.examples[i];
    EXPECT_EQ(declined.kind, ExampleKind::kDecline);
    EXPECT_EQ(declined.chosen, accepted.chosen);
    EXPECT_EQ(declined.subject, accepted.subject);
    ASSERT_EQ(declined.alternatives.size(), 1u);
    EXPECT_EQ(declined.alternatives[0].investor, numbered(InvestorOf(i == 1 ? 4 : 8)));
    EXPECT_EQ(declined.alternatives[0].subject == accepted.subject, i == 1);
  }
}

}  // namespace
}  // namespace tandem::pairing::matching
