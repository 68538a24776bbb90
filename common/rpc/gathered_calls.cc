#include "common/rpc/gathered_calls.h"

#include <sys/resource.h>
#include <thread>

namespace tandem::rpc {
namespace {

long WaitsOfThread() {
  rusage usage{};
  return getrusage(RUSAGE_THREAD, &usage) == 0 ? usage.ru_nvcsw : 0;
}

}  // namespace

bool GatheredCalls::Count(Clock::time_point now) {
  if (count_ == 0) begin_ = now;
  if (++count_ == kMany) {
    many_ = now - begin_ <= kWithin;
    count_ = 0;
  }
  return many_;
}

void LetCallsGather() {
  thread_local GatheredCalls calls;
  if (!calls.Count(GatheredCalls::Clock::now()) || !calls.HasWaited(WaitsOfThread())) return;
  std::this_thread::sleep_for(GatheredCalls::kPause);
  calls.Paused(WaitsOfThread());
}

}  // namespace tandem::rpc
