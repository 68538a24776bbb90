// Unary methods that are served from bytes, on the thread that read them where that is quick, else on workers.
//
//   OnBytes("Find", [this](grpc::CallbackServerContext* context, const grpc::ByteBuffer* request,
//                          grpc::ByteBuffer* response) {
//     return rpc::ServeRaw<FindRequest>(context, request, response, known, choose, admit, work);
//   });
//
// in a WorkerService, whose other methods run on workers altogether. A thread that reads serves many connections:
// `known` must not block, compute or do I/O.
#ifndef TANDEM_COMMON_RPC_RAW_UNARY_H_
#define TANDEM_COMMON_RPC_RAW_UNARY_H_

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/optional.h"
#include "google/protobuf/message_lite.h"
#include "grpcpp/server_context.h"
#include "grpcpp/support/byte_buffer.h"
#include "grpcpp/support/server_callback.h"

#include "common/base/ambient_deadline.h"
#include "common/base/caller.h"
#include "common/rpc/serve.h"
#include "common/rpc/workers.h"

namespace tandem::rpc {

// A response in parts, each kept alive by who made it: they are sent as they are, without a copy. Null parts are empty.
using ResponseParts = std::vector<std::shared_ptr<const std::string>>;

// False when `bytes` are no `message`.
bool ParseBytes(const grpc::ByteBuffer& bytes, google::protobuf::MessageLite* message);

grpc::ByteBuffer JoinParts(const ResponseParts& parts);

grpc::Status Serialize(const google::protobuf::MessageLite& message, grpc::ByteBuffer* bytes);

// What gRPC says of a request that it cannot decode.
grpc::Status Undecodable();

// Answers a decoded call with what `known(request)` finds, an absl::optional of absl::StatusOr<ResponseParts>, else by
// `work(caller, request)` on the Workers that `choose(request)` names; its thread's AmbientDeadline is then that of the
// call. OVERLOADED when too many wait there. A call that nobody waits for any more when its turn comes is dropped.
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
  auto request = std::make_shared<Request>();
  if (!ParseBytes(*bytes, request.get())) {
    reactor->Finish(Undecodable());
    return reactor;
  }
  absl::optional<absl::StatusOr<ResponseParts>> now =
      Guarded([&]() -> absl::optional<absl::StatusOr<ResponseParts>> { return known(*request); });
  Workers* const workers = now.has_value() ? nullptr : choose(*request);
  if (workers != nullptr && workers->IsFull()) {
    workers->Refuse(reactor);
    return reactor;
  }
  absl::StatusOr<Caller> caller = Admit(*context, *request);
  const absl::Status admitted = caller.ok() ? admit(*caller, *request) : std::move(caller).status();
  if (!admitted.ok()) {
    finish(admitted);
    return reactor;
  }
  if (now.has_value()) {
    finish(*std::move(now));
    return reactor;
  }
  const bool taken = workers->TryRun([context, reactor, finish, request, caller = *std::move(caller), work] {
    if (IsLeft(*context)) return reactor->Finish(NobodyWaits());
    finish(Guarded([&]() -> absl::StatusOr<ResponseParts> {
      const AmbientDeadline until(DeadlineOf(*context));
      return work(caller, *request);
    }));
  });
  if (!taken) workers->Refuse(reactor);
  return reactor;
}

}  // namespace tandem::rpc

#endif  // TANDEM_COMMON_RPC_RAW_UNARY_H_
