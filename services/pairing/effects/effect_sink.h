// EffectSink: notes which changes of one source's records have effects here (EffectLog).
#ifndef TANDEM_SERVICES_PAIRING_EFFECTS_EFFECT_SINK_H_
#define TANDEM_SERVICES_PAIRING_EFFECTS_EFFECT_SINK_H_

#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"

#include "common/base/mutex.h"
#include "common/feed/feed.h"
#include "services/pairing/effects/effect_log.h"

namespace tandem::pairing::effects {

// What `item` says of a party that has left: `project withdrawn`; empty when it is there. REQUIRES: IsParty.
std::string HowItLeft(const feed::Item& item);
// Whether `item` is a project or an investor.
bool IsParty(const feed::Item& item);

// One per source; used by one follower's thread but for Stop. Changes are noted one by one in their order, by whichever
// replica comes first. After a snapshot, as of its first position, every party with pairings is noted that is gone by
// then, or may have been edited.
//
// Returns from a call when what it brought is noted: a store that cannot be written holds the follower up.
class EffectSink final : public feed::Sink {
 public:
  // How often a position is stored that moved without any effect: where a restart goes on from.
  static constexpr std::chrono::seconds kStoreEvery{5};

  // Unowned pointers must outlive the sink.
  struct Options {
    RecordStore* store = nullptr;
    std::string source;  // also the plural of its parties: `projects`
    // Told of effects that this sink has noted.
    std::function<void(const std::vector<Effect>& effects)> noted = [](const std::vector<Effect>&) {};
    std::chrono::steady_clock::duration store_every = kStoreEvery;
  };
  explicit EffectSink(Options options);

  void BeginSnapshot() override;
  void ApplySnapshot(const std::vector<feed::Item>& items) override;
  void EndSnapshot() override { reconciles_ = true; }
  void ApplyChanges(const std::vector<feed::Item>& items, const Position* position) override;
  void Advance(const Position& position) override;
  void Withdraw() override;

  // Calls under way, and all later ones, give up on a store that cannot be written: it is read again after a restart.
  void Stop();

 private:
  struct Seen {
    Revision revision = 0;
    std::string left;  // as HowItLeft
  };

  void See(const std::vector<feed::Item>& items);
  // Tries until it is done or not needed any more; backs off when it fails.
  void Insist(const std::function<absl::Status()>& attempt);
  absl::Status NoteChanges(const std::vector<feed::Item>& items, const Position& position);
  absl::Status Reconcile(const Position& position);
  absl::Status Write(const Noted& noted, const Position& to, const std::vector<Effect>& effects);
  // Of the parties in `effects`, those that have open requests.
  absl::StatusOr<std::vector<Effect>> WithRequests(std::vector<Effect> effects) const;

  const Options options_;
  const EffectLog log_;
  bool reconciles_ = false;  // a snapshot waits for its first position
  absl::flat_hash_map<std::string, Seen> seen_;
  std::chrono::steady_clock::time_point stored_;
  Mutex mutex_;
  CondVar stopped_;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace tandem::pairing::effects

#endif  // TANDEM_SERVICES_PAIRING_EFFECTS_EFFECT_SINK_H_
