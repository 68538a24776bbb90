// Trainer: the seam between the run that trains a profile and the mathematics that learn it.
#ifndef TANDEM_SERVICES_PAIRING_MATCHING_TRAINING_H_
#define TANDEM_SERVICES_PAIRING_MATCHING_TRAINING_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

#include "services/pairing/matching/facts.h"
#include "services/pairing/matching/interner.h"
#include "services/pairing/runs/progress.h"
#include "tandem/investors/v1/deal.pb.h"
#include "tandem/pairing/v1/profile.pb.h"
#include "tandem/pairing/v1/profile_service.pb.h"

namespace tandem::pairing::matching {

// What there is to learn from. Immutable and shared with the market, of which no lock is held.
struct TrainingInput {
  std::string edition;                                     // `editions/{edition}`
  int32_t as_of_day = 0;                                   // nothing on or after it may be learned from
  std::shared_ptr<const v1::TrainProfileRequest> request;  // seed, limits, and past records in their order
  std::shared_ptr<const MarketContext> context;            // rates, sectors, statistics, profile in use
  Interner interner;                                       // numbers of the facts; a copy, to compile past records with
  // All ordered by name but the deals, which are in no order.
  std::vector<std::shared_ptr<const ProjectFacts>> projects;    // those that are matched
  std::vector<std::shared_ptr<const InvestorFacts>> investors;  // of any state, with their track records
  std::vector<std::shared_ptr<const investors::v1::Deal>> deals;
};

struct TrainingResult {
  // Weights, parameters, features, data fingerprint, counts, metrics and calibration. What else a profile has is set by
  // whoever keeps it.
  v1::RankingProfile profile;
};

// Equal inputs give equal results. Reports its progress, and returns CANCELLED soon after `progress` says so. An error
// such as FAILED_PRECONDITION (too little data) becomes that of the run. Called on one thread at a time.
using Trainer = std::function<absl::StatusOr<TrainingResult>(const TrainingInput& input, const Progress& progress)>;

}  // namespace tandem::pairing::matching

#endif  // TANDEM_SERVICES_PAIRING_MATCHING_TRAINING_H_
