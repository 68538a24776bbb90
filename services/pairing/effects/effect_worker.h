// EffectWorker: a thread that does the effects that are due.
#ifndef TANDEM_SERVICES_PAIRING_EFFECTS_EFFECT_WORKER_H_
#define TANDEM_SERVICES_PAIRING_EFFECTS_EFFECT_WORKER_H_

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"

#include "common/base/mutex.h"
#include "common/feed/applied_positions.h"
#include "services/pairing/effects/effect_log.h"
#include "services/pairing/ledger/ledger.h"

namespace tandem::pairing::effects {

struct EffectCounts {
  int64_t done = 0;    // by this worker
  int64_t failed = 0;  // attempts
  int64_t due = 0;     // as it was last seen
};

// Thread-safe. Every replica has one. What its own sinks have noted it does at once; what others have noted when they
// have not done it for a moment, as when they were killed. What fails is tried again for ever, with backoff, is
// counted, and told on standard error now and then; it holds up no other effect.
class EffectWorker {
 public:
  static constexpr std::chrono::milliseconds kSweep{250};
  // Others have so long to do their own.
  static constexpr std::chrono::milliseconds kOthersTime{400};
  static constexpr std::chrono::milliseconds kFirstBackoff{50};
  static constexpr std::chrono::milliseconds kLongestBackoff{30'000};

  // Unowned pointers must outlive the worker.
  struct Options {
    RecordStore* store = nullptr;
    ledger::Ledger* ledger = nullptr;
    // What is applied of the sources where the ledger's must-haves are judged; null: always everything.
    feed::AppliedPositions* applied = nullptr;
    std::vector<std::string> sources;
  };
  explicit EffectWorker(Options options);
  ~EffectWorker() { Stop(); }
  EffectWorker(const EffectWorker&) = delete;
  EffectWorker& operator=(const EffectWorker&) = delete;

  // These were noted just now.
  void Take(const std::vector<Effect>& effects);
  // Returns when the effect under way, if any, is over. Idempotent.
  void Stop();

  EffectCounts counts() const;

 private:
  using Time = std::chrono::steady_clock::time_point;
  struct Waiting {
    Time next;
    std::chrono::milliseconds backoff = kFirstBackoff;
    int64_t failures = 0;
    bool listed = false;  // in the sweep under way
  };

  void Run();
  // Does what is due; when to come again.
  Time Sweep();
  // OK: nothing is left to do, or somebody else did it. UNAVAILABLE without a reason: not yet.
  absl::Status Do(const DueEffect& due);
  void Tell(const Effect& effect, const Waiting& waiting, const absl::Status& failure) const;

  const Options options_;
  const EffectLog log_;
  std::map<std::string, Waiting> waiting_;  // by key; the thread's
  mutable Mutex mutex_;
  CondVar wake_;
  bool woken_ ABSL_GUARDED_BY(mutex_) = false;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  absl::flat_hash_set<std::string> own_ ABSL_GUARDED_BY(mutex_);  // keys of what was taken
  EffectCounts counts_ ABSL_GUARDED_BY(mutex_);
  Mutex joining_;
  std::thread thread_;  // begins last; joined under joining_
};

}  // namespace tandem::pairing::effects

#endif  // TANDEM_SERVICES_PAIRING_EFFECTS_EFFECT_WORKER_H_
