#include "tests/e2e/health_watch.h"

#include <algorithm>
#include <chrono>

#include "absl/strings/str_cat.h"
#include "grpcpp/generic/generic_stub.h"
#include "grpcpp/support/byte_buffer.h"

#include "common/rpc/channel.h"

namespace tandem::e2e {
namespace {

// HealthCheckRequest{service = 1}.
grpc::ByteBuffer RequestFor(const std::string& service) {
  std::string bytes;
  if (!service.empty()) {
    bytes = absl::StrCat(std::string(1, '\x0a'), std::string(1, static_cast<char>(service.size())), service);
  }
  const grpc::Slice slice(bytes);
  return grpc::ByteBuffer(&slice, 1);
}

// HealthCheckResponse{status = 1}; zero is not written.
Health HealthIn(const grpc::ByteBuffer& response) {
  std::vector<grpc::Slice> slices;
  if (!response.Dump(&slices).ok()) return Health::kUnknown;
  std::string bytes;
  for (const grpc::Slice& slice : slices) bytes.append(reinterpret_cast<const char*>(slice.begin()), slice.size());
  return bytes.size() == 2 && bytes[0] == '\x08' ? static_cast<Health>(bytes[1]) : Health::kUnknown;
}

}  // namespace

HealthWatch::HealthWatch(const std::shared_ptr<grpc::Channel>& channel, const std::string& service) {
  rpc::SetDeadline(&context_, absl::Minutes(5));
  context_.set_wait_for_ready(true);
  thread_ = std::thread([this, channel, service] { Run(channel, service); });
}

HealthWatch::~HealthWatch() {
  context_.TryCancel();
  thread_.join();
}

void HealthWatch::Run(const std::shared_ptr<grpc::Channel>& channel, const std::string& service) {
  grpc::GenericStub stub(channel);
  grpc::CompletionQueue queue;
  auto call = stub.PrepareCall(&context_, "/grpc.health.v1.Health/Watch", &queue);
  // One operation at a time: true when it went well.
  const auto done = [&queue] {
    void* tag = nullptr;
    bool ok = false;
    return queue.Next(&tag, &ok) && ok;
  };
  call->StartCall(nullptr);
  bool going = done();
  if (going) {
    call->WriteLast(RequestFor(service), grpc::WriteOptions(), nullptr);
    going = done();
  }
  while (going) {
    grpc::ByteBuffer response;
    call->Read(&response, nullptr);
    going = done();
    if (!going) break;
    MutexLock lock(&mutex_);
    seen_.push_back(HealthIn(response));
    changed_.SignalAll();
  }
  grpc::Status status;
  call->Finish(&status, nullptr);
  done();
  MutexLock lock(&mutex_);
  ended_ = true;
  changed_.SignalAll();
}

bool HealthWatch::WaitFor(Health health, absl::Duration timeout) {
  const auto deadline = std::chrono::steady_clock::now() + absl::ToChronoNanoseconds(timeout);
  MutexLock lock(&mutex_);
  while (std::find(seen_.begin(), seen_.end(), health) == seen_.end()) {
    if (ended_ || !changed_.WaitUntil(&mutex_, deadline)) {
      return std::find(seen_.begin(), seen_.end(), health) != seen_.end();
    }
  }
  return true;
}

}  // namespace tandem::e2e
