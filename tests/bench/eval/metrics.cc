#include "tests/bench/eval/metrics.h"

#include <algorithm>
#include <cmath>

#include "absl/strings/str_format.h"

namespace tandem::eval {

void Metrics::Add(const std::vector<std::string>& ranked, const absl::flat_hash_set<std::string>& relevant) {
  ++queries;
  const auto all = static_cast<double>(relevant.size());
  double gain = 0;
  bool found = false;
  for (size_t i = 0; i < std::min<size_t>(ranked.size(), 1000); ++i) {
    if (!relevant.contains(ranked[i])) continue;
    if (i < 10) recall_10 += 1 / all;
    if (i < 50) recall_50 += 1 / all;
    if (i < 10) gain += 1 / std::log2(static_cast<double>(i) + 2);
    if (!found) reciprocal_rank += 1 / (static_cast<double>(i) + 1);
    found = true;
  }
  double best = 0;
  for (size_t i = 0; i < std::min<size_t>(relevant.size(), 10); ++i) best += 1 / std::log2(static_cast<double>(i) + 2);
  ndcg_10 += gain / best;
}

std::string Metrics::Line(const std::string& task, double seconds) const {
  const double n = std::max(1, queries);
  return absl::StrFormat("task=%s queries=%d recall@10=%.4f recall@50=%.4f ndcg@10=%.4f mrr=%.4f seconds=%.1f", task,
                         queries, recall_10 / n, recall_50 / n, ndcg_10 / n, reciprocal_rank / n, seconds);
}

}  // namespace tandem::eval
