#include "common/rpc/open_calls.h"

#include "absl/strings/match.h"

namespace tandem::rpc {
namespace {

// Lives as long as its call.
class CountedCall final : public grpc::experimental::Interceptor {
 public:
  explicit CountedCall(OpenCalls* calls) : calls_(calls) { calls_->Begin(); }
  ~CountedCall() override { calls_->End(); }

  void Intercept(grpc::experimental::InterceptorBatchMethods* methods) override { methods->Proceed(); }

 private:
  OpenCalls* calls_;
};

class Factory final : public grpc::experimental::ServerInterceptorFactoryInterface {
 public:
  explicit Factory(OpenCalls* calls) : calls_(calls) {}

  grpc::experimental::Interceptor* CreateServerInterceptor(grpc::experimental::ServerRpcInfo* info) override {
    // Health and reflection streams never end by themselves.
    return absl::StartsWith(info->method(), "/grpc.") ? nullptr : new CountedCall(calls_);
  }

 private:
  OpenCalls* calls_;
};

}  // namespace

std::vector<std::unique_ptr<grpc::experimental::ServerInterceptorFactoryInterface>> OpenCalls::Interceptors() {
  std::vector<std::unique_ptr<grpc::experimental::ServerInterceptorFactoryInterface>> factories;
  factories.push_back(std::make_unique<Factory>(this));
  return factories;
}

int OpenCalls::count() const {
  MutexLock lock(&mutex_);
  return open_;
}

void OpenCalls::Begin() {
  MutexLock lock(&mutex_);
  ++open_;
}

void OpenCalls::End() {
  MutexLock lock(&mutex_);
  --open_;
}

}  // namespace tandem::rpc
