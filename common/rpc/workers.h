// Workers: the threads that answer calls, and what a call is told when too many wait for one.
#ifndef TANDEM_COMMON_RPC_WORKERS_H_
#define TANDEM_COMMON_RPC_WORKERS_H_

#include <cstddef>
#include <functional>
#include <utility>

#include "absl/status/status.h"
#include "grpcpp/server_context.h"
#include "grpcpp/support/status.h"

#include "common/base/worker_pool.h"
#include "common/rpc/gathered_calls.h"
#include "common/rpc/gathered_writes.h"

namespace tandem::rpc {

// OVERLOADED (RESOURCE_EXHAUSTED) with a retry delay.
absl::Status OverloadedError(size_t limit);

// Thread-safe. Must outlive the server whose calls it answers.
class Workers {
 public:
  explicit Workers(WorkerPool::Options options);

  // Runs `job` soon, in the order of coming. False, at once, when too many wait: the call is to be refused.
  bool TryRun(std::function<void()> job) { return pool_.TryRun(std::move(job)); }

  // Whether TryRun would refuse now; another call may be quicker in both directions.
  bool IsFull() const { return pool_.IsFull(); }

  // Ends a call with OVERLOADED, on the thread that read it. The status is made once: a refusal costs little more than
  // its call.
  template <typename Reactor>
  void Refuse(Reactor* reactor) const {
    NoteRefusal();
    reactor->Finish(overloaded_);
    LetCallsGather();
  }

  size_t waiting() const { return pool_.waiting(); }

 private:
  const grpc::Status overloaded_;
  WorkerPool pool_;
};

// Whether nobody waits for the answer any more: the caller left or its deadline passed while the call waited for a
// thread. Such a call is ended with NobodyWaits() and without any work.
bool IsLeft(const grpc::ServerContextBase& context);
const grpc::Status& NobodyWaits();

}  // namespace tandem::rpc

#endif  // TANDEM_COMMON_RPC_WORKERS_H_
