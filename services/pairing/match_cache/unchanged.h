// Whether a list is still the one that it was, however long and whoever ranked it.
#ifndef TANDEM_SERVICES_PAIRING_MATCH_CACHE_UNCHANGED_H_
#define TANDEM_SERVICES_PAIRING_MATCH_CACHE_UNCHANGED_H_

#include "absl/strings/string_view.h"

#include "common/tokens/consistency_token.h"
#include "services/pairing/market_feed/market_store.h"
#include "services/pairing/match_cache/answer_cache.h"

namespace tandem::pairing {

// The state of now, if the whole list of `subject` (a project's or investor's name) in it is that of the state `date`;
// the view is null if the marks do not prove that. Thread-safe.
MarketStore::Dated UnchangedSince(const MarketStore& markets, AnswerCache* cache, absl::string_view subject,
                                  const ConsistencyToken& date);

}  // namespace tandem::pairing

#endif  // TANDEM_SERVICES_PAIRING_MATCH_CACHE_UNCHANGED_H_
