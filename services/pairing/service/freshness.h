// Freshness: waiting until what is applied is as fresh as a read demands.
#ifndef TANDEM_SERVICES_PAIRING_SERVICE_FRESHNESS_H_
#define TANDEM_SERVICES_PAIRING_SERVICE_FRESHNESS_H_

#include <chrono>
#include <memory>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "common/base/mutex.h"
#include "common/feed/applied_positions.h"
#include "common/tokens/consistency_token.h"
#include "common/tokens/key_ring.h"
#include "tandem/type/v1/types.pb.h"

namespace tandem::pairing {

using Deadline = std::chrono::steady_clock::time_point;

// Thread-safe.
class Freshness {
 public:
  static constexpr std::chrono::seconds kStaleAfter{30};

  // Unowned; must outlive this. `stale_after`: for so long a source may be silent.
  Freshness(feed::AppliedPositions* positions, const KeyRing* keys,
            std::chrono::steady_clock::duration stale_after = kStaleAfter)
      : positions_(positions), keys_(keys), stale_after_(stale_after) {}

  // Waits until every source is ready and whatever `token` (a consistency token; empty: nothing) names is applied.
  // Gives up a little before `deadline`, so that the reason still reaches the caller: NOT_READY or CONSISTENCY_TIMEOUT
  // (both UNAVAILABLE). A token that was made elsewhere is refused at once: CONSISTENCY_TOKEN_INVALID or ..._FOREIGN.
  absl::Status Await(absl::string_view token, Deadline deadline) const;

  // The same for a date that is known already.
  absl::Status Await(const ConsistencyToken& wanted, Deadline deadline) const;

  // The same for a read's demand, with CheckAge. `minimize_latency` and no demand wait for readiness only.
  absl::Status Await(const type::v1::ReadConsistency& consistency, Deadline deadline) const;

  // INDEX_STALE when a source has been silent for longer than is accepted, unless the read allows that.
  absl::Status CheckAge(const type::v1::ReadConsistency& consistency) const;

  // How long the source that has been silent the longest has been so.
  std::chrono::steady_clock::duration Age() const { return positions_->Age(); }

  // Whether Await would return OK at once, and CheckAge.
  bool IsReached(const type::v1::ReadConsistency& consistency) const;

  // Whether a state is as fresh as a read demands that has been awaited.
  bool Satisfies(const ConsistencyToken& applied, const type::v1::ReadConsistency& consistency) const;

  // NOT_READY unless `applied` is the date of a state of all sources.
  absl::Status CheckWhole(const ConsistencyToken& applied) const { return positions_->CheckWhole(applied); }

  // The token of what an answer is computed from, `applied` being the date of its view. NOT_READY when a source went
  // back since Await, so that the view is the state of nothing.
  absl::StatusOr<std::string> TokenOf(const std::shared_ptr<const ConsistencyToken>& applied) const;

  // NOT_READY when a source went back since Await.
  absl::Status StillReady() const;

  // Everything that is applied. What readers of the market see after this call is nothing older.
  ConsistencyToken Applied() const { return positions_->Applied(); }
  std::string AppliedToken() const { return Applied().Encode(*keys_); }

 private:
  struct Encoded {
    std::shared_ptr<const ConsistencyToken> applied;
    std::string text;
  };

  feed::AppliedPositions* positions_;
  const KeyRing* keys_;
  const std::chrono::steady_clock::duration stale_after_;
  mutable Mutex mutex_;
  mutable std::shared_ptr<const Encoded> newest_ ABSL_GUARDED_BY(mutex_);  // many answers have one date
};

}  // namespace tandem::pairing

#endif  // TANDEM_SERVICES_PAIRING_SERVICE_FRESHNESS_H_
