// What a synchronous handler reads and writes its stream with, on a thread of Workers: each operation waits for its
// end.
#ifndef TANDEM_COMMON_RPC_STREAM_IO_H_
#define TANDEM_COMMON_RPC_STREAM_IO_H_

#include "absl/base/thread_annotations.h"
#include "grpcpp/support/byte_buffer.h"
#include "grpcpp/support/proto_buffer_writer.h"
#include "grpcpp/support/server_callback.h"

#include "common/base/mutex.h"
#include "common/rpc/raw_unary.h"

namespace tandem::rpc {

// An operation that one thread waits for and another one ends.
class PendingOperation {
 public:
  bool Wait();  // whether it succeeded
  void End(bool ok);

 private:
  Mutex mutex_;
  CondVar changed_;
  bool ended_ ABSL_GUARDED_BY(mutex_) = false;
  bool ok_ ABSL_GUARDED_BY(mutex_) = false;
};

// gRPC deletes it when the call is over, which Finish brings about. One thread writes.
class BytesWriter final : public grpc::ServerWriteReactor<grpc::ByteBuffer> {
 public:
  bool Write(const grpc::ByteBuffer& bytes);

 private:
  void OnWriteDone(bool ok) override { pending_.End(ok); }
  void OnDone() override { delete this; }
  PendingOperation pending_;
};

class BytesReader final : public grpc::ServerReadReactor<grpc::ByteBuffer> {
 public:
  bool Read(grpc::ByteBuffer* bytes);

 private:
  void OnReadDone(bool ok) override { pending_.End(ok); }
  void OnDone() override { delete this; }
  PendingOperation pending_;
};

// For one thread at a time.
template <typename Response>
class StreamWriter {
 public:
  explicit StreamWriter(BytesWriter* bytes) : bytes_(bytes) {}
  // Waits until there is room for the next one. False when the caller is gone.
  bool Write(const Response& response) {
    grpc::ByteBuffer buffer;
    return Serialize(response, &buffer).ok() && bytes_->Write(buffer);
  }

 private:
  BytesWriter* const bytes_;
};

// For one thread.
template <typename Request>
class StreamReader {
 public:
  explicit StreamReader(BytesReader* bytes) : bytes_(bytes) {}
  // Waits for the next one. False when none follows, the caller is gone or what came is no `Request`.
  bool Read(Request* request) {
    grpc::ByteBuffer buffer;
    if (undecodable_ || !bytes_->Read(&buffer)) return false;
    undecodable_ = !ParseBytes(buffer, request);
    return !undecodable_;
  }
  bool undecodable() const { return undecodable_; }

 private:
  BytesReader* const bytes_;
  bool undecodable_ = false;
};

}  // namespace tandem::rpc

#endif  // TANDEM_COMMON_RPC_STREAM_IO_H_
