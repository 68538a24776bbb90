#include "services/pairing/service/pairing_service.h"

#include "common/base/caller.h"
#include "common/base/status.h"
#include "common/rpc/call_context.h"
#include "common/rpc/serve.h"
#include "services/pairing/service/index_status.h"

namespace tandem::pairing {

grpc::Status PairingServiceAdapter::FindMatches(grpc::ServerContext* context, const v1::FindMatchesRequest* request,
                                                v1::FindMatchesResponse* response) {
  return rpc::Serve(
      context, *request, response,
      [&](const Caller& caller, const v1::FindMatchesRequest& valid) -> absl::StatusOr<v1::FindMatchesResponse> {
        // The subject is of either kind, so the contract has no resource rule that Serve could check.
        TANDEM_RETURN_IF_ERROR(rpc::CheckEdition(caller, valid.subject(), "FindMatches"));
        return finder_->Find(valid, rpc::DeadlineOf(*context));
      });
}

grpc::Status PairingServiceAdapter::BatchFindMatches(grpc::ServerContext* context,
                                                     const v1::BatchFindMatchesRequest* request,
                                                     grpc::ServerWriter<v1::BatchFindMatchesResponse>* writer) {
  v1::BatchFindMatchesResponse unused;
  return rpc::Serve(context, *request, &unused, [&](const Caller&, const v1::BatchFindMatchesRequest& valid) {
    // Every subject is of `parent`, which Serve has checked.
    return finder_->FindMany(
        valid, rpc::DeadlineOf(*context),
        [&](const v1::BatchFindMatchesResponse& answer) { return writer->Write(answer); },
        [&] { return context->IsCancelled(); });
  });
}

grpc::Status PairingServiceAdapter::ExplainMatch(grpc::ServerContext* context, const v1::ExplainMatchRequest* request,
                                                 v1::MatchExplanation* response) {
  return rpc::Serve(context, *request, response, [&](const Caller&, const v1::ExplainMatchRequest& valid) {
    return finder_->Explain(valid, rpc::DeadlineOf(*context));
  });
}

grpc::Status PairingServiceAdapter::GetIndexStatus(grpc::ServerContext* context,
                                                   const v1::GetIndexStatusRequest* request,
                                                   v1::GetIndexStatusResponse* response) {
  return rpc::Serve(
      context, *request, response,
      [&](const Caller& caller, const v1::GetIndexStatusRequest&) -> absl::StatusOr<v1::GetIndexStatusResponse> {
        return IndexStatus(*markets_, *followers_, *freshness_, caller.edition);
      });
}

}  // namespace tandem::pairing
