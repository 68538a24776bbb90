#include "services/pairing/matching/learning/ranking_metrics.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace tandem::pairing::matching {
namespace {

constexpr size_t kShort = 10, kLong = 50;
// Pairs that are expected less often than this are counted together, as the least likely ones.
constexpr double kUnlikely = 1e-4;

int64_t Millionths(double x) { return std::llround(x * 1e6); }

}  // namespace

void MetricSums::Add(absl::Span<const float> scores, const std::vector<size_t>& relevant) {
  if (relevant.empty()) return;
  double best = -std::numeric_limits<double>::infinity();
  for (const float score : scores) best = std::max(best, static_cast<double>(score));
  double sum = 0;
  for (const float score : scores) sum += std::exp(static_cast<double>(score) - best);
  std::vector<bool> came_true(scores.size());
  for (const size_t place : relevant) {
    came_true[place] = true;
    loss_ += std::log(sum) + best - static_cast<double>(scores[place]);
  }
  const auto wanted = static_cast<double>(relevant.size());
  for (size_t i = 0; i < scores.size(); ++i) {
    if (!std::isfinite(scores[i])) continue;
    const double expected = std::exp(static_cast<double>(scores[i]) - best) / sum * wanted;
    if (expected < kUnlikely) {
      ++rest_;
      rest_true_ += came_true[i] ? 1 : 0;
      rest_expected_ += expected;
      rest_score_ += static_cast<double>(scores[i]);
    } else {
      pairs_.push_back({static_cast<float>(expected), scores[i], came_true[i]});
    }
  }
  std::vector<size_t> order(scores.size());
  std::iota(order.begin(), order.end(), size_t{0});
  const auto top = order.begin() + static_cast<std::ptrdiff_t>(std::min(kLong, order.size()));
  std::partial_sort(order.begin(), top, order.end(),
                    [&](size_t a, size_t b) { return scores[a] != scores[b] ? scores[a] > scores[b] : a < b; });
  double hits = 0, gain = 0, most = 0;
  for (size_t rank = 0; rank < kLong && rank < order.size(); ++rank) {
    if (rank < kShort && rank < relevant.size()) most += 1 / std::log2(static_cast<double>(rank) + 2);
    if (came_true[order[rank]]) {
      hits += 1;
      if (rank < kShort) gain += 1 / std::log2(static_cast<double>(rank) + 2);
    }
    if (rank + 1 == std::min(kShort, order.size())) recall10_ += hits / wanted;
  }
  recall50_ += hits / wanted;
  ndcg_ += gain / most;
  ++queries_;
  choices_ += relevant.size();
}

TaskMetrics MetricSums::Means() const {
  TaskMetrics means;
  if (queries_ == 0) return means;
  const auto queries = static_cast<double>(queries_);
  means.log_loss = Millionths(loss_ / static_cast<double>(choices_));
  means.recall_at_10 = Millionths(recall10_ / queries);
  means.recall_at_50 = Millionths(recall50_ / queries);
  means.ndcg_at_10 = Millionths(ndcg_ / queries);
  means.queries = static_cast<int64_t>(queries_);
  return means;
}

std::vector<CalibrationDecile> MetricSums::Calibration() const {
  std::vector<Pair> pairs = pairs_;
  std::stable_sort(pairs.begin(), pairs.end(), [](const Pair& a, const Pair& b) { return a.expected < b.expected; });
  double all = rest_expected_;
  for (const Pair& pair : pairs) all += static_cast<double>(pair.expected);
  std::vector<CalibrationDecile> deciles;
  double expected = rest_expected_, score = rest_score_, passed = rest_expected_;
  size_t count = rest_, came_true = rest_true_;
  const auto close = [&] {
    if (count == 0) return;
    const auto n = static_cast<double>(count);
    deciles.push_back({Millionths(score / n), Millionths(expected / n), Millionths(static_cast<double>(came_true) / n),
                       static_cast<int64_t>(count)});
    expected = score = 0;
    count = came_true = 0;
  };
  for (const Pair& pair : pairs) {
    if (passed >= all / 10 * static_cast<double>(deciles.size() + 1) && deciles.size() < 9) close();
    expected += static_cast<double>(pair.expected);
    passed += static_cast<double>(pair.expected);
    score += static_cast<double>(pair.score);
    ++count;
    came_true += pair.came_true ? 1 : 0;
  }
  close();
  return deciles;
}

}  // namespace tandem::pairing::matching
