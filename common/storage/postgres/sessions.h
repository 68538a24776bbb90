// What the connections of a store are prepared for: their settings and the statements they know.
#ifndef TANDEM_COMMON_STORAGE_POSTGRES_SESSIONS_H_
#define TANDEM_COMMON_STORAGE_POSTGRES_SESSIONS_H_

#include <chrono>
#include <string>

#include "absl/strings/string_view.h"

#include "common/storage/postgres/connection.h"

namespace tandem::postgres {

// What every connection of a store needs to know.
struct Place {
  std::string conninfo;
  std::string schema;                           // valid by CheckSchemaName
  std::chrono::milliseconds operation{10'000};  // the longest that one statement may take
  // When the server has not answered by then either, it is not there.
  std::chrono::milliseconds limit() const { return operation + std::chrono::seconds(2); }
};

// Names of the statements.
inline constexpr char kBegin[] = "begin", kCommit[] = "commit", kRollback[] = "rollback";
// Readers: bytes key; bytes[] keys; bytes begin, int limit (and bytes end between them). A row is key, revision,
// create_revision, value.
inline constexpr char kGet[] = "get", kBatchGet[] = "batch_get", kScan[] = "scan", kScanOn[] = "scan_on";
// Readers and the writer: text milliseconds, for Connection::LimitStatements.
inline constexpr char kLimit[] = "limit";
// Readers and the listener: epoch, revision, log floor.
inline constexpr char kHead[] = "head";
// Readers: int first position, int limit, int bytes; position, key, value, whether there is more than this page.
inline constexpr char kChanges[] = "changes";
// The writer. Lock: revision, log floor. Find: bytes[] keys; key, revision, create_revision.
inline constexpr char kLock[] = "lock", kFind[] = "find";
// bytes[] keys, int[] revisions, int[] create revisions, bytes[] values. Insert takes only keys without a record.
inline constexpr char kInsert[] = "insert", kReplace[] = "replace";
// bytes[] keys. int[] positions, bytes[] keys, bytes[] values. int revision.
inline constexpr char kRemove[] = "remove", kLog[] = "log", kAdvance[] = "advance";
// text writer, int batch: leave and look for the mark of a batch. text writer, int pid: end a connection of the writer.
inline constexpr char kMark[] = "mark", kFindMark[] = "find_mark", kEnd[] = "end";
// Nothing: forgets the marks of writers that are long gone.
inline constexpr char kForgetWriters[] = "forget_writers";
// int floor. int first position to keep, int limit.
inline constexpr char kRaiseFloor[] = "raise_floor", kForget[] = "forget";
// The listener: text channel.
inline constexpr char kNotify[] = "notify";

// `sql` with every {s} replaced by the quoted schema.
std::string WithSchema(absl::string_view sql, absl::string_view schema);

// Each read is one statement, or begins one snapshot with kBegin.
Session ReaderSession(const Place& place);
// `writer` names the process in pg_stat_activity.
Session WriterSession(const Place& place, const std::string& writer);
Session ListenerSession(const Place& place);

}  // namespace tandem::postgres

#endif  // TANDEM_COMMON_STORAGE_POSTGRES_SESSIONS_H_
