// Both ends of a watch over gRPC: ServeWatch sends what a feed::WatchCursor reads, GrpcSource reads it as a
// feed::Source.
//
// Every watch response has `phase` (tandem.type.v1.WatchPhase), `resume_token` and items of its own; only the items
// need converting:
//
//   grpc::Status WatchProjects(grpc::ServerContextBase* context, const WatchProjectsRequest* request,
//                              rpc::StreamWriter<WatchProjectsResponse>* writer) {
//     const auto caller = rpc::Admit(*context, *request);
//     if (!caller.ok()) return rpc::ToGrpc(caller.status());
//     feed::WatchCursor cursor({.store = store_, ..., .resume_token = request->resume_token()});
//     return rpc::ServeWatch(context, writer, &cursor, gate_,
//                            [](std::vector<feed::RawItem> items, WatchProjectsResponse* response) -> absl::Status
//                            {...});
//   }
#ifndef TANDEM_COMMON_RPC_WATCH_H_
#define TANDEM_COMMON_RPC_WATCH_H_

#include <chrono>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "google/protobuf/arena.h"
#include "grpcpp/channel.h"
#include "grpcpp/server_context.h"

#include "common/base/caller.h"
#include "common/feed/feed.h"
#include "common/feed/watch_cursor.h"
#include "common/rpc/client_stream.h"
#include "common/rpc/serve.h"
#include "common/rpc/status_conversion.h"
#include "common/rpc/stream_io.h"
#include "common/rpc/watch_gate.h"
#include "tandem/type/v1/types.pb.h"

namespace tandem::rpc {

type::v1::WatchPhase ToProto(feed::Phase phase);
// FAILED_PRECONDITION for a phase that this build does not know.
absl::StatusOr<feed::Phase> FromProto(type::v1::WatchPhase phase);

// A watch ends after about this long, so that clients come to find new replicas; up to a quarter is added at random.
inline constexpr std::chrono::seconds kWatchAge{240};

// Memory for one response of a watch: little for a change, large blocks for a part of a snapshot.
google::protobuf::ArenaOptions WatchArena();

// When a watch that begins now is to end.
std::chrono::steady_clock::time_point EndOfWatch(std::chrono::seconds age);

// Sends stretches until the caller leaves, the gate closes or `age` passes (OK: the caller resumes), or the cursor
// fails. `convert(std::vector<feed::RawItem>, Response*)` returns absl::Status and may leave items out. Looks for
// cancellation twice a second. RESOURCE_EXHAUSTED (LIMIT_EXCEEDED) when the gate is full.
template <typename Response, typename Convert>
grpc::Status ServeWatch(grpc::ServerContextBase* context, StreamWriter<Response>* writer, feed::WatchCursor* cursor,
                        WatchGate* gate, Convert convert, std::chrono::seconds age = kWatchAge) {
  constexpr std::chrono::milliseconds kLook{500};
  return ToGrpc(Guarded([&]() -> absl::Status {
    const absl::StatusOr<WatchGate::Pass> pass = gate->Enter();
    if (!pass.ok()) return pass.status();
    const auto end = EndOfWatch(age);
    while (!gate->closed() && std::chrono::steady_clock::now() < end) {
      if (context->IsCancelled()) return absl::CancelledError("the caller left the watch");
      absl::StatusOr<std::optional<feed::RawStretch>> next = cursor->Next(std::chrono::steady_clock::now() + kLook);
      if (!next.ok()) return std::move(next).status();
      if (!next->has_value()) continue;
      Response response;
      response.set_phase(ToProto((*next)->phase));
      response.set_resume_token(std::move((*next)->resume_token));
      absl::Status converted = convert(std::move((*next)->items), &response);
      if (!converted.ok()) return converted;
      if (!writer->Write(response)) return absl::CancelledError("the caller left the watch");
    }
    return absl::OkStatus();
  }));
}

// A feed::Source over a server-streaming RPC whose request has a `resume_token`. Thread-safe.
template <typename Request, typename Response>
class GrpcSource final : public feed::Source {
 public:
  struct Options {
    std::string name;  // of the source in consistency tokens
    std::shared_ptr<grpc::Channel> channel;
    std::string method;  // `/package.Service/Method`
    Request request;     // all but the resume token
    Caller caller;
    // What the response carries. It lives on an arena of its own: what holds on to a part of it shares all of it.
    std::function<absl::StatusOr<std::vector<feed::Item>>(std::shared_ptr<Response> response)> convert;
  };
  explicit GrpcSource(Options options) : options_(std::make_shared<const Options>(std::move(options))) {}

  std::string name() const override { return options_->name; }

  std::unique_ptr<feed::Stream> Open(const std::string& resume_token) override {
    return std::make_unique<GrpcStream>(options_, resume_token);
  }

 private:
  class GrpcStream final : public feed::Stream {
   public:
    GrpcStream(std::shared_ptr<const Options> options, const std::string& resume_token)
        : options_(std::move(options)),
          stream_(options_->channel, options_->method, options_->caller, From(options_->request, resume_token)) {}

    absl::StatusOr<feed::Stretch> Next() override {
      const auto arena = std::make_shared<google::protobuf::Arena>(WatchArena());
      std::shared_ptr<Response> response(arena, google::protobuf::Arena::CreateMessage<Response>(arena.get()));
      if (!stream_.Read(response.get())) {
        const absl::Status status = FromGrpc(stream_.Finish());
        if (!status.ok()) return status;
        return absl::CancelledError("the source ended the watch in good order");
      }
      feed::Stretch stretch;
      absl::StatusOr<feed::Phase> phase = FromProto(response->phase());
      if (!phase.ok()) return std::move(phase).status();
      stretch.phase = *phase;
      stretch.resume_token = response->resume_token();
      absl::StatusOr<std::vector<feed::Item>> items = options_->convert(std::move(response));
      if (!items.ok()) return std::move(items).status();
      stretch.items = *std::move(items);
      return stretch;
    }

    void Cancel() override { stream_.Cancel(); }

   private:
    static Request From(Request request, const std::string& resume_token) {
      request.set_resume_token(resume_token);
      return request;
    }

    std::shared_ptr<const Options> options_;
    ClientStream stream_;
  };

  std::shared_ptr<const Options> options_;
};

}  // namespace tandem::rpc

#endif  // TANDEM_COMMON_RPC_WATCH_H_
