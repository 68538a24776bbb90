// History: what one source has committed, revision by revision.
#ifndef TANDEM_TESTS_FAULT_TRUTH_HISTORY_H_
#define TANDEM_TESTS_FAULT_TRUTH_HISTORY_H_

#include <cstddef>
#include <deque>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"

#include "common/base/mutex.h"
#include "common/storage/record_store.h"

namespace tandem::check {

// One record as a commit left it.
struct Version {
  Revision revision = 0;                     // 0: there was none
  std::shared_ptr<const std::string> bytes;  // its stored form; null: it is not there
};

struct Entry {
  std::string name;
  Version version;
};

// Thread-safe.
class History {
 public:
  explicit History(std::string source) : source_(std::move(source)) {}

  const std::string& source() const { return source_; }

  // What was committed after through(), in commit order, up to `through`. A name occurs once a revision.
  void Append(std::vector<Entry> entries, Revision through);
  // What stands at `through` is not told entry by entry: what was before `through` is not known here.
  void BeginAt(Revision through, std::string epoch);

  std::string epoch() const;
  // Everything from floor() up to here is known.
  Revision through() const;
  Revision floor() const;
  // The store's log reaches back to here; -1: nobody looked.
  void SetLogFloor(Revision floor);
  Revision log_floor() const;
  // Whether the state at `revision` can be told.
  bool Knows(Revision revision) const;

  // The record as it was at `revision`. REQUIRES: Knows(revision).
  Version At(absl::string_view name, Revision revision) const;
  // The newest version before that of `revision`.
  Version Before(absl::string_view name, Revision revision) const { return At(name, revision - 1); }
  // What was committed at revisions in (after, through], in order.
  std::vector<Entry> Between(Revision after, Revision through) const;
  // Names of all records that are there at `revision`, or at the end without one.
  std::set<std::string> NamesAt(absl::optional<Revision> revision = absl::nullopt) const;
  Version Newest(absl::string_view name) const;

  // Forgets what nobody needs who asks for no state before `revision`.
  void Forget(Revision revision);
  size_t size() const;  // entries that are kept

 private:
  struct Change {
    Revision revision = 0;
    const std::string* name = nullptr;  // a key of versions_
  };
  using Versions = std::deque<Version>;

  Version AtLocked(const Versions& versions, Revision revision) const;

  const std::string source_;
  mutable Mutex mutex_;
  std::string epoch_ ABSL_GUARDED_BY(mutex_);
  Revision floor_ ABSL_GUARDED_BY(mutex_) = 0;
  Revision through_ ABSL_GUARDED_BY(mutex_) = 0;
  Revision log_floor_ ABSL_GUARDED_BY(mutex_) = -1;
  std::deque<Change> log_ ABSL_GUARDED_BY(mutex_);
  absl::flat_hash_map<std::string, std::unique_ptr<Versions>> versions_ ABSL_GUARDED_BY(mutex_);
  // Every name, at an address that stays.
  std::set<std::string, std::less<>> names_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace tandem::check

#endif  // TANDEM_TESTS_FAULT_TRUTH_HISTORY_H_
