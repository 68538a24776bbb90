// Follower: keeps one sink up to date with one source, on a thread of its own.
#ifndef TANDEM_COMMON_FEED_FOLLOWER_H_
#define TANDEM_COMMON_FEED_FOLLOWER_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <thread>

#include "absl/time/time.h"

#include "common/base/clock.h"
#include "common/base/mutex.h"
#include "common/feed/applied_positions.h"
#include "common/feed/feed.h"
#include "common/tokens/key_ring.h"

namespace tandem::feed {

struct FollowerStatus {
  bool ready = false;      // the first snapshot is applied and caught up
  bool connected = false;  // a watch is open and has spoken
  Position applied;
  absl::Time last_contact = absl::InfinitePast();
  int64_t relists = 0;  // snapshots taken after the first
  std::string last_error;
};

// Thread-safe. Reconnects for ever with jittered backoff (20 ms doubling to 2 s).
//
// The positions advance after the sink has applied a stretch of changes or a progress mark, but after a snapshot not
// before the first progress mark: until then the sink holds parts that are newer than the rest. OUT_OF_RANGE, and a
// resume token that the source does not understand, lead to a new snapshot; what the sink held stays until its end.
// When the source went back (another epoch, or a head before our position) the positions are withdrawn first: what the
// sink shows from then on may be older than they said.
class Follower {
 public:
  // Unowned pointers must outlive the follower. Call Start to begin.
  struct Options {
    Source* source = nullptr;
    Sink* sink = nullptr;
    AppliedPositions* positions = nullptr;
    const KeyRing* keys = nullptr;  // reads the positions in resume tokens
    const Clock* clock = SystemClock();
    // Of this source: what the sink holds, by some memory of its own, is the source's state there. Empty: the follower
    // begins with a snapshot.
    std::string resume_token;
  };
  explicit Follower(Options options);
  ~Follower();  // stops

  void Start();
  void Stop();  // returns when the thread has ended; idempotent

  FollowerStatus status() const;

 private:
  void Run();
  // Reads until the stream ends; tells why it did, and whether the position moved.
  absl::Status ReadAll(Stream* stream, bool* moved);
  absl::Status Apply(const Stretch& stretch, bool* in_snapshot);
  // The sink is about to show another history than the one that was applied.
  void Withdraw();
  absl::StatusOr<Position> PositionOf(const std::string& resume_token) const;

  Options options_;
  mutable Mutex mutex_;
  CondVar stopped_;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::unique_ptr<Stream> stream_ ABSL_GUARDED_BY(mutex_);
  FollowerStatus status_ ABSL_GUARDED_BY(mutex_);
  std::thread thread_ ABSL_GUARDED_BY(mutex_);

  // Of the follower's thread alone.
  std::string resume_token_;
  bool began_ = false;            // the sink holds a state: a snapshot, or that of the first resume token
  int64_t snapshots_ = 0;         // complete ones
  bool behind_snapshot_ = false;  // no progress mark since the last snapshot
};

}  // namespace tandem::feed

#endif  // TANDEM_COMMON_FEED_FOLLOWER_H_
