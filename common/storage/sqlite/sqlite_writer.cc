#include "common/storage/sqlite/sqlite_writer.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"

#include "common/base/status.h"
#include "common/base/test_switch.h"
#include "common/storage/sqlite/schema.h"
#include "common/storage/transaction_rules.h"

namespace tandem::sqlite {
namespace {

// Changes forgotten in one SQL transaction, so that commits get their turn in between.
constexpr int kForgetAtOnce = 5000;

constexpr int64_t kPageBytes = 4096;  // SQLite's default, which schema.cc keeps

int NoteWalPages(void* pages, sqlite3*, const char*, int count) {
  *static_cast<int*>(pages) = count;
  return SQLITE_OK;
}

}  // namespace

absl::StatusOr<std::unique_ptr<SqliteWriter>> SqliteWriter::Create(std::unique_ptr<Connection> connection,
                                                                   int checkpoint_pages, HeadWatch* watch) {
  std::unique_ptr<SqliteWriter> writer(new SqliteWriter(std::move(connection), std::max(checkpoint_pages, 1), watch));
  TANDEM_RETURN_IF_ERROR(writer->PrepareStatements());
  TANDEM_ASSIGN_OR_RETURN(Statement select_head, writer->connection_->Prepare(kSelectHead));
  TANDEM_ASSIGN_OR_RETURN(writer->head_, ReadHead(&select_head));
  writer->next_checkpoint_pages_ = writer->checkpoint_pages_;
  // A reader that stayed long let the write-ahead log grow; when it is started over the file shrinks again.
  TANDEM_RETURN_IF_ERROR(
      writer->connection_
          ->QueryInt(absl::StrCat("PRAGMA journal_size_limit = ", int64_t{2} * writer->checkpoint_pages_ * kPageBytes))
          .status());
  sqlite3_wal_hook(writer->connection_->handle(), NoteWalPages, &writer->wal_pages_);
  watch->Publish(writer->head_.revision);
  return writer;
}

absl::Status SqliteWriter::PrepareStatements() {
  Connection& connection = *connection_;
  TANDEM_ASSIGN_OR_RETURN(revision_of_, connection.Prepare("SELECT revision FROM records WHERE key = ?"));
  TANDEM_ASSIGN_OR_RETURN(
      put_, connection.Prepare("INSERT INTO records (key, revision, create_revision, value) VALUES (?1, ?2, ?2, ?3) "
                               "ON CONFLICT (key) DO UPDATE SET revision = ?2, value = ?3"));
  TANDEM_ASSIGN_OR_RETURN(delete_, connection.Prepare("DELETE FROM records WHERE key = ?"));
  TANDEM_ASSIGN_OR_RETURN(log_, connection.Prepare("INSERT INTO log (position, key, value) VALUES (?, ?, ?)"));
  TANDEM_ASSIGN_OR_RETURN(set_meta_, connection.Prepare("UPDATE meta SET value = ?2 WHERE name = ?1"));
  TANDEM_ASSIGN_OR_RETURN(forget_, connection.Prepare("DELETE FROM log WHERE position IN (SELECT position FROM log "
                                                      "WHERE position < ? ORDER BY position LIMIT ?)"));
  return absl::OkStatus();
}

absl::Status SqliteWriter::Begin() {
  // Left open only if an earlier rollback failed as well.
  if (connection_->InTransaction()) TANDEM_RETURN_IF_ERROR(connection_->Execute("ROLLBACK"));
  return connection_->Execute("BEGIN IMMEDIATE");
}

absl::Status SqliteWriter::Finish(absl::Status so_far) {
  if (so_far.ok()) {
    const int code = sqlite3_exec(connection_->handle(), "COMMIT", nullptr, nullptr, nullptr);
    so_far = StatusOf(code, "committing");
    // The commit mark reached the file, whether it reached the disk is not known: a crash now may bring it back.
    if (code == SQLITE_IOERR_FSYNC) {
      so_far = MakeError(absl::StatusCode::kUnknown, "OUTCOME_UNKNOWN", so_far.message());
    }
  }
  if (!so_far.ok() && connection_->InTransaction()) connection_->Execute("ROLLBACK").IgnoreError();
  return so_far;
}

void SqliteWriter::WriteBatch(absl::Span<PendingTransaction* const> batch) {
  Revision revision = head_.revision;
  absl::Status status = Begin();
  if (status.ok()) {
    status = ApplyBatch(batch, &revision);
    if (Deviates("storage.commit-first")) return Finish(absl::AbortedError("not committed")).IgnoreError();
    PassPoint("storage.before-commit");
    status = Finish(std::move(status));
    PassPoint("storage.after-commit");
  }
  if (!status.ok()) {
    for (PendingTransaction* item : batch) {
      item->outcome = CommitOutcome();
      item->outcome.status = status;
    }
    return;
  }
  head_.revision = revision;
  watch_->Publish(revision);
  CheckpointIfLarge();
}

absl::Status SqliteWriter::ApplyBatch(absl::Span<PendingTransaction* const> batch, Revision* revision) {
  for (PendingTransaction* item : batch) TANDEM_RETURN_IF_ERROR(Apply(item, revision));
  return *revision == head_.revision ? absl::OkStatus() : SetMeta("revision", *revision);
}

absl::Status SqliteWriter::Apply(PendingTransaction* item, Revision* revision) {
  const Transaction& transaction = item->transaction;
  TANDEM_ASSIGN_OR_RETURN(const int failed, FirstFailedCondition(transaction));
  if (failed >= 0) {
    item->outcome = ConditionFailed(transaction, failed);
    return absl::OkStatus();
  }
  const Revision mine = *revision + 1;
  int64_t position = FirstPosition(mine);
  bool changed = false;
  for (const Write& write : transaction.writes) {
    TANDEM_ASSIGN_OR_RETURN(const bool applied, ApplyWrite(write, mine, position++));
    changed |= applied;
  }
  if (changed) *revision = mine;
  item->outcome.revision = *revision;
  return absl::OkStatus();
}

absl::StatusOr<int> SqliteWriter::FirstFailedCondition(const Transaction& transaction) {
  for (size_t i = 0; i < transaction.conditions.size(); ++i) {
    const Condition& condition = transaction.conditions[i];
    ResetAtEnd reset(&revision_of_);
    revision_of_.BindBlob(1, condition.key);
    TANDEM_ASSIGN_OR_RETURN(const bool row, revision_of_.Step());
    if (!Holds(condition, row ? revision_of_.Int(0) : 0)) return static_cast<int>(i);
  }
  return -1;
}

absl::StatusOr<bool> SqliteWriter::ApplyWrite(const Write& write, Revision revision, int64_t position) {
  if (write.value.has_value()) {
    ResetAtEnd reset(&put_);
    put_.BindBlob(1, write.key);
    put_.BindInt(2, revision);
    put_.BindBlob(3, *write.value);
    TANDEM_RETURN_IF_ERROR(put_.Step().status());
  } else {
    ResetAtEnd reset(&delete_);
    delete_.BindBlob(1, write.key);
    TANDEM_RETURN_IF_ERROR(delete_.Step().status());
    if (sqlite3_changes(connection_->handle()) == 0) return false;
  }
  if (!write.logged) return true;
  ResetAtEnd reset(&log_);
  log_.BindInt(1, position);
  log_.BindBlob(2, write.key);
  write.value.has_value() ? log_.BindBlob(3, *write.value) : log_.BindNull(3);
  TANDEM_RETURN_IF_ERROR(log_.Step().status());
  return true;
}

absl::Status SqliteWriter::SetMeta(absl::string_view name, Revision value) {
  ResetAtEnd reset(&set_meta_);
  set_meta_.BindText(1, name);
  set_meta_.BindInt(2, value);
  return set_meta_.Step().status();
}

absl::StatusOr<bool> SqliteWriter::CompactSome(Revision through) {
  TANDEM_RETURN_IF_ERROR(CheckCompaction(through, head_.revision));
  const Revision floor = std::max(through, head_.log_floor);
  int forgotten = 0;
  TANDEM_RETURN_IF_ERROR(Begin());
  const auto forget = [&]() -> absl::Status {
    if (floor != head_.log_floor) TANDEM_RETURN_IF_ERROR(SetMeta("log_floor", floor));
    ResetAtEnd reset(&forget_);
    forget_.BindInt(1, FirstPosition(floor + 1));
    forget_.BindInt(2, kForgetAtOnce);
    TANDEM_RETURN_IF_ERROR(forget_.Step().status());
    forgotten = sqlite3_changes(connection_->handle());
    return absl::OkStatus();
  };
  absl::Status forgot = forget();
  PassPoint("storage.compaction");
  TANDEM_RETURN_IF_ERROR(Finish(std::move(forgot)));
  head_.log_floor = floor;
  CheckpointIfLarge();
  return forgotten < kForgetAtOnce;
}

void SqliteWriter::CheckpointIfLarge() {
  if (wal_pages_ < next_checkpoint_pages_) return;
  int in_wal = 0;
  int checkpointed = 0;
  const int code =
      sqlite3_wal_checkpoint_v2(connection_->handle(), nullptr, SQLITE_CHECKPOINT_PASSIVE, &in_wal, &checkpointed);
  // A complete one lets the next commit start the write-ahead log over. After an incomplete one (a reader holds an
  // older snapshot, or the disk is full) nothing is lost: the log grows on, and it is tried again after a while.
  const bool complete = code == SQLITE_OK && checkpointed == in_wal;
  next_checkpoint_pages_ = complete ? checkpoint_pages_ : wal_pages_ + checkpoint_pages_ / 4 + 1;
}

}  // namespace tandem::sqlite
