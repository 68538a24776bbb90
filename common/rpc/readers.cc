#include "common/rpc/readers.h"

#include <algorithm>
#include <memory>
#include <sched.h>

#include "absl/base/thread_annotations.h"
#include "grpcpp/channel.h"
#include "grpcpp/client_context.h"
#include "grpcpp/create_channel.h"
#include "grpcpp/generic/generic_stub.h"
#include "grpcpp/support/byte_buffer.h"

#include "common/base/mutex.h"
#include "grpc/support/cpu.h"

namespace tandem::rpc {
namespace {

// As gRPC 1.51 counts the threads that its callback API runs on.
int CountReaders() { return std::clamp(static_cast<int>(gpr_cpu_num_cores()) / 2, 2, 16); }

int CountCores() {
  cpu_set_t cores;
  CPU_ZERO(&cores);
  if (sched_getaffinity(0, sizeof(cores), &cores) != 0) return CountReaders();
  return CPU_COUNT(&cores);
}

// A call to nothing. Its answer comes to a reader, which sleeps over it.
struct Nap {
  // The channel is never given up: the last one to do so would wait for the readers to end, and might be one.
  static const std::shared_ptr<grpc::Channel>& Nowhere() {
    static const auto* const channel =
        new std::shared_ptr<grpc::Channel>(grpc::CreateChannel("nowhere.invalid", nullptr));
    return *channel;
  }

  grpc::GenericStub stub{Nowhere()};
  grpc::ClientContext context;
  grpc::ByteBuffer request{nullptr, 0}, response;
};

// Shared by the servers of a process: the threads are the process's.
class Sleepers {
 public:
  void Enter() {
    MutexLock lock(&mutex_);
    if (users_++ > 0) return;
    // Those of the time before are woken, and on their way.
    while (asleep_ > 0) changed_.Wait(&mutex_);
    ++night_;
    woken_ = false;
    asleep_ = ReadersToSleep(CountReaders(), CountCores());
    for (int i = 0; i < asleep_; ++i) {
      auto nap = std::make_shared<Nap>();
      nap->stub.UnaryCall(&nap->context, "/tandem/Sleep", {}, &nap->request, &nap->response,
                          [this, nap](const grpc::Status&) { Sleep(); });
    }
  }

  void Leave() {
    MutexLock lock(&mutex_);
    if (--users_ > 0) return;
    woken_ = true;
    changed_.SignalAll();
    // Others may enter at once, and put readers to sleep that are not to be waited for here.
    for (const int night = night_; night_ == night && asleep_ > 0;) changed_.Wait(&mutex_);
  }

 private:
  void Sleep() {
    MutexLock lock(&mutex_);
    while (!woken_) changed_.Wait(&mutex_);
    --asleep_;
    changed_.SignalAll();
  }

  Mutex mutex_;
  CondVar changed_;
  int users_ ABSL_GUARDED_BY(mutex_) = 0;
  int asleep_ ABSL_GUARDED_BY(mutex_) = 0;  // or about to
  int night_ ABSL_GUARDED_BY(mutex_) = 0;   // how often they were put to sleep
  bool woken_ ABSL_GUARDED_BY(mutex_) = false;
};

Sleepers& SleepersOfProcess() {
  static auto* const sleepers = new Sleepers;
  return *sleepers;
}

}  // namespace

ReadersOnCores::ReadersOnCores() { SleepersOfProcess().Enter(); }
ReadersOnCores::~ReadersOnCores() { SleepersOfProcess().Leave(); }

}  // namespace tandem::rpc
