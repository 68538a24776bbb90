// RecordStore: the whole truth that a service needs, behind one narrow port.
//
// An ordered map from keys to values with etcd-like transactions: a transaction commits all of its writes at one
// revision if all of its conditions still hold, else none. Every commit appends its changes to a log that comes out in
// commit order without a gap. Etags, idempotency, uniqueness and clash-free booking are conditions on records.
//
// Keys are 1 to kMaxKeyBytes bytes, ordered as unsigned bytes; README.md says how to lay them out.
//
// Limitations: one store is one service's; values are read whole; there are no secondary indexes (write index records
// in the same transaction).
#ifndef TANDEM_COMMON_STORAGE_RECORD_STORE_H_
#define TANDEM_COMMON_STORAGE_RECORD_STORE_H_

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace tandem {

// Position of a commit in a store's log: strictly increasing in commit order, 0 before the first.
using Revision = int64_t;

// Limits that every backend enforces with INVALID_ARGUMENT.
inline constexpr size_t kMaxKeyBytes = 1024;
inline constexpr size_t kMaxValueBytes = size_t{16} << 20;
// What services keep to. Backends take more, for what must change a whole edition at once: see transaction_rules.h.
inline constexpr size_t kMaxTransactionWrites = 100'000;

// One record as it was at `revision`. Keys and values are bytes and may contain NUL.
struct Record {
  std::string key;
  std::string value;
  Revision revision = 0;         // the commit that wrote this value
  Revision create_revision = 0;  // the commit that wrote the first value since the key was last absent
};

// A fact about one key that must hold for a transaction to commit.
struct Condition {
  enum class Kind {
    kAbsent,      // there is no record
    kPresent,     // there is one
    kAtRevision,  // there is one, and its revision is `revision`
  };
  Kind kind = Kind::kAbsent;
  std::string key;
  Revision revision = 0;

  static Condition Absent(std::string key) { return {Kind::kAbsent, std::move(key), 0}; }
  static Condition Present(std::string key) { return {Kind::kPresent, std::move(key), 0}; }
  static Condition AtRevision(std::string key, Revision revision) {
    return {Kind::kAtRevision, std::move(key), revision};
  }
};

// One write: a put, or a delete when `value` is empty. Deleting an absent key does nothing and is not logged.
struct Write {
  std::string key;
  std::optional<std::string> value;
  // Whether followers see it in the change log; false for bookkeeping such as idempotency and index rows.
  bool logged = true;

  static Write Put(std::string key, std::string value) { return {std::move(key), std::move(value), true}; }
  static Write PutUnlogged(std::string key, std::string value) { return {std::move(key), std::move(value), false}; }
  static Write Delete(std::string key) { return {std::move(key), std::nullopt, true}; }
  static Write DeleteUnlogged(std::string key) { return {std::move(key), std::nullopt, false}; }
};

// All or nothing. A key may be written once, and be the subject of any number of conditions.
struct Transaction {
  std::vector<Condition> conditions;
  std::vector<Write> writes;
};

// What became of one transaction.
struct CommitOutcome {
  // OK: durable at `revision`. ABORTED: condition `failed_condition` did not hold, nothing was written.
  // INVALID_ARGUMENT: the transaction breaks a rule of the port. RESOURCE_EXHAUSTED: the disk is full, nothing was
  // written. UNAVAILABLE: the store cannot be written now, nothing was written. DATA_LOSS: the store is damaged,
  // nothing was written. UNKNOWN: whether it committed could not be learned.
  absl::Status status;
  // Of a transaction that changed nothing (no writes, or only deletes of absent keys) the newest revision before it:
  // such a transaction takes no revision of its own.
  Revision revision = 0;
  int failed_condition = -1;  // index of the first condition that did not hold
};

// One logged write.
struct Change {
  Revision revision = 0;
  std::string key;
  std::optional<std::string> value;  // empty: deleted
};

// A stretch of the log.
struct ChangeBatch {
  std::vector<Change> changes;  // in commit order; all changes of a revision are in one batch
  Revision through = 0;         // everything up to and including this revision has now been read
};

// Where the store stands.
struct Head {
  std::string epoch;       // names this history; another one after a restore
  Revision revision = 0;   // of the newest commit
  Revision log_floor = 0;  // Changes() reaches back to revisions greater than this
};

// Thread-safe. Every method may block on I/O; none calls back. Errors of the disk carry the reasons STORE_UNAVAILABLE,
// STORE_FULL or OUTCOME_UNKNOWN (common/base/status.h); the others are for the caller to translate.
class RecordStore {
 public:
  virtual ~RecordStore() = default;

  // Commits each transaction on its own, in order, each seeing the ones before it, and returns when all that succeeded
  // are durable. Many callers' transactions share one flush. The result has one outcome per transaction; a later one
  // may fail (a full disk) where an earlier one is durable. Others' transactions may come in between.
  virtual std::vector<CommitOutcome> Commit(std::vector<Transaction> transactions) = 0;

  // The record of `key`, or nullopt.
  virtual absl::StatusOr<std::optional<Record>> Get(absl::string_view key) = 0;

  // The records of `keys`, in their order, all from one snapshot.
  virtual absl::StatusOr<std::vector<std::optional<Record>>> BatchGet(const std::vector<std::string>& keys) = 0;

  // Up to `limit` records with `begin` <= key < `end` in key order (an empty `end` is unbounded), from one snapshot;
  // fewer only when there are no more. INVALID_ARGUMENT when `limit` < 1.
  virtual absl::StatusOr<std::vector<Record>> Scan(absl::string_view begin, absl::string_view end, int limit) = 0;

  // Logged changes after `after`, oldest first: at least one whole revision when there is one, about `limit` changes or
  // some megabytes, whichever comes first. To go on, ask again after `through`, which also passes revisions that logged
  // nothing. INVALID_ARGUMENT when `limit` < 1 or `after` < 0.
  // OUT_OF_RANGE when the log no longer reaches back to `after` (after < log_floor) or `after` is beyond the head.
  virtual absl::StatusOr<ChangeBatch> Changes(Revision after, int limit) = 0;

  // Waits until the head is past `after` or `deadline`; true when it is. False at once after Shutdown.
  // Whoever was told true finds the change by every read that follows.
  virtual bool WaitForChange(Revision after, std::chrono::steady_clock::time_point deadline) = 0;

  virtual absl::StatusOr<Head> GetHead() = 0;

  // Forgets the log up to and including `through`. Records stay. Nothing happens when that much is forgotten already;
  // OUT_OF_RANGE when `through` is beyond the head.
  virtual absl::Status CompactLog(Revision through) = 0;

  // Wakes every waiter, refuses further commits and compactions with UNAVAILABLE, and returns when those already
  // accepted have their outcome. Reads go on. Idempotent.
  virtual void Shutdown() = 0;
};

}  // namespace tandem

#endif  // TANDEM_COMMON_STORAGE_RECORD_STORE_H_
