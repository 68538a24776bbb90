#include "common/rpc/worker_service.h"

#include "google/protobuf/descriptor.h"

namespace tandem::rpc {

WorkerOptions WorkersFor(const WatchGate* gate) {
  WorkerOptions options;
  if (gate != nullptr) options.watches.threads += gate->most() - WatchGate::kDefaultMost;
  return options;
}

int IndexOfMethod(const char* service, const char* method) {
  return google::protobuf::DescriptorPool::generated_pool()
      ->FindServiceByName(service)
      ->FindMethodByName(method)
      ->index();
}

}  // namespace tandem::rpc
