// The tables of a store, how they come to be, and whether a file holds them.
#ifndef TANDEM_COMMON_STORAGE_SQLITE_SCHEMA_H_
#define TANDEM_COMMON_STORAGE_SQLITE_SCHEMA_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"

#include "common/storage/record_store.h"
#include "common/storage/sqlite/connection.h"

namespace tandem::sqlite {

// "TNDM": tells our files from other SQLite databases.
inline constexpr int64_t kApplicationId = 0x544e444d;
// Raised when the tables change; an older program refuses a newer file.
inline constexpr int64_t kSchemaVersion = 1;

// A change's place in the log: its revision in the high bits, its place in the transaction in the low ones.
inline constexpr int kPositionBits = 20;
static_assert(kMaxTransactionWrites < (size_t{1} << kPositionBits));
inline constexpr int64_t FirstPosition(Revision revision) { return revision << kPositionBits; }
inline constexpr Revision RevisionOf(int64_t position) { return position >> kPositionBits; }

// Makes the tables when the file is new, else verifies that they are ours and sound. `path` is for messages.
absl::Status PrepareSchema(Connection* connection, const std::string& path, int64_t full_check_bytes);

// Replaces the epoch.
absl::Status BeginNewEpoch(Connection* connection);

// Epoch, revision and log floor.
inline constexpr char kSelectHead[] =
    "SELECT (SELECT value FROM meta WHERE name = 'epoch'), (SELECT value FROM meta WHERE name = 'revision'), "
    "(SELECT value FROM meta WHERE name = 'log_floor')";
absl::StatusOr<Head> ReadHead(Statement* select_head);

}  // namespace tandem::sqlite

#endif  // TANDEM_COMMON_STORAGE_SQLITE_SCHEMA_H_
