// Ranking profile: the shape of each feature and what stands behind it. Fitted by a training run, or the shipped
// default.
#ifndef TANDEM_SERVICES_PAIRING_MATCHING_PROFILE_H_
#define TANDEM_SERVICES_PAIRING_MATCHING_PROFILE_H_

#include <array>
#include <cstdint>
#include <string>

#include "absl/container/flat_hash_map.h"

#include "services/pairing/matching/shape.h"
#include "services/pairing/matching/terms.h"

namespace tandem::pairing::matching {

struct Profile {
  std::string id = "default";
  int64_t number = 1;

  std::array<Shape, kFeatureCount> shapes;

  // Part of a mandate that stays open to everything, in millionths, by strength.
  int64_t open_part_should = 150'000;
  int64_t open_part_nice = 500'000;

  // The day up to which it was learned: ages of deals are counted back from here when a ranking is asked for a later
  // day, so that missing news is not taken for idleness. 0: ages are counted from the day asked for.
  int32_t known_until_day = 0;

  // Points of every project that has a feature (`round:5`, see features.h), in thousandths of a nat: the correction for
  // how wanted such projects are. Those of sectors are spread over the project's sectors.
  absl::flat_hash_map<std::string, int32_t> demand;
};

// The shipped default.
const Profile& DefaultProfile();

}  // namespace tandem::pairing::matching

#endif  // TANDEM_SERVICES_PAIRING_MATCHING_PROFILE_H_
