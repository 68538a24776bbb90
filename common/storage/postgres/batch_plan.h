// What a batch of transactions does to a store, decided in memory: pure, no I/O.
#ifndef TANDEM_COMMON_STORAGE_POSTGRES_BATCH_PLAN_H_
#define TANDEM_COMMON_STORAGE_POSTGRES_BATCH_PLAN_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

#include "common/storage/group_committer.h"
#include "common/storage/record_store.h"

namespace tandem::postgres {

// One key that the batch reads or writes. Views and pointers are into the batch.
struct KeyState {
  absl::string_view key;
  bool stored = false;   // there is a record in the database
  bool written = false;  // the batch wrote or deleted it
  // As of the transactions decided so far; 0 when there is no record. The value is of a written one.
  Revision revision = 0;
  Revision create_revision = 0;
  const std::string* value = nullptr;
};

struct LogEntry {
  int64_t position = 0;
  const Write* write = nullptr;
};

// Used once: keys(), Found() for each record there is, Decide(), then what is to be written.
class BatchPlan {
 public:
  // `batch` must outlive this.
  explicit BatchPlan(absl::Span<PendingTransaction* const> batch);

  const std::vector<KeyState>& keys() const { return keys_; }
  void Found(absl::string_view key, Revision revision, Revision create_revision);

  // Sets the outcome of every transaction, each seeing those before it, when the newest revision is `head`.
  void Decide(Revision head);

  // The newest revision afterwards; when it is still `head` nothing is to be written.
  Revision revision() const { return revision_; }
  const std::vector<LogEntry>& log() const { return log_; }

 private:
  KeyState& StateOf(absl::string_view key) { return keys_[places_.find(key)->second]; }
  void Add(absl::string_view key);
  int FirstFailedCondition(const Transaction& transaction);
  bool Apply(const Write& write, Revision revision, int64_t position);

  absl::Span<PendingTransaction* const> batch_;
  std::vector<KeyState> keys_;
  absl::flat_hash_map<absl::string_view, size_t> places_;  // in keys_
  std::vector<LogEntry> log_;
  Revision revision_ = 0;
};

}  // namespace tandem::postgres

#endif  // TANDEM_COMMON_STORAGE_POSTGRES_BATCH_PLAN_H_
