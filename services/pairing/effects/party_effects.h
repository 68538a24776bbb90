// PartyEffects: what happens to projects and investors in their own services happens to their pairings here.
#ifndef TANDEM_SERVICES_PAIRING_EFFECTS_PARTY_EFFECTS_H_
#define TANDEM_SERVICES_PAIRING_EFFECTS_PARTY_EFFECTS_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"

#include "common/base/mutex.h"
#include "common/feed/applied_positions.h"
#include "common/feed/feed.h"
#include "common/feed/follower.h"
#include "common/storage/record_store.h"
#include "common/tokens/key_ring.h"
#include "services/pairing/effects/effect_sink.h"
#include "services/pairing/effects/effect_worker.h"
#include "services/pairing/ledger/ledger.h"

namespace tandem::pairing::effects {

// Follows the sources on threads of its own, from where all replicas together had come: a process that was down misses
// nothing. Start and Stop are for one thread, the rest is thread-safe.
class PartyEffects {
 public:
  // Unowned pointers must outlive this.
  struct Options {
    RecordStore* store = nullptr;  // the ledger's
    ledger::Ledger* ledger = nullptr;
    feed::AppliedPositions* applied = nullptr;  // as EffectWorker::Options::applied
    const KeyRing* keys = nullptr;
  };
  explicit PartyEffects(Options options) : options_(options) {}
  ~PartyEffects() { Stop(); }
  PartyEffects(const PartyEffects&) = delete;
  PartyEffects& operator=(const PartyEffects&) = delete;

  // Follows `sources`, those of projects and of investors, named as in tokens. Called once.
  void Start(std::vector<std::unique_ptr<feed::Source>> sources);
  // Returns when all threads have ended and the sources, with their channels, are gone. Idempotent.
  void Stop();

  // Nothing before Start and after Stop.
  EffectCounts counts() const;

 private:
  struct Followed {
    std::unique_ptr<feed::Source> source;
    std::unique_ptr<EffectSink> sink;
    std::unique_ptr<feed::Follower> follower;
  };

  const Options options_;
  mutable Mutex mutex_;
  std::unique_ptr<feed::AppliedPositions> noted_ ABSL_GUARDED_BY(mutex_);
  std::unique_ptr<EffectWorker> worker_ ABSL_GUARDED_BY(mutex_);
  std::vector<Followed> followed_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace tandem::pairing::effects

#endif  // TANDEM_SERVICES_PAIRING_EFFECTS_PARTY_EFFECTS_H_
