#include "services/pairing/matching/track_tally.h"

#include <algorithm>

#include "common/base/fixed_point.h"
#include "services/pairing/matching/kernels.h"

namespace tandem::pairing::matching {
namespace {

int64_t Left(const std::vector<int32_t>& decay, int32_t age) {
  return static_cast<size_t>(age) < decay.size() ? decay[static_cast<size_t>(age)] : 0;
}

void Count(int64_t weight, int64_t closeness, AspectTally* tally) {
  tally->stated += weight;
  tally->alike += weight * closeness / kSame;
}

// Each of the project's sectors is as alike as the closest sector of the deal.
void CountSectors(const ProjectFacts& project, const DealFacts& deal, int64_t weight, TrackTally* tally) {
  if (deal.sector_count == 0) return;
  tally->sectors_stated += weight;
  std::array<int32_t, ProjectFacts::kMostSectors> closest = {};
  for (size_t i = 0; i < deal.sector_count; ++i) {
    auto it = std::lower_bound(project.near.begin(), project.near.end(), deal.sectors[i],
                               [](const NearSector& near, uint32_t sector) { return near.sector < sector; });
    for (; it != project.near.end() && it->sector == deal.sectors[i]; ++it) {
      closest[it->slot] = std::max(closest[it->slot], it->closeness);
    }
  }
  for (size_t slot = 0; slot < project.sectors.size(); ++slot)
    tally->sector_alike[slot] += weight * closest[slot] / kSame;
}

}  // namespace

TrackTally Tally(const MarketContext& context, const ProjectFacts& project, const TrackRecord& track,
                 int32_t as_of_day) {
  TrackTally tally;
  const projects::v1::Project& record = project.record;
  for (const DealFacts& deal : track.deals) {
    if (deal.day >= as_of_day) break;
    const int64_t weight = Left(context.track_decay, as_of_day - deal.day);
    if (deal.first) tally.recent += Left(context.activity_decay, as_of_day - deal.day);
    if (weight == 0) continue;
    tally.all += weight;
    if (deal.stage != 0) Count(weight, StageCloseness(deal.stage, record.stage_of_development()), &tally.stage);
    if (deal.round != 0) Count(weight, RoundCloseness(deal.round, record.funding_round()), &tally.round);
    if (deal.trl != 0) Count(weight, TrlCloseness(deal.trl, record.trl()), &tally.trl);
    if (deal.size.known && project.ask.known)
      Count(weight, AmountCloseness(deal.size.ln, project.ask.ln), &tally.ticket);
    if (deal.country != 0) Count(weight, deal.country == project.country ? kSame : 0, &tally.country);
    if (deal.region != 0 && deal.country == project.country)
      Count(weight, deal.region == project.region ? kSame : 0, &tally.region);
    if (deal.instruments != 0)
      Count(weight, (deal.instruments & project.instruments) != 0 ? kSame : 0, &tally.instrument);
    if (deal.cooperation != 0)
      Count(weight, (deal.cooperation & project.cooperation) != 0 ? kSame : 0, &tally.cooperation);
    if (deal.language != 0) {
      const bool spoken =
          std::find(project.languages.begin(), project.languages.end(), deal.language) != project.languages.end();
      Count(weight, spoken ? kSame : 0, &tally.language);
    }
    if (deal.text != nullptr) Count(weight, CosineMicro(*deal.text, project.text), &tally.text);
    CountSectors(project, deal, weight, &tally);
  }
  return tally;
}

}  // namespace tandem::pairing::matching
