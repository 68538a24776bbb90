// GatheredCalls: a thread that refuses many calls lets some gather before it reads on.
//
// Where calls are refused, others are worked on, on the same cores. What a refusal costs those is less its own work
// than that it comes in between: the caches are cold for the one and then for the other, each time. Many refusals in a
// row take half of what they take one by one.
#ifndef TANDEM_COMMON_RPC_GATHERED_CALLS_H_
#define TANDEM_COMMON_RPC_GATHERED_CALLS_H_

#include <chrono>

namespace tandem::rpc {

// Of one thread that reads connections. Not thread-safe.
class GatheredCalls {
 public:
  using Clock = std::chrono::steady_clock;

  // A thread that refuses fewer than kMany within kWithin is never paused: a pool that is full need not mean that
  // anything is slow, and a pause also holds up what else the thread reads.
  static constexpr int kMany = 32;
  static constexpr std::chrono::milliseconds kWithin{100};
  static constexpr std::chrono::milliseconds kPause{10};

  // Counts a call that is refused at `now`. Whether many are: those that follow it then, kMany of them, gather.
  bool Count(Clock::time_point now);

  // Whether a thread that has waited `waits` times so far, for anything, has done so since it last paused: if not,
  // it still has to do with what gathered meanwhile.
  bool HasWaited(long waits) const { return waits != waits_; }
  void Paused(long waits) { waits_ = waits; }  // `waits` with the pause

 private:
  int count_ = 0;
  bool many_ = false;
  Clock::time_point begin_;  // of the count
  long waits_ = 0;
};

// Pauses the calling thread, which reads and has just refused a call, for kPause where calls are to gather.
void LetCallsGather();

}  // namespace tandem::rpc

#endif  // TANDEM_COMMON_RPC_GATHERED_CALLS_H_
