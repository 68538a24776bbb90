#include "common/rpc/client_stream.h"

#include <utility>

#include "grpcpp/support/slice.h"

#include "common/rpc/call_context.h"
#include "common/rpc/raw_unary.h"

namespace tandem::rpc {

ClientStream::ClientStream(std::shared_ptr<grpc::Channel> channel, const std::string& method, const Caller& caller,
                           const google::protobuf::MessageLite& request)
    : stub_(std::move(channel)) {
  SetCaller(&context_, caller);
  const grpc::Slice slice(request.SerializeAsString());
  request_ = grpc::ByteBuffer(&slice, 1);
  stub_.PrepareBidiStreamingCall(&context_, method, {}, this);
  AddHold();  // for the reads, which begin outside of gRPC's own calls
  StartWriteLast(&request_, {});
  StartCall();
}

ClientStream::~ClientStream() {
  context_.TryCancel();
  AwaitEnd();
}

bool ClientStream::Read(google::protobuf::MessageLite* message) {
  if (!held_) return false;
  response_.Clear();
  StartRead(&response_);
  bool came = false;
  {
    MutexLock lock(&mutex_);
    while (!read_) changed_.Wait(&mutex_);
    read_ = false;
    came = ok_;
  }
  if (came && ParseBytes(response_, message)) return true;
  if (came) context_.TryCancel();
  AwaitEnd();
  return false;
}

grpc::Status ClientStream::Finish() {
  MutexLock lock(&mutex_);
  return status_;
}

void ClientStream::OnReadDone(bool ok) {
  MutexLock lock(&mutex_);
  read_ = true;
  ok_ = ok;
  changed_.SignalAll();
}

void ClientStream::OnDone(const grpc::Status& status) {
  // Under the lock to its end: the last thing that gRPC does with this.
  MutexLock lock(&mutex_);
  status_ = status;
  done_ = true;
  changed_.SignalAll();
}

void ClientStream::AwaitEnd() {
  if (std::exchange(held_, false)) RemoveHold();
  MutexLock lock(&mutex_);
  while (!done_) changed_.Wait(&mutex_);
}

}  // namespace tandem::rpc
