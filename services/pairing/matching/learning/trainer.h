// Trainer: fits a ranking profile to what really happened.
//
// Two stages. Shapes: a conditional logit over who invested in each round, among the investors there were before it.
// Demand: a logit over which project an investor chose, which gives points to projects whoever looks at them. Both are
// fitted twice: without the last window, to be measured on it, and with it, to be kept.
#ifndef TANDEM_SERVICES_PAIRING_MATCHING_LEARNING_TRAINER_H_
#define TANDEM_SERVICES_PAIRING_MATCHING_LEARNING_TRAINER_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "services/pairing/matching/code_book.h"
#include "services/pairing/matching/facts.h"
#include "services/pairing/matching/interner.h"
#include "services/pairing/matching/learning/ranking_metrics.h"
#include "services/pairing/matching/profile.h"
#include "tandem/investors/v1/deal.pb.h"
#include "tandem/projects/v1/project.pb.h"

namespace tandem::pairing::matching {

class Market;

// How an investor and a project answered: a request that was accepted, or met by the other side's own, or declined.
struct PairAnswer {
  int32_t day = 0;
  std::shared_ptr<const projects::v1::Project> project;  // as it is now
  std::string investor;                                  // name
  bool accepted = false;
};

// Not changed. The interner and the code book are those that the context and the investors were made with; copies will
// do.
struct TrainingInput {
  std::shared_ptr<const MarketContext> context;
  std::shared_ptr<const Interner> interner;
  std::shared_ptr<const CodeBook> codes;
  // To know them by external id; their mandates and records are not looked at unless an option says so.
  std::vector<std::shared_ptr<const InvestorFacts>> investors;
  // This edition's, and those of past ones' exports.
  std::vector<std::shared_ptr<const investors::v1::Deal>> deals;
  // This edition's, in any order.
  std::vector<PairAnswer> answers;
};

// What a market has to learn from. Takes what it needs: the market may change afterwards. REQUIRES: settled.
TrainingInput TrainingInputOf(const Market& market);

struct TrainingOptions {
  uint64_t seed = 0;
  int32_t as_of_day = 0;  // nothing on or after it is looked at
  // Features that are to be worth nothing, to see what they are worth; see `tests/bench/eval`.
  std::vector<Feature> left_out;
  int threads = 2;
  size_t most_examples = 1500;  // of a window
  size_t alternatives = 50;     // of an example
  // How much of the shipped slopes stays for what mandates say, in thousandths; see ShapeOptions. More serves investors
  // without deals, less those with many.
  int kept_for_mandates = 250;
  // What is leaned towards where examples are few, and what features that no example shows keep. Null: the shipped one.
  std::shared_ptr<const Profile> base;
  // Whether mandates are learned from as well: only where they cannot have been written with later deals in mind, as in
  // generated editions. Then investors with few deals are among those who can be chosen.
  bool see_mandates = false;
  // At most so many knots of a shape; fewer than three make every feature linear.
  int most_knots = 8;
};

// Called by the calling thread, many times a second: what is being done, and how much is done in thousandths. False
// stops the training.
using Progress = std::function<bool(absl::string_view phase, int done)>;

struct TrainingCounts {
  int64_t deals = 0;       // that were looked at
  int64_t examples = 0;    // choices that the shapes were fitted to
  int64_t investors = 0;   // that made the deals
  int64_t candidates = 0;  // that could be chosen from last
  // Among the examples: answers of investors with deals before.
  int64_t acceptances = 0, declines = 0;
};

struct Evaluation {
  TaskMetrics investors_for_project;
  TaskMetrics projects_for_investor;
};

struct TrainingResult {
  Profile profile;  // id and number are the caller's to set
  // On the last window, of profiles that know nothing of it.
  Evaluation fitted, shipped;
  std::vector<CalibrationDecile> calibration;  // of `fitted`, investors for a project
  TrainingCounts counts;
  std::string data_fingerprint;  // of the deals and answers that were looked at
};

// Deterministic for equal inputs and seed, whatever the threads. FAILED_PRECONDITION when the year before `as_of_day`
// has too few deals, CANCELLED when progress said so, INVALID_ARGUMENT for options that make no sense.
absl::StatusOr<TrainingResult> Train(const TrainingInput& input, const TrainingOptions& options,
                                     const Progress& progress);

}  // namespace tandem::pairing::matching

#endif  // TANDEM_SERVICES_PAIRING_MATCHING_LEARNING_TRAINER_H_
