// The tables of a store, how they come to be, and whether a file holds them.
#ifndef TANDEM_COMMON_STORAGE_SQLITE_SCHEMA_H_
#define TANDEM_COMMON_STORAGE_SQLITE_SCHEMA_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"

#include "common/storage/log_position.h"
#include "common/storage/record_store.h"
#include "common/storage/sqlite/connection.h"

namespace tandem::sqlite {

// "TNDM": tells our files from other SQLite databases.
inline constexpr int64_t kApplicationId = 0x544e444d;
// Raised when the tables change; an older program refuses a newer file.
inline constexpr int64_t kSchemaVersion = 1;

// Makes the tables when the file is new, else verifies that they are ours and sound. `path` is for messages.
absl::Status PrepareSchema(Connection* connection, const std::string& path, int64_t full_check_bytes);

// Replaces the epoch, and raises the revision of the head to `least_revision`.
absl::Status BeginNewEpoch(Connection* connection, Revision least_revision);

// Epoch, revision and log floor.
inline constexpr char kSelectHead[] =
    "SELECT (SELECT value FROM meta WHERE name = 'epoch'), (SELECT value FROM meta WHERE name = 'revision'), "
    "(SELECT value FROM meta WHERE name = 'log_floor')";
absl::StatusOr<Head> ReadHead(Statement* select_head);

}  // namespace tandem::sqlite

#endif  // TANDEM_COMMON_STORAGE_SQLITE_SCHEMA_H_
