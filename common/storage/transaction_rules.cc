#include "common/storage/transaction_rules.h"

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

#include "common/base/status.h"
#include "common/base/test_switch.h"
#include "common/storage/log_position.h"

namespace tandem {
namespace {

static_assert(kMaxTransactionWrites <= kMaxBulkWrites && kMaxBulkWrites < (size_t{1} << kPositionBits));

absl::Status CheckKey(absl::string_view what, size_t index, absl::string_view key) {
  if (!key.empty() && key.size() <= kMaxKeyBytes) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat(what, " ", index, " has a key of ", key.size(), " bytes; a key is 1 to ", kMaxKeyBytes, " bytes"));
}

absl::string_view Name(Condition::Kind kind) {
  switch (kind) {
    case Condition::Kind::kAbsent:
      return "absent";
    case Condition::Kind::kPresent:
      return "present";
    case Condition::Kind::kAtRevision:
      return "at revision";
  }
  return "unknown";
}

}  // namespace

absl::Status CheckTransaction(const Transaction& transaction) {
  if (transaction.writes.size() > kMaxBulkWrites) {
    return absl::InvalidArgumentError(absl::StrCat("a transaction of ", transaction.writes.size(), " writes; at most ",
                                                   kMaxBulkWrites, " are allowed: split it"));
  }
  for (size_t i = 0; i < transaction.conditions.size(); ++i) {
    if (absl::Status status = CheckKey("condition", i, transaction.conditions[i].key); !status.ok()) return status;
  }
  absl::flat_hash_set<absl::string_view> keys;
  if (transaction.writes.size() > 1) keys.reserve(transaction.writes.size());
  for (size_t i = 0; i < transaction.writes.size(); ++i) {
    const Write& write = transaction.writes[i];
    if (absl::Status status = CheckKey("write", i, write.key); !status.ok()) return status;
    if (write.value.has_value() && write.value->size() > kMaxValueBytes) {
      return absl::InvalidArgumentError(absl::StrCat("write ", i, " has a value of ", write.value->size(),
                                                     " bytes; at most ", kMaxValueBytes, " are allowed: split it"));
    }
    if (transaction.writes.size() > 1 && !keys.insert(write.key).second) {
      return absl::InvalidArgumentError(
          absl::StrCat("write ", i, " writes a key for the second time; a transaction writes a key once"));
    }
  }
  return absl::OkStatus();
}

absl::Status CheckLimit(int limit) {
  if (limit >= 1) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat("a limit of ", limit, "; it is at least 1"));
}

absl::Status CheckChangesAfter(Revision after, const Head& head) {
  if (after < 0)
    return absl::InvalidArgumentError(absl::StrCat("changes after revision ", after, "; it is at least 0"));
  if (after < head.log_floor && !Deviates("feed.compacted")) {
    return absl::OutOfRangeError(absl::StrCat("the log reaches back to revisions after ", head.log_floor, ", not to ",
                                              after, ": list the records again and follow from there"));
  }
  if (after > head.revision) {
    return absl::OutOfRangeError(absl::StrCat("revision ", after, " is beyond the head, ", head.revision,
                                              ": it comes from another history, list the records again"));
  }
  return absl::OkStatus();
}

absl::Status CheckCompaction(Revision through, Revision head) {
  if (through <= head) return absl::OkStatus();
  return absl::OutOfRangeError(absl::StrCat("the log cannot be compacted through ", through, ": the head is ", head));
}

CommitOutcome ConditionFailed(const Transaction& transaction, int index) {
  const Condition& condition = transaction.conditions[static_cast<size_t>(index)];
  CommitOutcome outcome;
  outcome.status = absl::AbortedError(
      absl::StrCat("condition ", index, " (", Name(condition.kind), ") does not hold: read again and retry"));
  outcome.failed_condition = index;
  return outcome;
}

bool Holds(const Condition& condition, Revision revision) {
  if (Deviates("storage.conditions")) return true;
  switch (condition.kind) {
    case Condition::Kind::kAbsent:
      return revision == 0;
    case Condition::Kind::kPresent:
      return revision != 0;
    case Condition::Kind::kAtRevision:
      return revision != 0 && revision == condition.revision;
  }
  return false;
}

absl::Status ShutDownError() {
  return MakeError(absl::StatusCode::kUnavailable, "STORE_UNAVAILABLE",
                   "the store is shutting down: retry on its successor", {{"cause", "shutting down"}});
}

}  // namespace tandem
