// Crowd: how much a project is wanted by everybody, foretold from its features alone, so that one edit touches one
// project.
#ifndef TANDEM_SERVICES_PAIRING_MATCHING_LEARNING_CROWD_H_
#define TANDEM_SERVICES_PAIRING_MATCHING_LEARNING_CROWD_H_

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"

#include "common/base/work.h"
#include "services/pairing/matching/learning/snapshot.h"

namespace tandem::pairing::matching {

// Names as in Profile::demand, and how much of each a project has.
std::vector<std::pair<std::string, double>> CrowdFeatures(const ProjectFacts& project);

// ln(sum over candidates exp(score without co-investors)), as a sum over features, less its mean.
struct Crowd {
  absl::flat_hash_map<std::string, double> weights;

  double At(const ProjectFacts& project) const;
};

// By ridge regression over the rounds of the two years before the snapshot. Empty when `work` was stopped.
Crowd FitCrowd(SnapshotMaker* maker, const Snapshot& snapshot, const Profile& profile, uint64_t seed, Work* work);

}  // namespace tandem::pairing::matching

#endif  // TANDEM_SERVICES_PAIRING_MATCHING_LEARNING_CROWD_H_
