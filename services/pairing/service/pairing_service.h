// PairingServiceAdapter: PairingService over gRPC. Decodes, validates, authorises; MatchFinder decides.
#ifndef TANDEM_SERVICES_PAIRING_SERVICE_PAIRING_SERVICE_H_
#define TANDEM_SERVICES_PAIRING_SERVICE_PAIRING_SERVICE_H_

#include "services/pairing/market_feed/market_followers.h"
#include "services/pairing/market_feed/market_store.h"
#include "services/pairing/service/freshness.h"
#include "services/pairing/service/match_finder.h"
#include "tandem/pairing/v1/pairing_service.grpc.pb.h"

namespace tandem::pairing {

// Thread-safe. A caller that is bound to an edition may ask about that one only.
class PairingServiceAdapter final : public v1::PairingService::Service {
 public:
  // Unowned; must outlive the adapter.
  PairingServiceAdapter(const MatchFinder* finder, const MarketStore* markets, const MarketFollowers* followers,
                        const Freshness* freshness)
      : finder_(finder), markets_(markets), followers_(followers), freshness_(freshness) {}

  grpc::Status FindMatches(grpc::ServerContext* context, const v1::FindMatchesRequest* request,
                           v1::FindMatchesResponse* response) override;
  grpc::Status BatchFindMatches(grpc::ServerContext* context, const v1::BatchFindMatchesRequest* request,
                                grpc::ServerWriter<v1::BatchFindMatchesResponse>* writer) override;
  grpc::Status ExplainMatch(grpc::ServerContext* context, const v1::ExplainMatchRequest* request,
                            v1::MatchExplanation* response) override;
  grpc::Status GetIndexStatus(grpc::ServerContext* context, const v1::GetIndexStatusRequest* request,
                              v1::GetIndexStatusResponse* response) override;

 private:
  const MatchFinder* finder_;
  const MarketStore* markets_;
  const MarketFollowers* followers_;
  const Freshness* freshness_;
};

}  // namespace tandem::pairing

#endif  // TANDEM_SERVICES_PAIRING_SERVICE_PAIRING_SERVICE_H_
