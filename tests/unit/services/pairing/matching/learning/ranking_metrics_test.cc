#include "services/pairing/matching/learning/ranking_metrics.h"

#include <cmath>
#include <limits>

#include "gtest/gtest.h"

namespace tandem::pairing::matching {
namespace {

TEST(MetricSumsTest, CountsWhatIsInFront) {
  std::vector<float> scores(60);
  for (size_t i = 0; i < scores.size(); ++i) scores[i] = -static_cast<float>(i);
  MetricSums sums;
  sums.Add(scores, {1, 20});
  const TaskMetrics means = sums.Means();
  EXPECT_EQ(means.recall_at_10, 500'000);
  EXPECT_EQ(means.recall_at_50, 1'000'000);
  EXPECT_NEAR(static_cast<double>(means.ndcg_at_10), 1e6 * (1 / std::log2(3)) / (1 + 1 / std::log2(3)), 2);
  EXPECT_EQ(means.queries, 1);
}

TEST(MetricSumsTest, LossIsThatOfTheSoftmaxOverWhatCanBeChosen) {
  MetricSums sums;
  sums.Add({0, 0, -std::numeric_limits<float>::infinity(), 0, 0}, {1});
  EXPECT_NEAR(static_cast<double>(sums.Means().log_loss), 1e6 * std::log(4), 2);
}

TEST(MetricSumsTest, QueriesWithoutAnythingThatCameTrueCountForNothing) {
  MetricSums sums;
  sums.Add({1, 2, 3}, {});
  EXPECT_EQ(sums.Means(), TaskMetrics());
  EXPECT_TRUE(sums.Calibration().empty());
}

TEST(MetricSumsTest, CalibrationKeepsEveryPairAndRises) {
  MetricSums sums;
  std::vector<float> scores(500);
  for (size_t i = 0; i < scores.size(); ++i) scores[i] = static_cast<float>(i) / 40;
  for (size_t q = 0; q < 100; ++q) sums.Add(scores, {499 - q});
  int64_t pairs = 0, last = -1;
  for (const CalibrationDecile& decile : sums.Calibration()) {
    pairs += decile.pairs;
    EXPECT_GT(decile.predicted, last);
    last = decile.predicted;
  }
  EXPECT_EQ(pairs, 500 * 100);
  EXPECT_LE(sums.Calibration().size(), 10u);
}

}  // namespace
}  // namespace tandem::pairing::matching
