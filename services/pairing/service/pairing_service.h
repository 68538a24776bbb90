// PairingServiceAdapter: PairingService over gRPC. Decodes, validates, authorises; the finders decide.
#ifndef TANDEM_SERVICES_PAIRING_SERVICE_PAIRING_SERVICE_H_
#define TANDEM_SERVICES_PAIRING_SERVICE_PAIRING_SERVICE_H_

#include "common/base/worker_pool.h"
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
// FindMatches is answered on the thread that read it where the answer is cached, else by `computing`, or by `waiting`
// where the consistency token is not applied yet, so that what waits keeps nobody from computing; the other methods are
// synchronous.
class PairingServiceAdapter final
    : public v1::PairingService::WithRawCallbackMethod_FindMatches<v1::PairingService::Service> {
 public:
  // Unowned; must outlive the adapter.
  struct Options {
    const MatchFinder* finder = nullptr;
    const CachedFinder* cached = nullptr;
    WorkerPool* computing = nullptr;
    WorkerPool* waiting = nullptr;
    const MarketStore* markets = nullptr;
    const MarketFollowers* followers = nullptr;
    const Freshness* freshness = nullptr;
    const AnswerCache* cache = nullptr;
    const SharedAnswers* shared = nullptr;  // null: there is no Redis
  };
  explicit PairingServiceAdapter(Options options) : options_(options) {}

  grpc::ServerUnaryReactor* FindMatches(grpc::CallbackServerContext* context, const grpc::ByteBuffer* request,
                                        grpc::ByteBuffer* response) override;
  grpc::Status BatchFindMatches(grpc::ServerContext* context, const v1::BatchFindMatchesRequest* request,
                                grpc::ServerWriter<v1::BatchFindMatchesResponse>* writer) override;
  grpc::Status ExplainMatch(grpc::ServerContext* context, const v1::ExplainMatchRequest* request,
                            v1::MatchExplanation* response) override;
  grpc::Status GetIndexStatus(grpc::ServerContext* context, const v1::GetIndexStatusRequest* request,
                              v1::GetIndexStatusResponse* response) override;

 private:
  const Options options_;
};

}  // namespace tandem::pairing

#endif  // TANDEM_SERVICES_PAIRING_SERVICE_PAIRING_SERVICE_H_
