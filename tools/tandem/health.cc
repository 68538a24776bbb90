#include "tools/tandem/health.h"

#include <vector>

#include "grpcpp/completion_queue.h"
#include "grpcpp/generic/generic_stub.h"
#include "grpcpp/support/byte_buffer.h"

#include "common/rpc/status_conversion.h"

namespace tandem::cli {

absl::StatusOr<std::string> CheckHealth(const std::shared_ptr<grpc::Channel>& channel, grpc::ClientContext* context) {
  // gRPC 1.51 installs no stub of the health service. Its request is empty for the whole server, and its answer is one
  // enum in field 1: few enough bytes to read by hand.
  grpc::GenericStub stub(channel);
  grpc::CompletionQueue queue;
  const grpc::Slice empty;
  const grpc::ByteBuffer request(&empty, 1);
  const auto call = stub.PrepareUnaryCall(context, "/grpc.health.v1.Health/Check", request, &queue);
  call->StartCall();
  grpc::ByteBuffer response;
  grpc::Status status;
  call->Finish(&response, &status, nullptr);
  void* tag = nullptr;
  bool ok = false;
  queue.Next(&tag, &ok);
  if (!status.ok()) return rpc::FromGrpc(status);
  std::vector<grpc::Slice> slices;
  std::string bytes;
  if (response.Dump(&slices).ok()) {
    for (const grpc::Slice& slice : slices) bytes.append(reinterpret_cast<const char*>(slice.begin()), slice.size());
  }
  if (bytes == "\x08\x01") return "serving";
  return bytes == "\x08\x02" ? "not serving" : "unknown";
}

}  // namespace tandem::cli
