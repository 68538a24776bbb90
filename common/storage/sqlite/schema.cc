#include "common/storage/sqlite/schema.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

#include "common/base/random_id.h"
#include "common/base/status.h"

namespace tandem::sqlite {
namespace {

// The small columns come first: a condition reads them without walking through a long value.
constexpr char kCreateTables[] = R"sql(
  CREATE TABLE meta (name TEXT NOT NULL PRIMARY KEY, value ANY NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE records (
    key BLOB NOT NULL PRIMARY KEY,
    revision INTEGER NOT NULL,
    create_revision INTEGER NOT NULL,
    value BLOB NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE log (position INTEGER PRIMARY KEY, key BLOB NOT NULL, value BLOB) STRICT;
)sql";

absl::Status Damaged(const std::string& path, absl::string_view what) {
  // What the connection says of damage is a sentence of its own already: say it once.
  absl::ConsumePrefix(&what, "the store is damaged ");
  absl::ConsumeSuffix(&what, ": restore it from a backup");
  return absl::DataLossError(absl::StrCat("the store ", path, " is damaged (", what, "): restore it from a backup"));
}

absl::Status InsertMeta(Connection* connection, absl::string_view name, absl::string_view text, int64_t number) {
  TANDEM_ASSIGN_OR_RETURN(Statement insert, connection->Prepare("INSERT OR REPLACE INTO meta VALUES (?, ?)"));
  insert.BindText(1, name);
  text.empty() ? insert.BindInt(2, number) : insert.BindText(2, text);
  return insert.Step().status();
}

absl::Status Create(Connection* connection) {
  TANDEM_RETURN_IF_ERROR(connection->Execute("BEGIN IMMEDIATE"));
  TANDEM_RETURN_IF_ERROR(connection->Execute(kCreateTables));
  TANDEM_RETURN_IF_ERROR(InsertMeta(connection, "schema_version", "", kSchemaVersion));
  TANDEM_RETURN_IF_ERROR(InsertMeta(connection, "epoch", RandomUuid(), 0));
  TANDEM_RETURN_IF_ERROR(InsertMeta(connection, "revision", "", 0));
  TANDEM_RETURN_IF_ERROR(InsertMeta(connection, "log_floor", "", 0));
  TANDEM_RETURN_IF_ERROR(connection->Execute(absl::StrCat("PRAGMA application_id = ", kApplicationId).c_str()));
  return connection->Execute("COMMIT");
}

absl::Status VerifyBookkeeping(Connection* connection, const std::string& path) {
  TANDEM_ASSIGN_OR_RETURN(Statement select, connection->Prepare(kSelectHead));
  const absl::StatusOr<Head> head = ReadHead(&select);
  if (!head.ok()) return Damaged(path, head.status().message());
  TANDEM_ASSIGN_OR_RETURN(const int64_t last, connection->QueryInt("SELECT ifnull(max(position), 0) FROM log"));
  if (RevisionOf(last) > head->revision) return Damaged(path, "its log is ahead of its head");
  TANDEM_RETURN_IF_ERROR(connection->Prepare("SELECT key, revision, create_revision, value FROM records").status());
  return absl::OkStatus();
}

absl::Status VerifyPages(Connection* connection, const std::string& path, int64_t full_check_bytes) {
  TANDEM_ASSIGN_OR_RETURN(const int64_t pages, connection->QueryInt("PRAGMA page_count"));
  TANDEM_ASSIGN_OR_RETURN(const int64_t page_size, connection->QueryInt("PRAGMA page_size"));
  if (pages * page_size > full_check_bytes) return absl::OkStatus();
  TANDEM_ASSIGN_OR_RETURN(const std::string verdict, connection->QueryText("PRAGMA quick_check(1)"));
  return verdict == "ok" ? absl::OkStatus() : Damaged(path, verdict);
}

absl::Status Verify(Connection* connection, const std::string& path, int64_t full_check_bytes) {
  TANDEM_ASSIGN_OR_RETURN(const int64_t version,
                          connection->QueryInt("SELECT value FROM meta WHERE name = 'schema_version'"));
  if (version > kSchemaVersion) {
    return absl::FailedPreconditionError(absl::StrCat("the store ", path, " has schema version ", version,
                                                      ", this program knows up to ", kSchemaVersion,
                                                      ": run the newer program that wrote it"));
  }
  if (version < 1) return Damaged(path, "it has no schema version");
  TANDEM_RETURN_IF_ERROR(VerifyBookkeeping(connection, path));
  return VerifyPages(connection, path, full_check_bytes);
}

}  // namespace

absl::Status PrepareSchema(Connection* connection, const std::string& path, int64_t full_check_bytes) {
  absl::StatusOr<int64_t> objects = connection->QueryInt("SELECT count(*) FROM sqlite_schema");
  if (absl::IsFailedPrecondition(objects.status())) {
    return absl::FailedPreconditionError(absl::StrCat(path, " is not a SQLite database: choose another file"));
  }
  absl::Status status = objects.status();
  if (status.ok()) {
    absl::StatusOr<int64_t> application = connection->QueryInt("PRAGMA application_id");
    status = application.status();
    if (status.ok() && *application != kApplicationId && (*application != 0 || *objects != 0)) {
      return absl::FailedPreconditionError(
          absl::StrCat(path, " is a SQLite database, but not one of this program: choose another file"));
    }
  }
  // What is refused is left as it was: nothing is written before all is verified.
  if (status.ok() && *objects != 0) status = Verify(connection, path, full_check_bytes);
  if (status.ok()) {
    connection->CheckpointOnClose(true);
    TANDEM_RETURN_IF_ERROR(connection->SetPragma("journal_mode", "WAL", "wal"));
    if (*objects == 0) status = Create(connection);
  }
  if (absl::IsDataLoss(status) && !absl::StrContains(status.message(), path)) return Damaged(path, status.message());
  return status;
}

absl::Status BeginNewEpoch(Connection* connection, Revision least_revision) {
  TANDEM_RETURN_IF_ERROR(connection->Execute("BEGIN IMMEDIATE"));
  TANDEM_RETURN_IF_ERROR(InsertMeta(connection, "epoch", RandomUuid(), 0));
  TANDEM_ASSIGN_OR_RETURN(const int64_t revision,
                          connection->QueryInt("SELECT value FROM meta WHERE name = 'revision'"));
  if (revision < least_revision) TANDEM_RETURN_IF_ERROR(InsertMeta(connection, "revision", "", least_revision));
  return connection->Execute("COMMIT");
}

absl::StatusOr<Head> ReadHead(Statement* select_head) {
  ResetAtEnd reset(select_head);
  TANDEM_ASSIGN_OR_RETURN(const bool row, select_head->Step());
  Head head;
  if (row) head.epoch = std::string(select_head->Bytes(0));
  if (head.epoch.empty() || !select_head->IsInt(1) || !select_head->IsInt(2)) {
    return absl::DataLossError("its epoch, revision or log floor is missing");
  }
  head.revision = select_head->Int(1);
  head.log_floor = select_head->Int(2);
  return head;
}

}  // namespace tandem::sqlite
