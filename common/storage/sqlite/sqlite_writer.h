// The one connection that writes. Used by one thread at a time: the group committer's.
#ifndef TANDEM_COMMON_STORAGE_SQLITE_SQLITE_WRITER_H_
#define TANDEM_COMMON_STORAGE_SQLITE_SQLITE_WRITER_H_

#include <cstdint>
#include <memory>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"

#include "common/storage/group_committer.h"
#include "common/storage/head_watch.h"
#include "common/storage/record_store.h"
#include "common/storage/sqlite/connection.h"

namespace tandem::sqlite {

class SqliteWriter final : public BatchWriter {
 public:
  // `connection` holds a prepared schema. `watch` is told of every durable revision and must outlive this.
  static absl::StatusOr<std::unique_ptr<SqliteWriter>> Create(std::unique_ptr<Connection> connection,
                                                              int checkpoint_pages, HeadWatch* watch);

  void WriteBatch(absl::Span<PendingTransaction* const> batch) override;

  // Raises the log floor and forgets a stretch of the log; true when nothing is left to forget up to `through`.
  absl::StatusOr<bool> CompactSome(Revision through);

 private:
  SqliteWriter(std::unique_ptr<Connection> connection, int checkpoint_pages, HeadWatch* watch)
      : connection_(std::move(connection)), checkpoint_pages_(checkpoint_pages), watch_(watch) {}

  absl::Status PrepareStatements();
  absl::Status Begin();
  // Commits or, on any failure, rolls back: then nothing was written.
  absl::Status Finish(absl::Status so_far);
  absl::Status ApplyBatch(absl::Span<PendingTransaction* const> batch, Revision* revision);
  // Sets the outcome and advances `*revision` when something changed. An error is the file's, never the transaction's.
  absl::Status Apply(PendingTransaction* item, Revision* revision);
  absl::StatusOr<int> FirstFailedCondition(const Transaction& transaction);
  absl::StatusOr<bool> ApplyWrite(const Write& write, Revision revision, int64_t position);
  absl::Status SetMeta(absl::string_view name, Revision value);
  void CheckpointIfLarge();

  std::unique_ptr<Connection> connection_;
  const int checkpoint_pages_;
  HeadWatch* const watch_;
  Head head_;
  int wal_pages_ = 0;              // as of the last commit, told by SQLite
  int next_checkpoint_pages_ = 0;  // grows while readers keep a checkpoint from finishing
  Statement revision_of_;
  Statement put_;
  Statement delete_;
  Statement log_;
  Statement set_meta_;
  Statement forget_;
};

}  // namespace tandem::sqlite

#endif  // TANDEM_COMMON_STORAGE_SQLITE_SQLITE_WRITER_H_
