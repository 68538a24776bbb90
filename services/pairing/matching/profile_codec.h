// A ranking profile between its contract and the numbers that scoring uses.
#ifndef TANDEM_SERVICES_PAIRING_MATCHING_PROFILE_CODEC_H_
#define TANDEM_SERVICES_PAIRING_MATCHING_PROFILE_CODEC_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "services/pairing/matching/profile.h"
#include "tandem/pairing/v1/profile.pb.h"

namespace tandem::pairing::matching {

// INVALID_ARGUMENT (FIELD_INVALID) that names every part which this build cannot rank by: an unknown signal, parameter
// or content, a number out of its range, a signal that is named twice.
absl::StatusOr<Profile> ProfileFromProto(const v1::RankingProfile& proto);

// The profile as a resource of `edition` (`editions/{edition}`): name, number, weights, parameters.
v1::RankingProfile ToProto(const Profile& profile, absl::string_view edition);

// The last part of a profile's name; the shipped profile's id where the edition names none.
std::string ProfileId(absl::string_view name_or_id);

}  // namespace tandem::pairing::matching

#endif  // TANDEM_SERVICES_PAIRING_MATCHING_PROFILE_CODEC_H_
