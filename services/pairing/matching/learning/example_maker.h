// Example maker: the deals of a window as choices among the investors there were before it.
#ifndef TANDEM_SERVICES_PAIRING_MATCHING_LEARNING_EXAMPLE_MAKER_H_
#define TANDEM_SERVICES_PAIRING_MATCHING_LEARNING_EXAMPLE_MAKER_H_

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include "common/base/work.h"
#include "services/pairing/matching/learning/conditional_logit.h"
#include "services/pairing/matching/learning/random.h"
#include "services/pairing/matching/learning/score_table.h"
#include "services/pairing/matching/learning/snapshot.h"
#include "services/pairing/matching/learning/training_example.h"

namespace tandem::pairing::matching {

// Days from..to-1.
struct Window {
  int32_t from = 0, to = 0;
};

struct ExampleOptions {
  uint64_t seed = 0;
  size_t most_examples = 1500;  // of a window; the others are left out at random
  size_t alternatives = 50;
};

// The examples of one window and what their snapshot says of each row.
struct WindowExamples {
  std::shared_ptr<const Snapshot> snapshot;
  std::vector<Subject> subjects;
  std::vector<TrainingExample> examples;
};

// Draws alternatives to the choice for one subject: likely ones more often. Not changed; thread-safe.
class Drawing {
 public:
  // `scores` are of WindowExamples::subjects or of a part of them, by ScoresForDrawing; `s` is the place there.
  Drawing(const Snapshot& snapshot, const ScoreTable& scores, const Subject& subject, size_t s);
  // Adds `count` to the example; none when nobody can be drawn.
  void AddTo(size_t count, Random* random, TrainingExample* example) const;

 private:
  const Snapshot& snapshot_;
  std::vector<double> chances_, passed_;  // by place among the candidates
};
ScoreTable ScoresForDrawing(const Snapshot& snapshot, const CodeBook& codes, const std::vector<Subject>& subjects,
                            Work* work);

// Rows (of the table) of deals in the window that are an investor's first in the company, by candidates.
std::vector<uint32_t> NewPairs(const DealTable& table, const Snapshot& snapshot, Window window);

// Investors that cannot be chosen for the round: those in it, and in the company before; ascending.
std::vector<uint32_t> TakenFor(const DealTable& table, uint32_t round);

// REQUIRES: the snapshot is of the window's first day. Empty when `work` was stopped.
WindowExamples MakeExamples(SnapshotMaker* maker, std::shared_ptr<const Snapshot> snapshot, Window window,
                            const ExampleOptions& options, Work* work);

// Appends the rows of `window` to `choices`, the values of `features` in their order; as the scorer sees them.
void AppendChoices(const WindowExamples& window, const CodeBook& codes, const std::vector<Feature>& features,
                   Work* work, Choices* choices);

}  // namespace tandem::pairing::matching

#endif  // TANDEM_SERVICES_PAIRING_MATCHING_LEARNING_EXAMPLE_MAKER_H_
