// Ranking metrics: how well scores put first what came true.
#ifndef TANDEM_SERVICES_PAIRING_MATCHING_LEARNING_RANKING_METRICS_H_
#define TANDEM_SERVICES_PAIRING_MATCHING_LEARNING_RANKING_METRICS_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/types/span.h"

namespace tandem::pairing::matching {

// Means over queries, in millionths; of the log loss over choices.
struct TaskMetrics {
  int64_t log_loss = 0;  // micro-nats
  int64_t recall_at_10 = 0;
  int64_t recall_at_50 = 0;
  int64_t ndcg_at_10 = 0;
  int64_t queries = 0;

  friend bool operator==(const TaskMetrics&, const TaskMetrics&) = default;
};

// Pairs of alike predicted probability, and how many of them came true. Each point holds a tenth of what was expected.
struct CalibrationDecile {
  int64_t mean_score = 0;  // micro-nats
  int64_t predicted = 0;   // mean probability, millionths
  int64_t observed = 0;    // share that came true, millionths
  int64_t pairs = 0;

  friend bool operator==(const CalibrationDecile&, const CalibrationDecile&) = default;
};

class MetricSums {
 public:
  // One query: a score in nats per counterpart, minus infinity for those that cannot be chosen; places that came true,
  // each once. Equal scores rank by place.
  void Add(absl::Span<const float> scores, const std::vector<size_t>& relevant);

  TaskMetrics Means() const;
  // By rising probability; at most ten. A query with n choices expects n of its pairs to come true.
  std::vector<CalibrationDecile> Calibration() const;

 private:
  struct Pair {
    float expected = 0;
    float score = 0;
    bool came_true = false;
  };
  double loss_ = 0, recall10_ = 0, recall50_ = 0, ndcg_ = 0;
  size_t queries_ = 0, choices_ = 0;
  std::vector<Pair> pairs_;
  double rest_expected_ = 0;  // of the pairs too unlikely to be kept one by one
  double rest_score_ = 0;
  size_t rest_ = 0, rest_true_ = 0;
};

}  // namespace tandem::pairing::matching

#endif  // TANDEM_SERVICES_PAIRING_MATCHING_LEARNING_RANKING_METRICS_H_
