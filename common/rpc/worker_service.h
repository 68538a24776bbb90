// WorkerService: a service whose handlers are synchronous functions, run by bounded pools of threads.
//
//   class ProjectsService final : public rpc::WorkerService<v1::ProjectService> {
//    public:
//     ProjectsService() {
//       On("GetProject", &ProjectsService::GetProject);
//       On("CreateProject", &ProjectsService::CreateProject, Pool::kWaiting);
//       On("WatchProjects", &ProjectsService::WatchProjects, Pool::kWatches);
//     }
//    private:
//     grpc::Status GetProject(grpc::ServerContextBase* context, const GetProjectRequest* request, Project* response);
//     grpc::Status WatchProjects(grpc::ServerContextBase* context, const WatchProjectsRequest* request,
//                                rpc::StreamWriter<WatchProjectsResponse>* writer);
//   };
//
// The threads that read the connections only queue the bytes of a call: one that finds the queue full is refused there,
// before anything of it is decoded, with a status that was made beforehand. A worker drops a call whose caller has left
// or whose deadline has passed, else decodes it, runs the handler and encodes the answer.
//
// Three pools, so that what is slow holds up nothing that is quick: `calls` for what works and answers, `waiting` for
// what may wait for others (a token, a run, a stream of the caller's), `watches` for what stays open. Threads are made
// as they are wanted. They are many more than cores, as most calls wait for a store; an adapter gives what computes
// for long a pool of its own.
#ifndef TANDEM_COMMON_RPC_WORKER_SERVICE_H_
#define TANDEM_COMMON_RPC_WORKER_SERVICE_H_

#include <string>
#include <utility>

#include "google/protobuf/descriptor.h"
#include "grpcpp/impl/service_type.h"
#include "grpcpp/support/server_callback.h"

#include "common/rpc/raw_unary.h"
#include "common/rpc/serve.h"
#include "common/rpc/stream_io.h"
#include "common/rpc/watch_gate.h"
#include "common/rpc/workers.h"

namespace tandem::rpc {

struct WorkerOptions {
  WorkerPool::Options calls{64, 256};
  WorkerPool::Options waiting{128, 128};
  // Some more than the gate lets in: it tells the others so.
  WorkerPool::Options watches{WatchGate::kDefaultMost + 16, 0};
};

// `gate`: null for kDefaultMost.
WorkerOptions WorkersFor(const WatchGate* gate);

// Index of a method in its service. REQUIRES: both exist.
int IndexOfMethod(const char* service, const char* method);

// `Contract` is what gRPC generates for a service. Must outlive the server.
template <typename Contract>
class WorkerService : public Contract::Service {
 public:
  explicit WorkerService(const WorkerOptions& options = {})
      : calls_(options.calls), waiting_(options.waiting), watches_(options.watches) {}

 protected:
  enum class Pool { kCalls, kWaiting, kWatches };

  // Serves `method`, as the contract calls it, with a member of the adapter. For constructors.
  template <typename Self, typename Request, typename Response>
  void On(const char* method, grpc::Status (Self::*handler)(grpc::ServerContextBase*, const Request*, Response*),
          Pool pool = Pool::kCalls) {
    Workers* const workers = WorkersOf(pool);
    OnBytes(method, [=, self = static_cast<Self*>(this)](grpc::CallbackServerContext* context,
                                                         const grpc::ByteBuffer* bytes, grpc::ByteBuffer* answer) {
      grpc::ServerUnaryReactor* const reactor = context->DefaultReactor();
      Dispatch(workers, context, reactor, [=]() -> grpc::Status {
        Request request;
        if (!ParseBytes(*bytes, &request)) return Undecodable();
        Response response;
        grpc::Status status = (self->*handler)(context, &request, &response);
        return status.ok() ? Serialize(response, answer) : status;
      });
      return reactor;
    });
  }

  template <typename Self, typename Request, typename Response>
  void On(const char* method,
          grpc::Status (Self::*handler)(grpc::ServerContextBase*, const Request*, StreamWriter<Response>*),
          Pool pool = Pool::kWaiting) {
    Workers* const workers = WorkersOf(pool);
    Mark(method,
         new grpc::internal::CallbackServerStreamingHandler<grpc::ByteBuffer, grpc::ByteBuffer>(
             [=, self = static_cast<Self*>(this)](grpc::CallbackServerContext* context, const grpc::ByteBuffer* bytes) {
               auto* const stream = new BytesWriter;
               Dispatch(workers, context, stream, [=]() -> grpc::Status {
                 Request request;
                 if (!ParseBytes(*bytes, &request)) return Undecodable();
                 StreamWriter<Response> writer(stream);
                 return (self->*handler)(context, &request, &writer);
               });
               return stream;
             }));
  }

  template <typename Self, typename Request, typename Response>
  void On(const char* method,
          grpc::Status (Self::*handler)(grpc::ServerContextBase*, StreamReader<Request>*, Response*),
          Pool pool = Pool::kWaiting) {
    Workers* const workers = WorkersOf(pool);
    Mark(method,
         new grpc::internal::CallbackClientStreamingHandler<grpc::ByteBuffer, grpc::ByteBuffer>(
             [=, self = static_cast<Self*>(this)](grpc::CallbackServerContext* context, grpc::ByteBuffer* answer) {
               auto* const stream = new BytesReader;
               Dispatch(workers, context, stream, [=]() -> grpc::Status {
                 StreamReader<Request> reader(stream);
                 Response response;
                 grpc::Status status = (self->*handler)(context, &reader, &response);
                 if (reader.undecodable()) return Undecodable();
                 return status.ok() ? Serialize(response, answer) : status;
               });
               return stream;
             }));
  }

  // Serves a unary `method` on the threads that read, from bytes; for ServeRaw.
  template <typename Handler>
  void OnBytes(const char* method, Handler handler) {
    Mark(method, new grpc::internal::CallbackUnaryHandler<grpc::ByteBuffer, grpc::ByteBuffer>(std::move(handler)));
  }

  Workers* WorkersOf(Pool pool) {
    return pool == Pool::kCalls ? &calls_ : pool == Pool::kWaiting ? &waiting_ : &watches_;
  }

 private:
  void Mark(const char* method, grpc::internal::MethodHandler* handler) {
    this->MarkMethodRawCallback(IndexOfMethod(Contract::service_full_name(), method), handler);
  }

  template <typename Reactor, typename Work>
  static void Dispatch(Workers* workers, grpc::CallbackServerContext* context, Reactor* reactor, Work work) {
    const bool taken = workers->TryRun(
        [context, reactor, work] { reactor->Finish(IsLeft(*context) ? NobodyWaits() : Guarded(work)); });
    if (!taken) workers->Refuse(reactor);
  }

  Workers calls_, waiting_, watches_;
};

}  // namespace tandem::rpc

#endif  // TANDEM_COMMON_RPC_WORKER_SERVICE_H_
