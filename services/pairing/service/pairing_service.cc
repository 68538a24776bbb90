#include "services/pairing/service/pairing_service.h"

#include <string>
#include <utility>

#include "absl/strings/str_cat.h"

#include "common/base/ambient_deadline.h"
#include "common/base/caller.h"
#include "common/base/status.h"
#include "common/rpc/call_context.h"
#include "common/rpc/raw_unary.h"
#include "common/rpc/serve.h"
#include "services/pairing/market_feed/record_name.h"
#include "services/pairing/service/index_status.h"

namespace tandem::pairing {
namespace {

// PERMISSION_DENIED where `caller` speaks for the other side: who is missing from a list shows whom its subject
// skipped.
absl::Status CheckSide(const Caller& caller, absl::string_view subject, absl::string_view method) {
  const bool others = (caller.side == CallerSide::kProject && KindOf(subject) == RecordKind::kInvestor) ||
                      (caller.side == CallerSide::kInvestor && KindOf(subject) == RecordKind::kProject);
  if (!others) return absl::OkStatus();
  return MakeError(absl::StatusCode::kPermissionDenied, "PERMISSION_DENIED",
                   absl::StrCat("the list of ", subject, " is its own side's: ask for that of your own project or ",
                                "investor, or for one pair with ExplainMatch"),
                   {{"method", std::string(method)}, {"cause", "side"}});
}

}  // namespace

PairingServiceAdapter::PairingServiceAdapter(Options options)
    : options_(std::move(options)), computing_(options_.computing) {
  OnBytes("FindMatches", [this](grpc::CallbackServerContext* context, const grpc::ByteBuffer* request,
                                grpc::ByteBuffer* response) { return FindMatches(context, request, response); });
  On("BatchFindMatches", &PairingServiceAdapter::BatchFindMatches);
  On("ExplainMatch", &PairingServiceAdapter::ExplainMatch, Pool::kWaiting);
  On("GetIndexStatus", &PairingServiceAdapter::GetIndexStatus);
}

grpc::ServerUnaryReactor* PairingServiceAdapter::FindMatches(grpc::CallbackServerContext* context,
                                                             const grpc::ByteBuffer* request,
                                                             grpc::ByteBuffer* response) {
  const auto encoded = [](EncodedAnswer answer) {
    return rpc::ResponseParts{std::move(answer.body), std::move(answer.more), std::move(answer.date),
                              std::move(answer.age)};
  };
  const auto known = [&](const v1::FindMatchesRequest& any) -> absl::optional<absl::StatusOr<rpc::ResponseParts>> {
    absl::optional<EncodedAnswer> answer = options_.cached->FindNow(any);
    if (!answer.has_value()) return absl::nullopt;
    return absl::StatusOr<rpc::ResponseParts>(encoded(*std::move(answer)));
  };
  const auto choose = [this](const v1::FindMatchesRequest& any) {
    return options_.freshness->IsReached(any.consistency()) ? &computing_ : WorkersOf(Pool::kWaiting);
  };
  // The subject is of either kind, so the contract has no resource rule that ServeRaw could check.
  const auto admit = [](const Caller& caller, const v1::FindMatchesRequest& valid) -> absl::Status {
    TANDEM_RETURN_IF_ERROR(rpc::CheckEdition(caller, valid.subject(), "FindMatches"));
    return CheckSide(caller, valid.subject(), "FindMatches");
  };
  const auto work = [this, encoded](const Caller&,
                                    const v1::FindMatchesRequest& valid) -> absl::StatusOr<rpc::ResponseParts> {
    TANDEM_ASSIGN_OR_RETURN(EncodedAnswer answer, options_.cached->Find(valid, AmbientDeadline::Current()));
    return encoded(std::move(answer));
  };
  return rpc::ServeRaw<v1::FindMatchesRequest>(context, request, response, known, choose, admit, work);
}

grpc::Status PairingServiceAdapter::BatchFindMatches(grpc::ServerContextBase* context,
                                                     const v1::BatchFindMatchesRequest* request,
                                                     rpc::StreamWriter<v1::BatchFindMatchesResponse>* writer) {
  v1::BatchFindMatchesResponse unused;
  return rpc::Serve(context, *request, &unused,
                    [&](const Caller& caller, const v1::BatchFindMatchesRequest& valid) -> absl::Status {
                      for (const std::string& subject : valid.subjects()) {
                        TANDEM_RETURN_IF_ERROR(CheckSide(caller, subject, "BatchFindMatches"));
                      }
                      // Every subject is of `parent`, which Serve has checked.
                      return options_.finder->FindMany(
                          valid, rpc::DeadlineOf(*context),
                          [&](const v1::BatchFindMatchesResponse& answer) { return writer->Write(answer); },
                          [&] { return context->IsCancelled(); });
                    });
}

grpc::Status PairingServiceAdapter::ExplainMatch(grpc::ServerContextBase* context,
                                                 const v1::ExplainMatchRequest* request,
                                                 v1::MatchExplanation* response) {
  return rpc::Serve(context, *request, response, [&](const Caller& caller, const v1::ExplainMatchRequest& valid) {
    return options_.finder->Explain(valid, rpc::DeadlineOf(*context), caller.side);
  });
}

grpc::Status PairingServiceAdapter::GetIndexStatus(grpc::ServerContextBase* context,
                                                   const v1::GetIndexStatusRequest* request,
                                                   v1::GetIndexStatusResponse* response) {
  return rpc::Serve(
      context, *request, response,
      [&](const Caller& caller, const v1::GetIndexStatusRequest&) -> absl::StatusOr<v1::GetIndexStatusResponse> {
        v1::GetIndexStatusResponse status =
            IndexStatus(*options_.markets, *options_.followers, *options_.freshness, caller.edition);
        *status.mutable_cache() = CacheStatusOf(*options_.cache, *options_.cached, options_.shared);
        *status.mutable_effects() = EffectsStatusOf(options_.effects());
        return status;
      });
}

}  // namespace tandem::pairing
