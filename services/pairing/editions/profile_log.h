// The ranking profiles of each edition: numbered, fingerprinted, never changed.
#ifndef TANDEM_SERVICES_PAIRING_EDITIONS_PROFILE_LOG_H_
#define TANDEM_SERVICES_PAIRING_EDITIONS_PROFILE_LOG_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "common/base/clock.h"
#include "common/storage/record_store.h"
#include "tandem/pairing/v1/profile.pb.h"

namespace tandem::pairing {

// Collection of their records, and what the id of a made one begins with: `trained-3` is number 3.
inline constexpr char kProfiles[] = "profiles";
inline constexpr char kTrainedPrefix[] = "trained-";
// Id of the shipped profile, which is in no store and may be chosen like any other.
inline constexpr char kDefaultProfileId[] = "default";

// Thread-safe. Unowned pointers must outlive it.
class ProfileLog {
 public:
  ProfileLog(RecordStore* store, const Clock* clock) : store_(store), clock_(clock) {}

  struct Kept {
    v1::RankingProfile profile;  // without a consistency token
    Revision revision = 0;       // 0: not of this store
  };

  // Keeps `made` in `edition` (an id) under the next number; name, number, time and fingerprint are set here. Two that
  // are made at the same moment get different numbers. LIMIT_EXCEEDED when it is larger than a watch may carry.
  absl::StatusOr<Kept> Add(absl::string_view edition, v1::RankingProfile made);

  // The profile of this id, also the shipped one; RESOURCE_NOT_FOUND that says how to see which there are.
  absl::StatusOr<Kept> Find(absl::string_view edition, absl::string_view id) const;

  static constexpr size_t kMostBytes = 3'500'000;

 private:
  RecordStore* const store_;
  const Clock* const clock_;
};

// SHA-256 in hex over what ranking depends on: weights, parameters and features.
std::string Fingerprint(const v1::RankingProfile& profile);

}  // namespace tandem::pairing

#endif  // TANDEM_SERVICES_PAIRING_EDITIONS_PROFILE_LOG_H_
