// What the pairing service has applied, as it tells operators.
#ifndef TANDEM_SERVICES_PAIRING_SERVICE_INDEX_STATUS_H_
#define TANDEM_SERVICES_PAIRING_SERVICE_INDEX_STATUS_H_

#include "absl/strings/string_view.h"

#include "services/pairing/effects/effect_worker.h"
#include "services/pairing/market_feed/market_followers.h"
#include "services/pairing/market_feed/market_store.h"
#include "services/pairing/match_cache/answer_cache.h"
#include "services/pairing/service/cached_finder.h"
#include "services/pairing/service/freshness.h"
#include "tandem/pairing/v1/pairing_service.pb.h"

namespace tandem::pairing {

// Answers at any time, also before the service is ready. With `edition` (`editions/{edition}`) only that one is shown.
v1::GetIndexStatusResponse IndexStatus(const MarketStore& markets, const MarketFollowers& followers,
                                       const Freshness& freshness, absl::string_view edition = "");

// What the caches hold and what came of it. `shared` may be null.
v1::CacheStatus CacheStatusOf(const AnswerCache& cache, const CachedFinder& finder, const SharedAnswers* shared);

// What became of effects in this process.
v1::EffectsStatus EffectsStatusOf(const effects::EffectCounts& counts);

}  // namespace tandem::pairing

#endif  // TANDEM_SERVICES_PAIRING_SERVICE_INDEX_STATUS_H_
