// Answer examples: how requests were answered, as choices beside those that deals show.
//
// An acceptance is a choice of the investor for the project, among drawn alternatives, as a deal is. A decline is a
// choice set of its own, in which something that was chosen goes before what was declined: an acceptance of the same
// project, else by the same investor, else a deal of that one, else any acceptance, else any deal. So it is told what
// those who were asked liked less, and not that those who are asked are liked less than others.
#ifndef TANDEM_SERVICES_PAIRING_MATCHING_LEARNING_ANSWER_EXAMPLES_H_
#define TANDEM_SERVICES_PAIRING_MATCHING_LEARNING_ANSWER_EXAMPLES_H_

#include <cstdint>
#include <string>
#include <vector>

#include "common/base/work.h"
#include "services/pairing/matching/learning/example_maker.h"
#include "services/pairing/matching/learning/snapshot.h"
#include "services/pairing/matching/learning/trainer.h"

namespace tandem::pairing::matching {

// Those before `day`, in one order whatever order they came in.
std::vector<PairAnswer> AnswersBefore(int32_t day, std::vector<PairAnswer> answers);

// `fingerprint` of the deals itself when there is no answer.
std::string FingerprintWith(const std::vector<PairAnswer>& answers, const std::string& fingerprint);

struct AnswerCounts {
  int64_t acceptances = 0, declines = 0;
};

// Appends to the examples of `window` those of its answers, at most `most_examples`; says how many. Answers of
// investors without a deal before the window are left out. REQUIRES: `answers` are of AnswersBefore.
AnswerCounts AddAnswers(SnapshotMaker* maker, const std::vector<PairAnswer>& answers, Window window,
                        const ExampleOptions& options, Work* work, WindowExamples* examples);

}  // namespace tandem::pairing::matching

#endif  // TANDEM_SERVICES_PAIRING_MATCHING_LEARNING_ANSWER_EXAMPLES_H_
