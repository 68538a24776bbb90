#include "services/pairing/matching/learning/trainer.h"

#include <algorithm>
#include <cmath>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "common/base/civil_date.h"
#include "services/pairing/matching/compiler.h"
#include "services/pairing/matching/learning/example_maker.h"
#include "services/pairing/matching/learning/profile_fit.h"
#include "services/pairing/matching/learning/random.h"
#include "services/pairing/matching/learning/score_table.h"
#include "services/pairing/matching/learning/snapshot.h"
#include "tests/unit/services/pairing/matching/learning/synthetic_deals.h"

namespace tandem::pairing::matching {
namespace {

using ::testing::HasSubstr;

TrainingOptions Options() {
  TrainingOptions options;
  options.seed = 5;
  options.as_of_day = kToday;
  options.threads = 1;
  options.most_examples = 200;
  options.alternatives = 20;
  return options;
}

TrainingResult TrainOn(Deals deals, const TrainingOptions& options = Options()) {
  auto result = Train(InputOf(std::move(deals)), options, nullptr);
  EXPECT_TRUE(result.ok()) << result.status();
  return result.ok() ? *std::move(result) : TrainingResult();
}

void ExpectSame(const TrainingResult& a, const TrainingResult& b) {
  EXPECT_EQ(a.profile.shapes, b.profile.shapes);
  EXPECT_EQ(a.profile.demand, b.profile.demand);
  EXPECT_EQ(a.fitted.investors_for_project, b.fitted.investors_for_project);
  EXPECT_EQ(a.fitted.projects_for_investor, b.fitted.projects_for_investor);
  EXPECT_EQ(a.shipped.investors_for_project, b.shipped.investors_for_project);
  EXPECT_EQ(a.calibration, b.calibration);
  EXPECT_EQ(a.data_fingerprint, b.data_fingerprint);
}

void Shuffle(uint64_t seed, Deals* deals) {
  Random random(seed, 1);
  for (size_t i = 0; i < deals->size(); ++i) std::swap((*deals)[i], (*deals)[i + random.Below(deals->size() - i)]);
}

TEST(TrainTest, LearnsWhatTheMadeUpInvestorsLookFor) {
  const TrainingResult result = TrainOn(SyntheticDeals(1, 300));
  const auto& shapes = result.profile.shapes;
  EXPECT_GT(shapes[kCountry].At(1000), 300);
  EXPECT_LT(shapes[kCountry].At(-1000), -300);
  EXPECT_GT(shapes[kRound].At(500) + shapes[kRoundRecent].At(500), 50);
  EXPECT_GT(shapes[kSectorBayes].At(1000) + shapes[kSectorCosine].At(500), 200);
  EXPECT_GT(shapes[kActivityYear].At(1500) + shapes[kDealCount].At(1500), shapes[kActivityYear].At(0) + 100);
  // Nothing is known of these: they stay as shipped.
  EXPECT_EQ(shapes[kTrl], DefaultProfile().shapes[kTrl]);
  EXPECT_EQ(shapes[kCity], DefaultProfile().shapes[kCity]);
  EXPECT_EQ(shapes[kCapacity], DefaultProfile().shapes[kCapacity]);
  EXPECT_EQ(result.profile.known_until_day, kToday);
  EXPECT_FALSE(result.profile.demand.empty());
  // Better than what is shipped, which is better than chance.
  EXPECT_LT(result.fitted.investors_for_project.log_loss, result.shipped.investors_for_project.log_loss);
  EXPECT_LT(result.fitted.investors_for_project.log_loss, 1e6 * std::log(60) - 500'000);
  EXPECT_GT(result.fitted.investors_for_project.recall_at_10, 400'000);
  EXPECT_GT(result.counts.examples, 200);
  EXPECT_EQ(result.counts.deals, 1800);
}

TEST(TrainTest, EveryShapeGivesNothingForNothing) {
  const TrainingResult result = TrainOn(SyntheticDeals(2, 200));
  for (const Shape& shape : result.profile.shapes) EXPECT_EQ(shape.At(0), 0);
}

TEST(TrainTest, NothingOnOrAfterTheDayChangesAnything) {
  const Deals deals = SyntheticDeals(3, 150);
  const TrainingResult before = TrainOn(deals);
  Deals changed;
  Random random(9, 9);
  for (const auto& deal : deals) {
    if (DayOf(deal->date(), 0) < kToday) {
      changed.push_back(deal);
      continue;
    }
    if (random.Below(3) == 0) continue;  // some are gone, the others are somebody else's and in something else
    investors::v1::Deal other = *deal;
    other.mutable_investor()->set_name("editions/e/investors/i" + std::to_string(random.Below(90)));
    other.mutable_place()->set_country_code("BR");
    other.mutable_round_size()->set_amount_minor(1);
    changed.push_back(std::make_shared<const investors::v1::Deal>(other));
  }
  ExpectSame(TrainOn(changed), before);
}

TEST(TrainTest, NeitherThreadsNorTheOrderOfDealsChangesAnything) {
  Deals deals = SyntheticDeals(4, 150);
  const TrainingResult one = TrainOn(deals);
  TrainingOptions options = Options();
  options.threads = 3;
  Shuffle(1, &deals);
  ExpectSame(TrainOn(deals, options), one);
}

TEST(TrainTest, ScramblingWhoInvestedInAWindowChangesNoFeatureOfIt) {
  const Deals deals = SyntheticDeals(6, 150);
  const Window window{kToday - 91, kToday};
  const auto scores = [&](const Deals& these) {
    const TrainingInput input = InputOf(these);
    const DealTable table(input.deals, {}, kToday);
    SnapshotMaker maker(input.context.get(), *input.interner, *input.codes, &table);
    Work work(1, nullptr);
    const auto snapshot = maker.Make({window.from}, &work).at(window.from);
    std::vector<Subject> subjects;
    for (uint32_t round = 0; round < table.rounds().size(); ++round) {
      if (table.rounds()[round].day >= window.from)
        subjects.push_back(maker.MakeSubject(snapshot->context, round, window.from));
    }
    EXPECT_GT(subjects.size(), 20u);
    return ScoreAll(*snapshot, snapshot->context, maker.codes(), subjects, CoInvestors::kCounted, &work).scores;
  };
  Deals scrambled;
  Random random(2, 2);
  for (const auto& deal : deals) {
    auto other = std::make_shared<investors::v1::Deal>(*deal);
    if (DayOf(deal->date(), 0) >= window.from) {
      other->mutable_investor()->set_name("editions/e/investors/i" + std::to_string(random.Below(60)));
    }
    scrambled.push_back(other);
  }
  EXPECT_EQ(scores(scrambled), scores(deals));
}

TEST(TrainTest, MandatesAreNotLookedAt) {
  const Deals deals = SyntheticDeals(7, 120);
  TrainingInput input = InputOf(deals);
  for (int i = 0; i < 60; ++i) {
    auto record = std::make_shared<investors::v1::Investor>();
    auto facts = std::make_shared<InvestorFacts>(record);
    record->set_name("editions/e/investors/i" + std::to_string(i));
    auto* criterion = record->mutable_mandate()->add_criteria();
    criterion->set_strength(type::v1::STRENGTH_SHOULD);
    criterion->mutable_places()->add_items()->set_country_or_group("CN");
    facts->track = std::make_shared<const TrackRecord>();
    input.investors.push_back(facts);
  }
  const auto result = Train(input, Options(), nullptr);
  ASSERT_TRUE(result.ok());
  ExpectSame(*result, TrainOn(deals));
}

TEST(TrainTest, WhatMandatesSpeakOfKeepsItsPartOfTheShippedSlope) {
  TrainingOptions options = Options();
  options.kept_for_mandates = 500;
  const auto shapes = TrainOn(SyntheticDeals(1, 200), options).profile.shapes;
  for (const Feature feature : {kSectorBayes, kRound, kCountry}) {
    EXPECT_GE(shapes[feature].At(2000) - shapes[feature].At(-2000), 2 * DefaultProfile().shapes[feature].weight - 10)
        << NameOf(feature);
  }
  options.kept_for_mandates = 1001;
  EXPECT_EQ(Train(InputOf({}), options, nullptr).status().code(), absl::StatusCode::kInvalidArgument);
}

TEST(TrainTest, AFewDealsMakeLinesAndTooFewAnError) {
  const TrainingResult few = TrainOn(SyntheticDeals(8, 60));
  EXPECT_TRUE(few.profile.shapes[kCountry].knots.empty());
  EXPECT_GT(few.profile.shapes[kCountry].weight, 0);
  const auto none = Train(InputOf(SyntheticDeals(8, 15)), Options(), nullptr);
  EXPECT_EQ(none.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(none.status().message(), HasSubstr("too few deals"));
  EXPECT_EQ(Train(InputOf({}), Options(), nullptr).status().code(), absl::StatusCode::kFailedPrecondition);
}

TEST(TrainTest, StopsWhereverItIsTold) {
  const TrainingInput input = InputOf(SyntheticDeals(9, 120));
  int asked = 0;
  ASSERT_TRUE(Train(input, Options(), [&](absl::string_view, int) { return ++asked > 0; }).ok());
  ASSERT_GT(asked, 100);
  const int all = asked;
  for (int k = 1; k < 10; ++k) {
    int left = all * k / 10;
    const auto result = Train(input, Options(), [&](absl::string_view, int) { return --left > 0; });
    EXPECT_EQ(result.status().code(), absl::StatusCode::kCancelled) << k;
  }
}

}  // namespace
}  // namespace tandem::pairing::matching
