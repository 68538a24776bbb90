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
  return input;
}

}  // namespace tandem::pairing::matching
