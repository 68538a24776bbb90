#include "common/rpc/raw_unary.h"

#include <chrono>

#include "absl/time/time.h"
#include "grpcpp/support/proto_buffer_reader.h"
#include "grpcpp/support/slice.h"

#include "common/base/status.h"
#include "common/rpc/call_context.h"
#include "common/rpc/status_conversion.h"

namespace tandem::rpc {
namespace {

using Part = std::shared_ptr<const std::string>;

void DropPart(void* part) { delete static_cast<Part*>(part); }

}  // namespace

bool ParseBytes(const grpc::ByteBuffer& bytes, google::protobuf::MessageLite* message) {
  grpc::Slice slice;
  if (bytes.TrySingleSlice(&slice).ok()) return message->ParseFromArray(slice.begin(), static_cast<int>(slice.size()));
  // From where they are: joining them takes fresh memory for each part of a snapshot.
  grpc::ByteBuffer slices = bytes;  // shares them
  grpc::ProtoBufferReader reader(&slices);
  return reader.status().ok() && message->ParseFromZeroCopyStream(&reader);
}

grpc::ByteBuffer JoinParts(const ResponseParts& parts) {
  std::vector<grpc::Slice> slices;
  slices.reserve(parts.size());
  for (const Part& part : parts) {
    if (part == nullptr || part->empty()) continue;
    // Small ones are cheaper copied than counted.
    constexpr size_t kCopied = 128;
    if (part->size() <= kCopied) {
      slices.emplace_back(part->data(), part->size());
    } else {
      slices.emplace_back(const_cast<char*>(part->data()), part->size(), &DropPart, new Part(part));
    }
  }
  if (slices.empty()) slices.emplace_back("", 0);
  return grpc::ByteBuffer(slices.data(), slices.size());
}

absl::Status OverloadedError(size_t limit) {
  ErrorDetail detail;
  detail.reason = "OVERLOADED";
  detail.metadata = {{"limit", absl::StrCat(limit, " waiting calls")}};
  detail.retry_delay = absl::Milliseconds(250);
  return MakeError(absl::StatusCode::kResourceExhausted,
                   absl::StrCat(limit, " calls wait for their turn already; retry after the delay"), std::move(detail));
}

const grpc::Status& OverloadedStatus(size_t limit) {
  thread_local size_t made_for = 0;
  thread_local grpc::Status status;
  if (status.ok() || made_for != limit) status = ToGrpc(OverloadedError(made_for = limit));
  return status;
}

bool IsLeft(const grpc::ServerContextBase& context) {
  return context.IsCancelled() || DeadlineOf(context) <= std::chrono::steady_clock::now();
}

const grpc::Status& NobodyWaits() {
  static const auto* const kStatus =
      new grpc::Status(ToGrpc(absl::CancelledError("the caller cancelled or its deadline passed")));
  return *kStatus;
}

}  // namespace tandem::rpc
