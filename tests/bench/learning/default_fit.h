// Default fit: the weights of the shipped ranking profile, learned on generated editions.
#ifndef TANDEM_TESTS_BENCH_LEARNING_DEFAULT_FIT_H_
#define TANDEM_TESTS_BENCH_LEARNING_DEFAULT_FIT_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

#include "services/pairing/matching/learning/trainer.h"
#include "services/pairing/matching/terms.h"

namespace tandem::pairing::matching {

struct DefaultFitOptions {
  std::vector<int64_t> seeds;  // one edition each
  int projects = 3000;
  int investors = 1500;
  int threads = 2;
  size_t most_examples = 1500;  // of a quarter
};

struct FittedEdition {
  int64_t seed = 0;
  TrainingCounts counts;
  Evaluation fitted, shipped;  // on its last quarter
};

// Thousandths of a nat per nat of the feature.
struct FittedWeight {
  Feature feature = kFeatureCount;
  int32_t weight = 0;  // the mean of the middle half of the editions', to ten thousandths
  int32_t least = 0, most = 0;
};

struct DefaultFit {
  std::vector<FittedEdition> editions;
  std::vector<FittedWeight> weights;  // of what deals can teach, in the order of features
};

// Learns one line a feature on every edition, from nothing: no profile is leaned towards. `done` is told after each.
// Deterministic for equal options, whatever the threads. INVALID_ARGUMENT without seeds, else as Train.
absl::StatusOr<DefaultFit> FitDefault(const DefaultFitOptions& options,
                                      const std::function<void(const FittedEdition&)>& done);

// The lines that stand in profile.cc.
std::string WeightTable(const DefaultFit& fit);

}  // namespace tandem::pairing::matching

#endif  // TANDEM_TESTS_BENCH_LEARNING_DEFAULT_FIT_H_
