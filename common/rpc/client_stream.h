// ClientStream: reading a server-streaming call on one thread, without polling.
//
// A thread that waits in a synchronous read of gRPC polls for its whole process: it takes the bytes of everybody's
// connections and hands them over to the threads that serve, a switch of threads for each. Waiting here is on a
// condition variable.
#ifndef TANDEM_COMMON_RPC_CLIENT_STREAM_H_
#define TANDEM_COMMON_RPC_CLIENT_STREAM_H_

#include <memory>
#include <string>

#include "absl/base/thread_annotations.h"
#include "google/protobuf/message_lite.h"
#include "grpcpp/channel.h"
#include "grpcpp/client_context.h"
#include "grpcpp/generic/generic_stub.h"
#include "grpcpp/support/byte_buffer.h"
#include "grpcpp/support/client_callback.h"

#include "common/base/caller.h"
#include "common/base/mutex.h"

namespace tandem::rpc {

// Read and Finish are for one thread, Cancel for any.
class ClientStream final : private grpc::ClientBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer> {
 public:
  // Begins the call. `method`: `/package.Service/Method`. The channel must outlive the call.
  ClientStream(std::shared_ptr<grpc::Channel> channel, const std::string& method, const Caller& caller,
               const google::protobuf::MessageLite& request);
  ~ClientStream();  // cancels what is not over
  ClientStream(const ClientStream&) = delete;
  ClientStream& operator=(const ClientStream&) = delete;

  // Waits for the next message; false when none follows. It is decoded on the reader's thread; one that cannot be
  // decoded cancels the call.
  bool Read(google::protobuf::MessageLite* message);
  // How the call ended. REQUIRES: Read returned false.
  grpc::Status Finish();
  void Cancel() { context_.TryCancel(); }

 private:
  void OnReadDone(bool ok) override;
  void OnDone(const grpc::Status& status) override;
  void AwaitEnd();

  grpc::GenericStub stub_;
  grpc::ClientContext context_;
  grpc::ByteBuffer request_, response_;  // gRPC's while an operation is open
  bool held_ = true;                     // of the reader's thread: gRPC waits for it before OnDone
  Mutex mutex_;
  CondVar changed_;
  bool read_ ABSL_GUARDED_BY(mutex_) = false;  // a read has come back
  bool ok_ ABSL_GUARDED_BY(mutex_) = false;
  bool done_ ABSL_GUARDED_BY(mutex_) = false;
  grpc::Status status_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace tandem::rpc

#endif  // TANDEM_COMMON_RPC_CLIENT_STREAM_H_
