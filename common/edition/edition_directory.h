// EditionDirectory: which editions exist, as far as this process has followed the service that keeps them.
#ifndef TANDEM_COMMON_EDITION_EDITION_DIRECTORY_H_
#define TANDEM_COMMON_EDITION_EDITION_DIRECTORY_H_

#include <chrono>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"

#include "common/base/mutex.h"
#include "common/feed/applied_positions.h"
#include "common/feed/feed.h"
#include "common/tokens/key_ring.h"

namespace tandem {

// Name of the store of the editions in consistency tokens.
inline constexpr char kEditionSource[] = "editions";

// Thread-safe. A feed::Follower fills it; see edition_source.h. Reads never wait for the follower.
class EditionDirectory final : public feed::Sink {
 public:
  // `own_source` is the store of this service: its own positions in a token are seen by definition. `keys` must outlive
  // the directory.
  EditionDirectory(std::string own_source, const KeyRing* keys);

  // Whether `name` (`editions/{edition}`) is known now.
  bool Exists(absl::string_view name) const;

  // OK when the edition of this id exists, after waiting until `consistency_token` (may be empty) is seen and the
  // directory is ready. EDITION_NOT_FOUND when it does not; NOT_READY or CONSISTENCY_TIMEOUT (both UNAVAILABLE) at the
  // deadline; CONSISTENCY_TOKEN_INVALID or CONSISTENCY_TOKEN_FOREIGN for a token that cannot be waited for.
  absl::Status Check(absl::string_view edition, absl::string_view consistency_token,
                     std::chrono::steady_clock::time_point deadline);

  // Where the follower is to report.
  feed::AppliedPositions* positions() { return &positions_; }

  // Wakes every waiter: call before the server stops.
  void Shutdown() { positions_.Shutdown(); }

  void BeginSnapshot() override;
  void ApplySnapshot(const std::vector<feed::Item>& items) override;
  void EndSnapshot() override;
  void ApplyChanges(const std::vector<feed::Item>& items, const Position* position) override;
  void Advance(const Position& /*position*/) override {}
  void Withdraw() override {}

 private:
  static void Apply(const std::vector<feed::Item>& items, absl::flat_hash_set<std::string>* names);

  const std::string own_source_;
  const KeyRing* const keys_;
  feed::AppliedPositions positions_;
  mutable Mutex mutex_;
  absl::flat_hash_set<std::string> names_ ABSL_GUARDED_BY(mutex_);
  absl::flat_hash_set<std::string> snapshot_;  // of the follower's thread
};

}  // namespace tandem

#endif  // TANDEM_COMMON_EDITION_EDITION_DIRECTORY_H_
