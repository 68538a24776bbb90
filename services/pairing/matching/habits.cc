#include "services/pairing/matching/habits.h"

#include <algorithm>

#include "services/pairing/matching/code_book.h"
#include "services/pairing/matching/decay.h"
#include "services/pairing/matching/shares.h"

namespace tandem::pairing::matching {
namespace {

// Deviations beyond this (a factor of 22,000) are cut, which keeps the squares small.
constexpr int64_t kMostDeviation = 10'000;

}  // namespace

void Tally::Close() {
  std::sort(entries_.begin(), entries_.end());
  size_t kept = 0;
  for (size_t i = 0; i < entries_.size(); ++i) {
    total_ += entries_[i].second;
    if (kept > 0 && entries_[kept - 1].first == entries_[i].first) {
      entries_[kept - 1].second += entries_[i].second;
    } else {
      entries_[kept++] = entries_[i];
    }
  }
  entries_.resize(kept);
}

int64_t Tally::Of(uint16_t code) const {
  const auto it = std::lower_bound(entries_.begin(), entries_.end(), code,
                                   [](const Entry& entry, uint16_t c) { return entry.first < c; });
  return it != entries_.end() && it->first == code ? it->second : 0;
}

Habits::Habits(const MarketContext& context, const TrackRecord& track, int32_t day) {
  const int32_t anchor = AnchorDay(context, day);
  for (const DealFacts& deal : track.deals) {
    if (deal.day >= day) break;
    const int32_t age = std::max(0, anchor - deal.day);
    ++deals;
    last_day = deal.day;
    const auto& codes = deal.codes;
    if (deal.first) {
      activity_quarter += DecayLeft(HalfLife::kQuarter, age);
      activity_half_year += DecayLeft(HalfLife::kHalfYear, age);
      const int64_t recent = DecayLeft(HalfLife::kYear, age);
      activity_year += recent;
      round_recent.Add(codes[kRoundColumn], recent);
      if (codes[kRegionRoundColumn] != 0) region_round_recent.Add(codes[kRegionRoundColumn], recent);
    }
    const int64_t weight = DecayLeft(HalfLife::kThreeYears, age);
    if (weight == 0) continue;
    for (size_t column = 0; column < kColumnCount; ++column) {
      // That a round is not named is a habit as well; in the other columns what is not stated shows nothing.
      if (codes[column] == 0 && column != kRoundColumn) continue;
      if (column == kCountryColumn || column == kRegionColumn) {
        const auto even = static_cast<uint16_t>(codes[column] & ~1u);
        all[column].Add(even, weight);
        if ((codes[column] & 1u) != 0)
          (column == kCountryColumn ? region_by_country : city_by_region).Add(even, weight);
      } else {
        all[column].Add(codes[column], weight);
      }
    }
    if (codes[kAskColumn] != 0) {
      const int64_t off = std::clamp<int64_t>(AskMiddle(codes[kAskColumn]) / 1000 - context.shares.ask_mean,
                                              -kMostDeviation, kMostDeviation);
      ask_weight += weight;
      ask_sum += weight * off;
      ask_square_sum += weight / 1000 * off * off;
    }
    for (size_t i = 0; i < deal.sector_count; ++i) sectors.Add(deal.sectors[i], weight / deal.sector_count);
  }
  for (Tally& tally : all) tally.Close();
  region_by_country.Close();
  round_recent.Close();
  city_by_region.Close();
  region_round_recent.Close();
  sectors.Close();
  if (ask_weight > 0) ask_density = AskDensity(all[kAskColumn].entries());
}

}  // namespace tandem::pairing::matching
