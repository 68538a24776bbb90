#include "services/pairing/matching/frozen_statistics.h"

#include <algorithm>

#include "common/base/fixed_point.h"

namespace tandem::pairing::matching {
namespace {

constexpr int64_t kEnoughDeals = 200;  // from here on deals speak for themselves
constexpr int64_t kSmoothing = 20;     // records' worth of belief in the fallback
constexpr int64_t kUncounted = 3 * kMicro;

}  // namespace

FrozenStatistics::FrozenStatistics(const v1::Statistics& statistics, Interner* interner)
    : number_(statistics.number()), projects_(statistics.project_count()), deals_(statistics.deal_count()) {
  counts_.reserve(static_cast<size_t>(statistics.features_size()));
  for (const v1::FeatureCount& feature : statistics.features()) {
    counts_[interner->Intern(feature.feature())] = {feature.project_count(), feature.deal_count()};
  }
}

int64_t FrozenStatistics::DealShare(uint32_t feature, int64_t fallback) const {
  const auto it = counts_.find(feature);
  const Count count = it == counts_.end() ? Count() : it->second;
  const bool by_deals = deals_ >= kEnoughDeals;
  const int64_t having = by_deals ? count.deals : count.projects;
  const int64_t all = by_deals ? deals_ : projects_;
  const int64_t share = (having * kMicro + kSmoothing * fallback) / (all + kSmoothing);
  return std::clamp(share, kLeastShare, kMicro / 2);
}

int64_t FrozenStatistics::TermRarity(uint32_t feature) const {
  if (projects_ == 0) return kUncounted;
  const auto it = counts_.find(feature);
  const int64_t having = it == counts_.end() ? 1 : std::max<int64_t>(1, it->second.projects);
  return LogMicro(static_cast<uint64_t>(std::max(projects_, having) + 1), static_cast<uint64_t>(having));
}

}  // namespace tandem::pairing::matching
