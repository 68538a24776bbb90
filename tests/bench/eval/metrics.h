// The four figures of a ranking: Recall@10, Recall@50, NDCG@10 with binary gains, and the reciprocal rank.
#ifndef TANDEM_TESTS_BENCH_EVAL_METRICS_H_
#define TANDEM_TESTS_BENCH_EVAL_METRICS_H_

#include <string>
#include <vector>

#include "absl/container/flat_hash_set.h"

namespace tandem::eval {

// Sums over queries; divide by `queries` for the averages.
struct Metrics {
  int queries = 0;
  double recall_10 = 0, recall_50 = 0, ndcg_10 = 0, reciprocal_rank = 0;

  // Adds one query. A rank beyond 1,000 counts as none. REQUIRES: `relevant` is not empty.
  void Add(const std::vector<std::string>& ranked, const absl::flat_hash_set<std::string>& relevant);

  // `task=A queries=N recall@10=X recall@50=X ndcg@10=X mrr=X seconds=S`
  std::string Line(const std::string& task, double seconds) const;
};

}  // namespace tandem::eval

#endif  // TANDEM_TESTS_BENCH_EVAL_METRICS_H_
