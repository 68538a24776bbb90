// Following another service's changes: the shapes of a feed, free of gRPC and of any service's words.
//
// A source sends a snapshot, then changes in commit order, with progress marks when there is none. A follower resumes
// where it was; when the source's log no longer reaches back it takes a new snapshot and sweeps what is gone.
#ifndef TANDEM_COMMON_FEED_FEED_H_
#define TANDEM_COMMON_FEED_FEED_H_

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "common/storage/record_store.h"
#include "common/tokens/consistency_token.h"

namespace google::protobuf {
class Message;
}

namespace tandem::feed {

// What a stretch of a feed is; as tandem.type.v1.WatchPhase.
enum class Phase { kSnapshot, kSnapshotEnd, kChanges, kProgress };

// Metadata `cause` of RESUME_TOKEN_EXPIRED when the source goes on in the same history and only the log is gone. Any
// other cause says that the source may have gone back.
inline constexpr char kLogCompacted[] = "log_compacted";

// One record as it is after `revision`.
struct Item {
  std::string name;                                          // resource name
  std::shared_ptr<const google::protobuf::Message> message;  // null: it is gone
  Revision revision = 0;
};

struct Stretch {
  Phase phase = Phase::kProgress;
  std::vector<Item> items;
  std::string resume_token;  // as the source sent it; empty during a snapshot
};

// One open watch. Next is called by one thread; Cancel by any.
class Stream {
 public:
  virtual ~Stream() = default;
  // The next stretch. Any status ends the stream: OUT_OF_RANGE asks for a new snapshot, OK/UNAVAILABLE/... for a
  // resume. The reason's metadata (common/base/status.h) come with it.
  virtual absl::StatusOr<Stretch> Next() = 0;
  // Makes a blocked Next return soon.
  virtual void Cancel() = 0;
};

// Opens watches; the gRPC adapters implement it. Thread-safe.
class Source {
 public:
  virtual ~Source() = default;
  // Name of the source in consistency tokens, such as `projects`.
  virtual std::string name() const = 0;
  // A watch that goes on after `resume_token`, or begins with a snapshot when it is empty.
  virtual std::unique_ptr<Stream> Open(const std::string& resume_token) = 0;
};

// Where a follower puts what it reads. Called by the follower's thread only, in order.
//
// A snapshot is fuzzy: parts of it are newer than its position. What a sink holds is a state that really was when a
// call names the position, and stays one from position to position until the next snapshot begins.
class Sink {
 public:
  virtual ~Sink() = default;
  // A snapshot begins: what the sink holds stays visible until the end. Another one may begin before the end when the
  // stream broke: what the first one brought is then forgotten.
  virtual void BeginSnapshot() = 0;
  // Records of the snapshot. A record may come twice; the greater revision counts.
  virtual void ApplySnapshot(const std::vector<Item>& items) = 0;
  // The snapshot is complete: what it did not name is gone.
  virtual void EndSnapshot() = 0;
  // Changes. An item whose revision is not greater than what the sink holds for its name is skipped by the sink.
  // `position`: with them, what the sink holds is the source's state there; null: not yet since the last snapshot.
  virtual void ApplyChanges(const std::vector<Item>& items, const Position* position) = 0;
  // What the sink holds is the source's state at `position`.
  virtual void Advance(const Position& position) = 0;
  // The source went back: what comes next is of an older state or of another history, and revisions do not compare with
  // those before.
  virtual void Withdraw() = 0;
};

}  // namespace tandem::feed

#endif  // TANDEM_COMMON_FEED_FEED_H_
