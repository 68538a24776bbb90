#include "common/rpc/serve.h"

#include <chrono>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"

#include "common/base/status.h"
#include "common/validation/validator.h"

namespace tandem::rpc {

namespace {

// gRPC's own key; a negative value forbids.
constexpr char kRetryKey[] = "grpc-retry-pushback-ms";
constexpr std::chrono::milliseconds kShortestAttempt{150};

}  // namespace

grpc::Status Conclude(const absl::Status& status, grpc::ServerContextBase* context) {
  if (absl::IsUnavailable(status) && DeadlineOf(*context) - std::chrono::steady_clock::now() < kShortestAttempt) {
    context->AddTrailingMetadata(kRetryKey, "-1");
  }
  return ToGrpc(status);
}

absl::StatusOr<Caller> Admit(const grpc::ServerContextBase& context, const google::protobuf::Message& request,
                             const ServeOptions& options) {
  if (context.IsCancelled()) return absl::CancelledError("the caller cancelled or its deadline passed");
  TANDEM_ASSIGN_OR_RETURN(Caller caller, CallerOf(context));
  if (!options.validated_by_work) TANDEM_RETURN_IF_ERROR(Validate(request, "", options.unvalidated));
  // By AIP the request of method M is MRequest.
  const absl::string_view method = absl::StripSuffix(request.GetDescriptor()->name(), "Request");
  TANDEM_RETURN_IF_ERROR(CheckEditions(caller, request, method));
  return caller;
}

}  // namespace tandem::rpc
