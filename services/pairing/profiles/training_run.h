// The work of a run that trains a profile: takes the data out of the market, has it learned from, keeps the profile.
#ifndef TANDEM_SERVICES_PAIRING_PROFILES_TRAINING_RUN_H_
#define TANDEM_SERVICES_PAIRING_PROFILES_TRAINING_RUN_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

#include "common/base/status.h"
#include "services/pairing/editions/profile_log.h"
#include "services/pairing/market_feed/market_store.h"
#include "services/pairing/matching/training.h"
#include "services/pairing/runs/progress.h"
#include "tandem/pairing/v1/profile_service.pb.h"

namespace tandem::pairing {

// The name of the new profile, or why there is none. `request` has its date filled in.
absl::StatusOr<std::string> TrainProfile(const MarketStore& markets, const matching::Trainer& train, ProfileLog* log,
                                         std::shared_ptr<const v1::TrainProfileRequest> request,
                                         const Progress& progress);

// What breaks the rules of an export in `request`'s past records.
std::vector<FieldViolation> PastRecordViolations(const v1::TrainProfileRequest& request);

}  // namespace tandem::pairing

#endif  // TANDEM_SERVICES_PAIRING_PROFILES_TRAINING_RUN_H_
