// The work of a run that trains a profile: takes the data out of the market, has it learned from, keeps the profile.
#ifndef TANDEM_SERVICES_PAIRING_PROFILES_TRAINING_RUN_H_
#define TANDEM_SERVICES_PAIRING_PROFILES_TRAINING_RUN_H_

#include <string>

#include "absl/status/statusor.h"

#include "services/pairing/editions/profile_log.h"
#include "services/pairing/market_feed/market_store.h"
#include "services/pairing/runs/progress.h"
#include "tandem/pairing/v1/profile_service.pb.h"

namespace tandem::pairing {

// The name of the new profile, or why there is none: FAILED_PRECONDITION when there is too little to learn from or the
// edition has no frozen statistics. `request` has its date filled in. Reads the market once, at its beginning.
absl::StatusOr<std::string> RunTraining(const MarketStore& markets, const v1::TrainProfileRequest& request, int threads,
                                        ProfileLog* log, const Progress& progress);

}  // namespace tandem::pairing

#endif  // TANDEM_SERVICES_PAIRING_PROFILES_TRAINING_RUN_H_
