#include "services/pairing/matching/frozen_statistics.h"

#include <algorithm>

#include "common/base/fixed_point.h"

namespace tandem::pairing::matching {
namespace {

constexpr int64_t kUncounted = 3 * kMicro;  // rarity before the first count

int64_t Rarity(int64_t all, int64_t having) {
  return LogMicro(static_cast<uint64_t>(std::max(all, having) + 1),
                  static_cast<uint64_t>(std::max<int64_t>(1, having)));
}

}  // namespace

FrozenStatistics::FrozenStatistics(const v1::Statistics& statistics, Interner* interner)
    : number_(statistics.number()),
      fingerprint_(statistics.fingerprint()),
      projects_(statistics.project_count()),
      deals_(statistics.deal_count()) {
  counts_.reserve(static_cast<size_t>(statistics.features_size()));
  for (const v1::FeatureCount& feature : statistics.features()) {
    counts_[interner->Intern(feature.feature())] = {feature.project_count(), feature.deal_count()};
  }
  if (projects_ == 0) return;
  rarity_of_uncounted_ = static_cast<int32_t>(Rarity(projects_, 1));
  for (const auto& [feature, counts] : counts_) {
    if (term_rarities_.size() <= feature) term_rarities_.resize(feature + 1, rarity_of_uncounted_);
    term_rarities_[feature] = static_cast<int32_t>(Rarity(projects_, counts.projects));
  }
}

int64_t FrozenStatistics::Count(uint32_t feature) const {
  const auto it = counts_.find(feature);
  if (it == counts_.end()) return 0;
  return by_deals() ? it->second.deals : it->second.projects;
}

int64_t FrozenStatistics::Share(uint32_t feature, int64_t stated, int64_t values) const {
  const int64_t share = (2 * Count(feature) + 1) * kMicro / (2 * stated + std::max<int64_t>(1, values));
  return std::clamp<int64_t>(share, 1, kMicro);
}

int64_t FrozenStatistics::TermRarity(uint32_t feature) const {
  if (projects_ == 0) return kUncounted;
  return feature < term_rarities_.size() ? term_rarities_[feature] : rarity_of_uncounted_;
}

int64_t FrozenStatistics::SectorRarity(uint32_t feature) const {
  return records() == 0 ? kUncounted : Rarity(records(), Count(feature));
}

}  // namespace tandem::pairing::matching
