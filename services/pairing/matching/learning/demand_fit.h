// Demand fit: the points of a project's own features under which an investor's choice among projects looks likeliest.
//
// p(project | investor) ~ exp(lambda * score - beta * crowd + u), u over rounds, asks and the number of earlier
// investors. Divided by lambda, what is added to the score is a sum over features: Profile::demand.
#ifndef TANDEM_SERVICES_PAIRING_MATCHING_LEARNING_DEMAND_FIT_H_
#define TANDEM_SERVICES_PAIRING_MATCHING_LEARNING_DEMAND_FIT_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"

#include "common/base/work.h"
#include "services/pairing/matching/learning/example_maker.h"
#include "services/pairing/matching/learning/snapshot.h"

namespace tandem::pairing::matching {

// A choice set of task B: the first round of each company in a window, and who chose what.
struct ProjectChoices {
  std::vector<Subject> subjects;  // `taken`: investors that were in it before the window
  struct Choice {
    size_t candidate = 0;        // place in Snapshot::candidates
    std::vector<size_t> chosen;  // subjects, ascending, each once
  };
  std::vector<Choice> choices;  // by candidate
};

ProjectChoices MakeProjectChoices(SnapshotMaker* maker, const Snapshot& snapshot, const MarketContext& context,
                                  Window window);

struct DemandWindow {
  std::shared_ptr<const Snapshot> snapshot;
  Window window;
};

struct DemandFit {
  absl::flat_hash_map<std::string, int32_t> points;
  double lambda = 1, beta = 0;
  size_t choices = 0;
};

// `profile` has the fitted shapes and no demand; `latest` is what the points are for. Fewer than kLeastChoices choices
// give no points.
inline constexpr size_t kLeastDemandChoices = 100;
DemandFit FitDemand(SnapshotMaker* maker, const Profile& profile, const std::vector<DemandWindow>& windows,
                    const Snapshot& latest, uint64_t seed, Work* work);

}  // namespace tandem::pairing::matching

#endif  // TANDEM_SERVICES_PAIRING_MATCHING_LEARNING_DEMAND_FIT_H_
