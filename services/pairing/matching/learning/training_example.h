// Training example: one choice that was made, and what could have been chosen instead.
#ifndef TANDEM_SERVICES_PAIRING_MATCHING_LEARNING_TRAINING_EXAMPLE_H_
#define TANDEM_SERVICES_PAIRING_MATCHING_LEARNING_TRAINING_EXAMPLE_H_

#include <cstdint>
#include <memory>
#include <vector>

#include "services/pairing/matching/facts.h"

namespace tandem::pairing::matching {

// A project that somebody chose or could have chosen, as it was known before the choice.
struct Subject {
  ProjectFacts project;
  std::vector<uint32_t> prior;  // investors that were in it before, ascending
  std::vector<uint32_t>
      taken;  // those that cannot be chosen any more, or are chosen elsewhere in the example; ascending
  int32_t day = 0;
};

enum class ExampleKind { kDeal, kAcceptance, kDecline };

struct TrainingExample {
  ExampleKind kind = ExampleKind::kDeal;
  int32_t day = 0;
  uint32_t subject = 0;  // among the subjects of the window
  uint32_t chosen = 0;   // an investor
  struct Alternative {
    uint32_t investor = 0;
    float correction = 0;  // -ln(expected number of draws): makes a sample stand for all
    uint32_t subject = 0;  // among the subjects of the window; mostly the example's
  };
  std::vector<Alternative> alternatives;
};

}  // namespace tandem::pairing::matching

#endif  // TANDEM_SERVICES_PAIRING_MATCHING_LEARNING_TRAINING_EXAMPLE_H_
