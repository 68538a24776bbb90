#include "services/pairing/matching/index/watched_projects.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "services/pairing/matching/index/best_list.h"

namespace tandem::pairing::matching {

void WatchedProjects::Watch(uint32_t project, const ProjectRow& row, std::vector<Scored> best, size_t k) {
  const auto [it, is_new] = places_.try_emplace(project, watched_.size());
  if (is_new) watched_.emplace_back();
  const bool full = best.size() >= k;
  watched_[it->second] = {project, full, row, std::move(best)};
}

void WatchedProjects::Forget(uint32_t project) {
  if (const auto it = places_.find(project); it != places_.end()) ForgetAt(it->second);
}

void WatchedProjects::ForgetAt(size_t at) {
  places_.erase(watched_[at].project);
  if (at + 1 < watched_.size()) {
    watched_[at] = std::move(watched_.back());
    places_[watched_[at].project] = at;
  }
  watched_.pop_back();
}

bool WatchedProjects::Touches(const Watched& watched, uint32_t investor, const InvestorForm* now,
                              const PairExtras* extras) const {
  const auto listed = std::find_if(watched.best.begin(), watched.best.end(),
                                   [&](const Scored& scored) { return scored.slot == investor; });
  const bool is_listed = listed != watched.best.end();
  std::optional<int32_t> score;
  if (now != nullptr) {
    score = LinearScore(watched.row, *now);
    // Extras are asked only of what could change something: not of a stranger that cannot reach the last place.
    const bool asks = extras != nullptr && (watched.row.extra_gates || watched.row.extra_points || now->extra_gates);
    if (score.has_value() && asks) {
      const int64_t most = int64_t{*score} + now->extra_points_most;
      if (!is_listed && watched.full && (watched.best.empty() || most < watched.best.back().score)) return false;
      const std::optional<int32_t> extra = extras->Points(watched.project, investor);
      score = extra.has_value() ? std::optional<int32_t>(*score + *extra) : std::nullopt;
    }
  }
  if (is_listed) return score != listed->score;
  if (!score.has_value()) return false;
  if (!watched.full) return true;
  return !watched.best.empty() && RanksBefore({investor, *score}, watched.best.back(), *order_);
}

std::vector<uint32_t> WatchedProjects::InvestorChanged(uint32_t investor, const InvestorForm* now,
                                                       const PairExtras* extras) {
  std::vector<uint32_t> touched;
  for (size_t at = watched_.size(); at > 0; --at) {
    if (!Touches(watched_[at - 1], investor, now, extras)) continue;
    touched.push_back(watched_[at - 1].project);
    ForgetAt(at - 1);  // what takes its place was looked at before
  }
  std::sort(touched.begin(), touched.end());
  return touched;
}

size_t WatchedProjects::memory() const {
  size_t bytes = watched_.capacity() * sizeof(Watched) + places_.capacity() * (sizeof(uint64_t) * 2 + 1);
  for (const Watched& watched : watched_) bytes += watched.best.capacity() * sizeof(Scored);
  return bytes;
}

}  // namespace tandem::pairing::matching
