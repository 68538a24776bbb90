// Ledger: every write that was sent, what its answer promised, and whether the store's log keeps that.
#ifndef TANDEM_TESTS_FAULT_TRUTH_LEDGER_H_
#define TANDEM_TESTS_FAULT_TRUTH_LEDGER_H_

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"

#include "common/base/mutex.h"
#include "common/storage/record_store.h"
#include "tests/fault/truth/findings.h"
#include "tests/fault/truth/history.h"

namespace tandem::check {

// What an acknowledged write did to one record.
struct Effect {
  std::string name;
  // Exactly where, or 0: at or before `at_most`, wherever the log has what was sent.
  Revision revision = 0;
  Revision at_most = 0;
  bool gone = false;   // the record was removed
  bool maybe = false;  // if the log has it: what the write did may have been done before
  std::string stored;  // its stored form; empty: known by `sent` only
  std::string sent;    // its sent form
  // The version that the write was bound to by an etag; 0: to none.
  Revision based_on = 0;
};

// Of one source. Thread-safe. A write is opened before it is sent, however often that is, and closed once:
// acknowledged, refused (it must have done nothing), or given up (nobody knows).
//
// Every entry of the log must be the effect of exactly one write, and every effect an entry.
class Ledger {
 public:
  // `history` and `findings` must outlive this.
  Ledger(const History* history, Findings* findings) : history_(history), findings_(findings) {}

  // `names`: all records that the write may touch; their meetings go with pairings. `what` is for complaints.
  int64_t Open(std::vector<std::string> names, std::string what);
  void Acknowledge(int64_t write, std::vector<Effect> effects);
  void Refuse(int64_t write);
  void GiveUp(int64_t write);

  // The newest revision of `name` of which somebody was told; 0: of none. Reads that begin now must show it.
  Revision Told(absl::string_view name) const;

  // What the log says, in its order; before history shows it.
  void Note(const std::vector<Entry>& entries);

  // Compares what history has reached.
  void Check();
  // The same, and looks for entries that no write accounts for.
  void CheckAll();

  int64_t acknowledged() const;  // effects, but for those that may be
  int64_t waiting() const;       // effects that history has not reached

 private:
  struct Write {
    std::vector<std::string> names;
    std::string what;
  };
  struct Promise {
    std::shared_ptr<const Write> write;
    Effect effect;
  };
  using Entries = std::map<Revision, std::shared_ptr<const std::string>>;

  void CheckOne(const Promise& promise) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void CheckByContent(const Promise& promise) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void CheckReached(Revision through) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Complain(Broken broken, const Promise& promise, absl::string_view why) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  std::shared_ptr<const Write> Close(int64_t write) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const History* const history_;
  Findings* const findings_;
  mutable Mutex mutex_;
  int64_t next_ ABSL_GUARDED_BY(mutex_) = 1;
  absl::flat_hash_map<int64_t, std::shared_ptr<const Write>> open_ ABSL_GUARDED_BY(mutex_);
  std::vector<std::shared_ptr<const Write>> given_up_ ABSL_GUARDED_BY(mutex_);
  std::multimap<Revision, Promise> promises_ ABSL_GUARDED_BY(mutex_);  // by the revision that decides
  absl::flat_hash_map<std::string, Entries> unclaimed_ ABSL_GUARDED_BY(mutex_);
  absl::flat_hash_map<std::string, Revision> told_ ABSL_GUARDED_BY(mutex_);
  int64_t acknowledged_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace tandem::check

#endif  // TANDEM_TESTS_FAULT_TRUTH_LEDGER_H_
