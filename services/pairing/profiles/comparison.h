// What another ranking profile would change.
#ifndef TANDEM_SERVICES_PAIRING_PROFILES_COMPARISON_H_
#define TANDEM_SERVICES_PAIRING_PROFILES_COMPARISON_H_

#include <cstdint>
#include <functional>

#include "absl/status/status.h"

#include "services/pairing/matching/market.h"
#include "tandem/pairing/v1/profile_service.pb.h"

namespace tandem::pairing {

// Ranks for `sample_size` subjects of each kind, spread evenly over the names, by both profiles, and adds one agreement
// for each kind. `market` is a copy of the edition's, to be changed at will. `may_go_on` is asked before each subject;
// the first error it gives ends the work.
absl::Status CompareRanks(matching::Market market, const v1::RankingProfile& first, const v1::RankingProfile& second,
                          int sample_size, int32_t as_of_day, const std::function<absl::Status()>& may_go_on,
                          v1::CompareProfilesResponse* response);

// Adds the measures that are known of both, and the signals that weigh differently. Pure.
void CompareContents(const v1::RankingProfile& first, const v1::RankingProfile& second,
                     v1::CompareProfilesResponse* response);

}  // namespace tandem::pairing

#endif  // TANDEM_SERVICES_PAIRING_PROFILES_COMPARISON_H_
