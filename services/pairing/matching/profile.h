// Ranking profile: how much each signal weighs, and the shapes behind it. Hand-set here; a later run may fit it.
#ifndef TANDEM_SERVICES_PAIRING_MATCHING_PROFILE_H_
#define TANDEM_SERVICES_PAIRING_MATCHING_PROFILE_H_

#include <array>
#include <cstdint>
#include <string>

#include "services/pairing/matching/terms.h"

namespace tandem::pairing::matching {

struct Profile {
  std::string id = "default";
  int64_t number = 1;

  // Factor of each term, in thousandths.
  std::array<int32_t, kTermCount> weight = {};

  // A past deal counts half after this many days.
  int32_t track_half_life_days = 3 * 365;
  int32_t activity_half_life_days = 183;
  // Deals' worth of belief in the market's habits before an investor's own deals count, in millionths of a deal.
  int64_t track_smoothing = 2'000'000;
  // Part of a mandate that stays open to everything, in millionths, by strength.
  int64_t open_part_should = 150'000;
  int64_t open_part_nice = 500'000;
  // Recent new deals that an average investor has, and the least that counts, in millionths of a deal.
  int64_t usual_activity = 350'000;
  int64_t least_activity = 50'000;
};

// The shipped default.
const Profile& DefaultProfile();

}  // namespace tandem::pairing::matching

#endif  // TANDEM_SERVICES_PAIRING_MATCHING_PROFILE_H_
