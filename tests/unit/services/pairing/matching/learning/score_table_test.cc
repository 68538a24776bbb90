#include "services/pairing/matching/learning/score_table.h"

#include <cmath>

#include "gtest/gtest.h"

#include "services/pairing/matching/co_investors.h"
#include "services/pairing/matching/learning/crowd.h"
#include "services/pairing/matching/lens.h"
#include "services/pairing/matching/scorer.h"
#include "tests/unit/services/pairing/matching/learning/synthetic_deals.h"

namespace tandem::pairing::matching {
namespace {

class ScoreTableTest : public ::testing::Test {
 protected:
  ScoreTableTest() {
    snapshot_ = maker_.Make({kDay}, &work_).at(kDay);
    for (uint32_t round = 0; round < table_.rounds().size(); ++round) {
      if (table_.rounds()[round].day >= kDay) subjects_.push_back(maker_.MakeSubject(snapshot_->context, round, kDay));
    }
  }

  static constexpr int32_t kDay = kToday - 91;
  const TrainingInput input_ = InputOf(SyntheticDeals(11, 150));
  const DealTable table_{input_.deals, {}, kToday};
  SnapshotMaker maker_{input_.context.get(), *input_.interner, *input_.codes, &table_};
  Work work_{2, nullptr};
  std::shared_ptr<const Snapshot> snapshot_;
  std::vector<Subject> subjects_;
};

TEST_F(ScoreTableTest, SaysWhatTheScorerSays) {
  Profile profile = DefaultProfile();
  profile.demand["country:CN"] = 300;
  profile.shapes[kCountry] = {0, {{-1000, -700}, {0, 0}, {500, 450}, {1500, 600}}};
  const MarketContext context = WithProfile(snapshot_->context, profile);
  std::vector<Subject> subjects;
  for (const Subject& subject : subjects_) {
    Subject other = maker_.MakeSubjectOf(context, subject.project.record);
    other.prior = subject.prior;
    other.taken = subject.taken;
    other.day = subject.day;
    subjects.push_back(std::move(other));
  }
  subjects_.swap(subjects);
  const ScoreTable table = ScoreAll(*snapshot_, context, maker_.codes(), subjects_, CoInvestors::kCounted, &work_);
  ASSERT_GT(snapshot_->candidates.size(), 20u);
  for (size_t c = 0; c < snapshot_->candidates.size(); ++c) {
    const InvestorFacts& investor = *snapshot_->investors[snapshot_->candidates[c]];
    const Lens lens(context, maker_.codes(), investor, kDay);
    SharedWith shared(context, investor, kDay);
    for (size_t s = 0; s < subjects_.size(); ++s) {
      const Terms terms =
          ScorePair(context, subjects_[s].project, investor, lens, shared.Strength(PriorOf(*snapshot_, subjects_[s])));
      ASSERT_EQ(table.At(c, s), static_cast<float>(terms.Sum()) / 1000) << c << " " << s;
    }
  }
}

TEST_F(ScoreTableTest, SnapshotsKnowEarlierDealsOnly) {
  size_t deals = 0;
  for (const auto& investor : snapshot_->investors) {
    if (investor == nullptr) continue;
    for (const DealFacts& deal : investor->track->deals) {
      EXPECT_LT(deal.day, kDay);
      ++deals;
    }
  }
  EXPECT_EQ(snapshot_->context.statistics.records(), static_cast<int64_t>(deals));
}

TEST_F(ScoreTableTest, TheCrowdIsForetoldFromFeatures) {
  const MarketContext context = WithProfile(snapshot_->context, DefaultProfile());
  const Crowd crowd = FitCrowd(&maker_, *snapshot_, DefaultProfile(), 1, &work_);
  const ScoreTable table = ScoreAll(*snapshot_, context, maker_.codes(), subjects_, CoInvestors::kLeftOut, &work_);
  double xy = 0, xx = 0, yy = 0, x_mean = 0, y_mean = 0;
  std::vector<double> x, y;
  for (size_t s = 0; s < subjects_.size(); ++s) {
    double sum = 0;
    for (size_t c = 0; c < snapshot_->candidates.size(); ++c) sum += std::exp(static_cast<double>(table.At(c, s)));
    x.push_back(crowd.At(subjects_[s].project));
    y.push_back(std::log(sum));
    x_mean += x.back() / static_cast<double>(subjects_.size());
    y_mean += y.back() / static_cast<double>(subjects_.size());
  }
  for (size_t s = 0; s < x.size(); ++s) {
    xy += (x[s] - x_mean) * (y[s] - y_mean);
    xx += (x[s] - x_mean) * (x[s] - x_mean);
    yy += (y[s] - y_mean) * (y[s] - y_mean);
  }
  // Not all of it: what two features say together is left out.
  EXPECT_GT(xy / std::sqrt(xx * yy), 0.5);
}

}  // namespace
}  // namespace tandem::pairing::matching
