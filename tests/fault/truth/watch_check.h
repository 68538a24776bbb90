// WatchCheck: whether one watch of one replica sends exactly what its source has committed.
#ifndef TANDEM_TESTS_FAULT_TRUTH_WATCH_CHECK_H_
#define TANDEM_TESTS_FAULT_TRUTH_WATCH_CHECK_H_

#include <deque>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"

#include "common/base/mutex.h"
#include "common/feed/feed.h"
#include "common/tokens/key_ring.h"
#include "tests/fault/truth/findings.h"
#include "tests/fault/truth/history.h"

namespace tandem::check {

// Take is for the watch's thread, Check for the checker's; the rest is thread-safe.
//
// A watch goes on at another stream where it was. From position to position it must bring what the log has between
// them of the records that it covers, in its order, once; a snapshot must bring what was there at its position, or
// newer.
class WatchCheck {
 public:
  // Whether the watch is to send the record of that name.
  using Covers = std::function<bool(absl::string_view name)>;

  // `who` is for complaints. Unowned pointers must outlive this.
  WatchCheck(std::string who, Covers covers, const History* history, const KeyRing* keys, Findings* findings)
      : who_(std::move(who)), covers_(std::move(covers)), history_(history), keys_(keys), findings_(findings) {}

  void Take(feed::Stretch stretch);
  // How the stream ended. OUT_OF_RANGE: from now on it begins with a snapshot.
  void End(const absl::Status& status);
  // Where to go on; empty: from the start.
  std::string resume_token() const;

  // Compares what history has reached.
  void Check();
  // Up to where everything was right.
  Revision checked() const;
  int64_t changes() const;  // that were compared
  int64_t relists() const;

 private:
  struct Stretch {
    feed::Phase phase = feed::Phase::kProgress;
    std::vector<Entry> entries;
    std::string epoch;
    Revision through = 0;  // 0: it has no position of its own
    bool ended = false;    // no stretch, but the end of the stream
  };

  void Complain(absl::string_view why);
  void CheckSnapshot(Revision through);
  void CheckChanges(const Stretch& stretch);

  const std::string who_;
  const Covers covers_;
  const History* const history_;
  const KeyRing* const keys_;
  Findings* const findings_;

  mutable Mutex mutex_;
  std::deque<Stretch> taken_ ABSL_GUARDED_BY(mutex_);
  std::string resume_token_ ABSL_GUARDED_BY(mutex_);
  Revision told_ ABSL_GUARDED_BY(mutex_) = 0;  // by the last resume token
  Revision checked_ ABSL_GUARDED_BY(mutex_) = 0;
  int64_t changes_ ABSL_GUARDED_BY(mutex_) = 0;
  int64_t relists_ ABSL_GUARDED_BY(mutex_) = 0;

  // Of Check alone.
  bool in_snapshot_ = false;
  bool begun_ = false;  // a position is known
  Revision position_ = 0;
  std::map<std::string, Version> snapshot_;
  std::vector<Entry> changes_since_;  // of a stretch without a position of its own
};

}  // namespace tandem::check

#endif  // TANDEM_TESTS_FAULT_TRUTH_WATCH_CHECK_H_
