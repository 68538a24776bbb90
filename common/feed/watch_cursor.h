// The server's side of a watch: reads a RecordStore as a feed.
//
// Without a resume token: the records under the prefixes page by page (kSnapshot), kSnapshotEnd with the position R0
// where the head stood before the first page, then the changes after R0. The pages are read while writes go on, so
// some records of the snapshot are newer than R0 and some changes come a second time; the state is one that really was
// only once the follower has passed the head of the snapshot's end. The first kProgress says that it has.
//
// With a resume token: the changes after it, or OUT_OF_RANGE (RESUME_TOKEN_EXPIRED) when the store has another epoch,
// its log no longer reaches back, or the token is ahead of the head: the follower lists again.
#ifndef TANDEM_COMMON_FEED_WATCH_CURSOR_H_
#define TANDEM_COMMON_FEED_WATCH_CURSOR_H_

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "common/feed/feed.h"
#include "common/storage/record_store.h"
#include "common/tokens/key_ring.h"

namespace tandem::feed {

// One record as it is after `revision`, before anybody looked into it.
struct RawItem {
  std::string key;
  std::optional<std::string> value;  // empty: deleted
  Revision revision = 0;
};

struct RawStretch {
  Phase phase = Phase::kProgress;
  std::vector<RawItem> items;
  std::string resume_token;  // a ConsistencyToken of the source alone; empty during a snapshot
};

// Used by one thread. Holds at most one page or batch; what a slow reader missed is read from the log when it asks.
//
// A stretch of kChanges holds whole revisions unless one revision is larger than 4 MiB; the parts of such a one carry
// the position before it, so that resuming or waiting never leaves a part out.
class WatchCursor {
 public:
  // Unowned pointers must outlive the cursor.
  struct Options {
    RecordStore* store = nullptr;
    std::string source;  // name of the store in tokens, such as `projects`
    const KeyRing* keys = nullptr;
    std::vector<std::string> prefixes;  // of the keys to send; none contains another. "" is everything
    std::string resume_token;           // empty: a snapshot first
    int page = 256;                     // records or changes read at once
    // Between progress marks while nothing moves; what moved but is not sent (it was not logged) is marked within 20
    // ms.
    std::chrono::steady_clock::duration progress_interval = std::chrono::seconds(1);
  };
  // Does no I/O: a bad resume token shows at the first Next.
  explicit WatchCursor(Options options);

  // The next stretch, or nullopt when there is none before `deadline`. After an error the watch is over: OUT_OF_RANGE
  // as above, INVALID_ARGUMENT (CONSISTENCY_TOKEN_INVALID) for a resume token that was not made here, UNAVAILABLE when
  // the store shut down, or the store's own.
  absl::StatusOr<std::optional<RawStretch>> Next(std::chrono::steady_clock::time_point deadline);

 private:
  enum class State { kNew, kSnapshot, kFollowing };

  absl::Status Open();
  absl::Status Resume(const Head& head);
  absl::StatusOr<RawStretch> NextOfSnapshot();
  absl::StatusOr<std::optional<RawStretch>> NextChange(std::chrono::steady_clock::time_point deadline);
  absl::Status ReadLog();
  RawStretch TakeFromBatch();
  bool IsProgressDue() const;
  RawStretch Progress();
  bool IsSent(const std::string& key) const;
  // The position as a resume token, which is to be sent.
  std::string Token();
  // How long to be silent at most.
  std::chrono::steady_clock::duration Patience() const;
  // OUT_OF_RANGE unless the store is still the one that was opened.
  absl::StatusOr<Head> CheckHead();

  const Options options_;
  State state_ = State::kNew;
  std::string epoch_;
  Revision position_ = 0;  // every change up to here was sent
  Revision told_ = 0;      // the position that the last token carried
  Revision target_ = 0;    // where the source stood at the end of the snapshot, or when the watch was resumed

  size_t prefix_ = 0;       // of the snapshot: the prefix being read
  std::string scan_begin_;  // and the next key in it

  ChangeBatch batch_;  // read from the log, sent up to `next_`
  size_t next_ = 0;
  bool caught_up_ = false;                         // kProgress was sent
  std::chrono::steady_clock::time_point spoke_{};  // the last stretch of kChanges or kProgress
};

}  // namespace tandem::feed

#endif  // TANDEM_COMMON_FEED_WATCH_CURSOR_H_
