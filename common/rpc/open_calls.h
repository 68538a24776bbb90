// OpenCalls: how many calls a server is working on, so that its end need not wait for anybody else.
//
// gRPC's own shutdown also waits for health watchers and for idle clients to notice, up to its whole deadline. Counted
// here are the calls of our services only; when none is open, the rest may be cut.
#ifndef TANDEM_COMMON_RPC_OPEN_CALLS_H_
#define TANDEM_COMMON_RPC_OPEN_CALLS_H_

#include <memory>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "grpcpp/support/server_interceptor.h"

#include "common/base/mutex.h"

namespace tandem::rpc {

// Thread-safe. Must outlive the server that counts with it.
class OpenCalls {
 public:
  // What a server needs to count its calls here.
  std::vector<std::unique_ptr<grpc::experimental::ServerInterceptorFactoryInterface>> Interceptors();

  int count() const;

  // One call more, one call less: for the interceptor.
  void Begin();
  void End();

 private:
  mutable Mutex mutex_;
  int open_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace tandem::rpc

#endif  // TANDEM_COMMON_RPC_OPEN_CALLS_H_
