#include "common/rpc/raw_unary.h"

#include "grpcpp/impl/codegen/proto_utils.h"
#include "grpcpp/support/proto_buffer_reader.h"
#include "grpcpp/support/proto_buffer_writer.h"
#include "grpcpp/support/slice.h"

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

grpc::Status Serialize(const google::protobuf::MessageLite& message, grpc::ByteBuffer* bytes) {
  bool own = false;
  return grpc::GenericSerialize<grpc::ProtoBufferWriter, google::protobuf::MessageLite>(message, bytes, &own);
}

grpc::Status Undecodable() { return grpc::Status(grpc::StatusCode::INTERNAL, "the request cannot be decoded"); }

}  // namespace tandem::rpc
