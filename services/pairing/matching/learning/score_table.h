// Score table: what a profile gives to every candidate with every subject, as it would be served.
#ifndef TANDEM_SERVICES_PAIRING_MATCHING_LEARNING_SCORE_TABLE_H_
#define TANDEM_SERVICES_PAIRING_MATCHING_LEARNING_SCORE_TABLE_H_

#include <cstddef>
#include <memory>
#include <vector>

#include "common/base/work.h"
#include "services/pairing/matching/code_book.h"
#include "services/pairing/matching/learning/snapshot.h"
#include "services/pairing/matching/learning/training_example.h"

namespace tandem::pairing::matching {

// In nats; by candidate (place in Snapshot::candidates), then subject.
struct ScoreTable {
  size_t subjects = 0;
  std::vector<float> scores;

  float At(size_t candidate, size_t subject) const { return scores[candidate * subjects + subject]; }
};

enum class CoInvestors { kLeftOut, kCounted };

// By the compiled forms, and with the co-investors as extras. `context` is the snapshot's with the profile in question.
// Empty when `work` was stopped.
ScoreTable ScoreAll(const Snapshot& snapshot, const MarketContext& context, const CodeBook& codes,
                    const std::vector<Subject>& subjects, CoInvestors co_investors, Work* work);

// The snapshot's context with another profile.
MarketContext WithProfile(const MarketContext& context, const Profile& profile);

// The facts of a subject's earlier investors.
std::vector<std::shared_ptr<const InvestorFacts>> PriorOf(const Snapshot& snapshot, const Subject& subject);

}  // namespace tandem::pairing::matching

#endif  // TANDEM_SERVICES_PAIRING_MATCHING_LEARNING_SCORE_TABLE_H_
