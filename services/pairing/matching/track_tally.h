// Track tally: how an investor's past deals compare with a project, deal by deal, decayed by age.
#ifndef TANDEM_SERVICES_PAIRING_MATCHING_TRACK_TALLY_H_
#define TANDEM_SERVICES_PAIRING_MATCHING_TRACK_TALLY_H_

#include <array>
#include <cstdint>

#include "services/pairing/matching/facts.h"

namespace tandem::pairing::matching {

// Of the deals that state an aspect: their weight, and the part of it that is like the project. In millionths of a
// deal.
struct AspectTally {
  int64_t stated = 0;
  int64_t alike = 0;
};

struct TrackTally {
  int64_t all = 0;     // weight of all deals before the day
  int64_t recent = 0;  // weight of first deals in a company, by the shorter half-life
  AspectTally stage, round, ticket, country, region, instrument, trl, cooperation, language, text;
  int64_t sectors_stated = 0;
  std::array<int64_t, ProjectFacts::kMostSectors> sector_alike = {};  // by the project's sectors
};

// Tallies the deals before `as_of_day`. O(deals * sectors).
TrackTally Tally(const MarketContext& context, const ProjectFacts& project, const TrackRecord& track,
                 int32_t as_of_day);

}  // namespace tandem::pairing::matching

#endif  // TANDEM_SERVICES_PAIRING_MATCHING_TRACK_TALLY_H_
