// What every unary handler does around its one line of work, so that adapters stay thin:
//
//   grpc::Status GetProject(grpc::ServerContextBase* context, const GetProjectRequest* request, Project* response) {
//     return rpc::Serve(context, *request, response, [this](const Caller& caller, const GetProjectRequest& valid) {
//       return catalog_->Get(caller, valid.name());
//     });
//   }
#ifndef TANDEM_COMMON_RPC_SERVE_H_
#define TANDEM_COMMON_RPC_SERVE_H_

#include <exception>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "grpcpp/server_context.h"
#include "grpcpp/support/status.h"

#include "common/base/ambient_deadline.h"
#include "common/base/caller.h"
#include "common/rpc/call_context.h"
#include "common/rpc/status_conversion.h"

namespace tandem::rpc {

struct ServeOptions {
  // Repeated fields whose items stand alone, as `skipped` of Validate.
  std::vector<std::string> unvalidated;
  // The work validates the request itself, to report the contract's violations together with its own.
  bool validated_by_work = false;
};

// Builds the caller, checks the request against the rules of its contract and against the caller's edition.
absl::StatusOr<Caller> Admit(const grpc::ServerContextBase& context, const google::protobuf::Message& request,
                             const ServeOptions& options = {});

// How a call ends that came to `status`. Clients try again what is UNAVAILABLE; where the deadline leaves no time for
// that they are told not to, or they would see DEADLINE_EXCEEDED instead of the reason.
grpc::Status Conclude(const absl::Status& status, grpc::ServerContextBase* context);

// What `run()` returns, an absl::Status, an absl::StatusOr, an optional one or a grpc::Status; INTERNAL for an
// exception.
template <typename Run>
auto Guarded(Run&& run) -> decltype(run()) {
  const auto failed = [](absl::Status status) -> decltype(run()) {
    if constexpr (std::is_same_v<decltype(run()), grpc::Status>) {
      return ToGrpc(status);
    } else {
      return decltype(run())(std::move(status));
    }
  };
  try {
    return run();
  } catch (const std::exception& exception) {
    return failed(absl::InternalError(absl::StrCat("exception: ", exception.what())));
  } catch (...) {
    return failed(absl::InternalError("exception of an unknown type"));
  }
}

// Admits the call and runs `work(caller, request)`, which returns absl::StatusOr<Response>, or absl::Status where the
// response is empty. Meanwhile the deadline of the call is the thread's AmbientDeadline. An exception that escapes
// becomes INTERNAL.
template <typename Request, typename Response, typename Work>
grpc::Status Serve(grpc::ServerContextBase* context, const Request& request, Response* response, Work&& work,
                   const ServeOptions& options = {}) {
  const auto run = [&]() -> absl::Status {
    const AmbientDeadline until(DeadlineOf(*context));
    absl::StatusOr<Caller> caller = Admit(*context, request, options);
    if (!caller.ok()) return std::move(caller).status();
    auto result = std::forward<Work>(work)(*caller, request);
    if constexpr (std::is_same_v<decltype(result), absl::Status>) {
      return result;
    } else {
      if (!result.ok()) return std::move(result).status();
      *response = *std::move(result);
      return absl::OkStatus();
    }
  };
  return Conclude(Guarded(run), context);
}

}  // namespace tandem::rpc

#endif  // TANDEM_COMMON_RPC_SERVE_H_
