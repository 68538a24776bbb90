#include "services/pairing/match_cache/unchanged.h"

#include "services/pairing/market_feed/record_name.h"
#include "services/pairing/matching/market_view.h"

namespace tandem::pairing {

MarketStore::Dated UnchangedSince(const MarketStore& markets, AnswerCache* cache, absl::string_view subject,
                                  const ConsistencyToken& date) {
  const absl::string_view edition = EditionOf(subject);
  const MarketStore::Dated state = markets.FindDated(edition);
  if (state.view == nullptr) return {};
  AnswerSubject of;
  of.for_investor = KindOf(subject) == RecordKind::kInvestor;
  const auto slot = (of.for_investor ? state.view->investor_names : state.view->project_names)->Find(subject);
  if (!slot.has_value()) return {};
  of.slot = *slot;
  cache->Saw(edition, state);
  AnswerCache::Proof proof = cache->Prove(edition, of, date);
  return proof.right ? proof.state : MarketStore::Dated();
}

}  // namespace tandem::pairing
