// Unary methods that are served from bytes, on the thread that read them where that is quick, else on workers.
//
//   class Adapter final : public Service::WithRawCallbackMethod_Find<Service::Service> {
//     grpc::ServerUnaryReactor* Find(grpc::CallbackServerContext* context, const grpc::ByteBuffer* request,
//                                    grpc::ByteBuffer* response) override {
//       return rpc::ServeRaw<FindRequest>(context, request, response, known, choose, admit, work);
//     }
//   };
//
// A thread that reads serves many connections: `known` must not block, compute or do I/O. All other methods of the
// service stay synchronous, with a thread a call.
#ifndef TANDEM_COMMON_RPC_RAW_UNARY_H_
#define TANDEM_COMMON_RPC_RAW_UNARY_H_

#include <exception>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/types/optional.h"
#include "google/protobuf/message_lite.h"
#include "grpcpp/server_context.h"
#include "grpcpp/support/byte_buffer.h"
#include "grpcpp/support/server_callback.h"

#include "common/base/ambient_deadline.h"
#include "common/base/caller.h"
#include "common/base/worker_pool.h"
#include "common/rpc/serve.h"

namespace tandem::rpc {

// A response in parts, each kept alive by who made it: they are sent as they are, without a copy. Null parts are empty.
using ResponseParts = std::vector<std::shared_ptr<const std::string>>;

// False when `bytes` are no `message`.
bool ParseBytes(const grpc::ByteBuffer& bytes, google::protobuf::MessageLite* message);

grpc::ByteBuffer JoinParts(const ResponseParts& parts);

// What a call is told that comes when too many wait.
absl::Status OverloadedError(size_t limit);

// The same as it is sent, made once a thread: under overload most calls are told this, and what that costs is lost to
// the others.
const grpc::Status& OverloadedStatus(size_t limit);

// Whether nobody waits for the answer any more: the caller left or its deadline passed while the call waited for a
// thread. Such a call is ended with NobodyWaits() and without any work.
bool IsLeft(const grpc::ServerContextBase& context);
const grpc::Status& NobodyWaits();

// Answers a decoded call with what `known(request)` finds, an absl::optional of absl::StatusOr<ResponseParts>, else by
// `work(caller, request)` on the WorkerPool that `choose(request)` names; its thread's AmbientDeadline is then that of
// the call. OVERLOADED when too many wait there. A call that nobody waits for any more when its turn comes is dropped.
//
// Nothing is given out or worked on before the caller is admitted, see Serve, and `admit(caller, request)` agrees, an
// absl::Status. But what is known is looked for first: under overload most calls are refused, and all that is done for
// one of them is lost to those that are answered. So `known` sees requests that nobody has validated.
template <typename Request, typename Known, typename Choose, typename Admitted, typename Work>
grpc::ServerUnaryReactor* ServeRaw(grpc::CallbackServerContext* context, const grpc::ByteBuffer* bytes,
                                   grpc::ByteBuffer* response, Known&& known, Choose&& choose, Admitted&& admit,
                                   Work&& work) {
  grpc::ServerUnaryReactor* const reactor = context->DefaultReactor();
  const auto finish = [reactor, response, context](absl::StatusOr<ResponseParts> parts) {
    if (parts.ok()) *response = JoinParts(*parts);
    reactor->Finish(Conclude(parts.status(), context));
  };
  const auto guarded = [](auto&& run) -> decltype(run()) {
    try {
      return run();
    } catch (const std::exception& exception) {
      return absl::StatusOr<ResponseParts>(absl::InternalError(absl::StrCat("exception: ", exception.what())));
    } catch (...) {
      return absl::StatusOr<ResponseParts>(absl::InternalError("exception of an unknown type"));
    }
  };
  auto request = std::make_shared<Request>();
  if (!ParseBytes(*bytes, request.get())) {
    // As gRPC says it of the methods that it decodes itself.
    reactor->Finish(grpc::Status(grpc::StatusCode::INTERNAL, "the request cannot be decoded"));
    return reactor;
  }
  absl::optional<absl::StatusOr<ResponseParts>> now =
      guarded([&]() -> absl::optional<absl::StatusOr<ResponseParts>> { return known(*request); });
  WorkerPool* const workers = now.has_value() ? nullptr : choose(*request);
  if (workers != nullptr && workers->IsFull()) {
    reactor->Finish(OverloadedStatus(workers->most_waiting()));
    return reactor;
  }
  absl::StatusOr<Caller> caller = Admit(*context, *request);
  const absl::Status admitted = caller.ok() ? admit(*caller, *request) : caller.status();
  if (!admitted.ok()) {
    finish(admitted);
    return reactor;
  }
  if (now.has_value()) {
    finish(*std::move(now));
    return reactor;
  }
  const bool taken = workers->TryRun([context, reactor, finish, guarded, request, caller = *std::move(caller), work] {
    if (IsLeft(*context)) return reactor->Finish(NobodyWaits());
    const AmbientDeadline until(DeadlineOf(*context));
    finish(guarded([&]() -> absl::StatusOr<ResponseParts> { return work(caller, *request); }));
  });
  if (!taken) reactor->Finish(OverloadedStatus(workers->most_waiting()));
  return reactor;
}

}  // namespace tandem::rpc

#endif  // TANDEM_COMMON_RPC_RAW_UNARY_H_
