// A RecordStore in one SQLite file: the default, for one replica on a local disk.
#ifndef TANDEM_COMMON_STORAGE_SQLITE_SQLITE_STORE_H_
#define TANDEM_COMMON_STORAGE_SQLITE_SQLITE_STORE_H_

#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/statusor.h"

#include "common/storage/group_committer.h"
#include "common/storage/record_store.h"

namespace tandem {

struct SqliteOptions {
  // The file; made with mode 0600 if absent, its folder must exist. Beside it live `-wal` and `-shm` (SQLite's own) and
  // `.lock`. Never on a network file system.
  std::string path;
  // Reads that run at the same time; further ones wait their turn.
  int reader_connections = 4;
  GroupCommitLimits limits;
  // The writer checkpoints between two batches once the write-ahead log has this many pages of 4 KiB.
  int checkpoint_pages = 16000;
  // At open a file up to this size is checked page by page, a larger one by its schema and bookkeeping only.
  int64_t full_check_bytes = int64_t{64} << 20;
  // The most pages of 4 KiB that the file may grow to; 0 for no bound. Past it commits are RESOURCE_EXHAUSTED.
  int64_t max_pages = 0;
  // Begins another epoch: set it once when the file was restored from a backup, or followers that saw what the backup
  // lacks would not notice.
  bool begin_new_epoch = false;
  // With begin_new_epoch: the head is raised to it, so that later commits take no revision that an earlier history has.
  Revision least_revision = 0;
};

// Opens or makes the store.
// FAILED_PRECONDITION: another opener holds it, it is no store of this kind, a newer program wrote it, or its file
// system cannot do what is needed. DATA_LOSS: it is damaged. NOT_FOUND: the folder does not exist. UNAVAILABLE: I/O
// failed.
absl::StatusOr<std::unique_ptr<RecordStore>> OpenSqliteStore(SqliteOptions options);

}  // namespace tandem

#endif  // TANDEM_COMMON_STORAGE_SQLITE_SQLITE_STORE_H_
