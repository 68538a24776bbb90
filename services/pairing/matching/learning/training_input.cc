#include <string>
#include <utility>

#include "services/pairing/matching/learning/trainer.h"
#include "services/pairing/matching/market.h"

namespace tandem::pairing::matching {

TrainingInput TrainingInputOf(const Market& market) {
  TrainingInput input;
  input.context = market.context();
  input.interner = std::make_shared<Interner>(market.interner());
  input.codes = market.codes();
  input.investors.reserve(market.investors().size());
  for (const auto& [name, facts] : market.investors()) input.investors.push_back(facts);
  for (auto& deal : market.WhatCounts().deals) input.deals.push_back(std::move(deal.record));
  market.stances().ForEach([&](const std::string&, const PairFacts& pair) {
    if (pair.answer == PairFacts::Answer::kNone) return;
    const auto project = market.FindProject(market.ProjectNameOf(pair.project));
    if (project == nullptr) return;
    input.answers.push_back({pair.answer_day, project->source, market.InvestorNameOf(pair.investor),
                             pair.answer == PairFacts::Answer::kAccepted});
  });
  return input;
}

}  // namespace tandem::pairing::matching
