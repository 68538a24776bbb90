// What a call says of itself beside its request: who calls, and until when an answer is of use.
//
// The metadata is documented in README.md. It is trusted: a server listens on loopback or behind mTLS only.
#ifndef TANDEM_COMMON_RPC_CALL_CONTEXT_H_
#define TANDEM_COMMON_RPC_CALL_CONTEXT_H_

#include <chrono>
#include <map>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "grpcpp/client_context.h"
#include "grpcpp/server_context.h"

#include "common/base/caller.h"

namespace google::protobuf {
class Message;
}

namespace tandem::rpc {

// Keys of the metadata.
inline constexpr char kActorKey[] = "x-tandem-actor";
inline constexpr char kSideKey[] = "x-tandem-side";
inline constexpr char kEditionKey[] = "x-tandem-edition";
inline constexpr char kRolesKey[] = "x-tandem-roles";

// A deadline for calls that set none, and the farthest one that is honoured.
inline constexpr std::chrono::seconds kDefaultDeadline{30};
inline constexpr std::chrono::seconds kFarthestDeadline{300};

// The caller that the metadata names; without any, an operator bound to no edition. INVALID_ARGUMENT (FIELD_INVALID)
// naming every bad value at once.
absl::StatusOr<Caller> CallerOf(const grpc::ServerContextBase& context);
absl::StatusOr<Caller> CallerOf(const std::multimap<grpc::string_ref, grpc::string_ref>& metadata);

// The other direction: makes `context` call as `caller`.
void SetCaller(grpc::ClientContext* context, const Caller& caller);

// When the caller stops waiting, on the steady clock.
std::chrono::steady_clock::time_point DeadlineOf(const grpc::ServerContextBase& context);

// PERMISSION_DENIED when `caller` is bound to another edition than that of `resource_name`. `method` is for the error.
absl::Status CheckEdition(const Caller& caller, absl::string_view resource_name, absl::string_view method = "");

// CheckEdition for every resource name below `editions/` that `request` carries at any depth, by the `resource` rule of
// its fields. Output-only fields are not looked at.
absl::Status CheckEditions(const Caller& caller, const google::protobuf::Message& request,
                           absl::string_view method = "");

}  // namespace tandem::rpc

#endif  // TANDEM_COMMON_RPC_CALL_CONTEXT_H_
