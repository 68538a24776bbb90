// PairingServiceAdapter: PairingService over gRPC. Decodes, validates, authorises; the finders decide.
#ifndef TANDEM_SERVICES_PAIRING_SERVICE_PAIRING_SERVICE_H_
#define TANDEM_SERVICES_PAIRING_SERVICE_PAIRING_SERVICE_H_

#include <functional>

#include "common/base/worker_pool.h"
#include "common/rpc/worker_service.h"
#include "common/rpc/workers.h"
#include "services/pairing/effects/effect_worker.h"
#include "services/pairing/market_feed/market_followers.h"
#include "services/pairing/market_feed/market_store.h"
#include "services/pairing/match_cache/answer_cache.h"
#include "services/pairing/service/cached_finder.h"
#include "services/pairing/service/freshness.h"
#include "services/pairing/service/match_finder.h"
#include "tandem/pairing/v1/pairing_service.grpc.pb.h"

namespace tandem::pairing {

// Thread-safe. A caller that is bound to an edition may ask about that one only.
//
// FindMatches is answered on the thread that read it where the answer is cached. What is not goes to few threads, as
// many as keep the cores busy while one waits for Redis or for an equal question: more would only take turns. One whose
// consistency token is not applied yet waits among those that wait.
class PairingServiceAdapter final : public rpc::WorkerService<v1::PairingService> {
 public:
  // Unowned; must outlive the adapter.
  struct Options {
    const MatchFinder* finder = nullptr;
    const CachedFinder* cached = nullptr;
    const MarketStore* markets = nullptr;
    const MarketFollowers* followers = nullptr;
    const Freshness* freshness = nullptr;
    const AnswerCache* cache = nullptr;
    const SharedAnswers* shared = nullptr;           // null: there is no Redis
    WorkerPool::Options computing;                   // what FindMatches does not find in the cache
    std::function<effects::EffectCounts()> effects;  // thread-safe
  };
  explicit PairingServiceAdapter(Options options);

 private:
  grpc::ServerUnaryReactor* FindMatches(grpc::CallbackServerContext* context, const grpc::ByteBuffer* request,
                                        grpc::ByteBuffer* response);
  grpc::Status BatchFindMatches(grpc::ServerContextBase* context, const v1::BatchFindMatchesRequest* request,
                                rpc::StreamWriter<v1::BatchFindMatchesResponse>* writer);
  grpc::Status ExplainMatch(grpc::ServerContextBase* context, const v1::ExplainMatchRequest* request,
                            v1::MatchExplanation* response);
  grpc::Status GetIndexStatus(grpc::ServerContextBase* context, const v1::GetIndexStatusRequest* request,
                              v1::GetIndexStatusResponse* response);

  const Options options_;
  rpc::Workers computing_;
};

}  // namespace tandem::pairing

#endif  // TANDEM_SERVICES_PAIRING_SERVICE_PAIRING_SERVICE_H_
