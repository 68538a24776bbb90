#include "common/storage/sqlite/connection.h"

#include "absl/strings/str_cat.h"

#include "common/base/status.h"

namespace tandem::sqlite {

absl::Status StatusOf(int code, absl::string_view doing) {
  const std::string said = absl::StrCat(" while ", doing, " (SQLite ", code, ": ", sqlite3_errstr(code), ")");
  switch (code & 0xff) {
    case SQLITE_OK:
    case SQLITE_ROW:
    case SQLITE_DONE:
      return absl::OkStatus();
    case SQLITE_FULL:
      return absl::ResourceExhaustedError(
          absl::StrCat("the store's disk is full", said, ": free some space and retry"));
    case SQLITE_CORRUPT:
      return absl::DataLossError(absl::StrCat("the store is damaged", said, ": restore it from a backup"));
    case SQLITE_NOTADB:
      return absl::FailedPreconditionError(absl::StrCat("the file is not a SQLite database", said,
                                                        ": choose another file, or restore this one from a backup"));
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_NOMEM:
    case SQLITE_PROTOCOL:
      return MakeError(absl::StatusCode::kUnavailable, "STORE_UNAVAILABLE",
                       absl::StrCat("the store's file cannot be used now", said, ": retry later"),
                       {{"cause", sqlite3_errstr(code)}});
    default:
      return absl::InternalError(absl::StrCat("unexpected answer", said));
  }
}

void Statement::BindBlob(int index, absl::string_view bytes) {
  // A null pointer would bind NULL instead of the empty blob.
  const char* data = bytes.data() == nullptr ? "" : bytes.data();
  Note(sqlite3_bind_blob64(statement_.get(), index, data, bytes.size(), SQLITE_STATIC));
}

void Statement::BindText(int index, absl::string_view text) {
  const char* data = text.data() == nullptr ? "" : text.data();
  Note(sqlite3_bind_text64(statement_.get(), index, data, text.size(), SQLITE_STATIC, SQLITE_UTF8));
}

void Statement::BindInt(int index, int64_t value) { Note(sqlite3_bind_int64(statement_.get(), index, value)); }

void Statement::BindNull(int index) { Note(sqlite3_bind_null(statement_.get(), index)); }

absl::StatusOr<bool> Statement::Step() {
  if (bind_error_ != SQLITE_OK) return StatusOf(bind_error_, "binding a parameter");
  const int code = sqlite3_step(statement_.get());
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  return StatusOf(code, "running a statement");
}

absl::string_view Statement::Bytes(int column) const {
  const void* data = sqlite3_column_blob(statement_.get(), column);
  const int size = sqlite3_column_bytes(statement_.get(), column);
  return data == nullptr ? absl::string_view()
                         : absl::string_view(static_cast<const char*>(data), static_cast<size_t>(size));
}

void Statement::Reset() {
  sqlite3_reset(statement_.get());  // repeats the error of the last step, which was reported then
  bind_error_ = SQLITE_OK;
}

absl::StatusOr<std::unique_ptr<Connection>> Connection::Open(const std::string& path, Mode mode) {
  sqlite3* handle = nullptr;
  const int access = mode == Mode::kReadOnly ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE;
  const int code =
      sqlite3_open_v2(path.c_str(), &handle, access | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nullptr);
  std::unique_ptr<Connection> connection(new Connection(handle));
  TANDEM_RETURN_IF_ERROR(StatusOf(code, "opening the file"));
  TANDEM_RETURN_IF_ERROR(connection->Configure(mode));
  return connection;
}

absl::Status Connection::Configure(Mode mode) {
  sqlite3_busy_timeout(handle_, 5000);  // only a stranger, such as a backup tool, can be in the way
  sqlite3_db_config(handle_, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  TANDEM_RETURN_IF_ERROR(SetPragma("trusted_schema", "OFF", "0"));
  TANDEM_RETURN_IF_ERROR(SetPragma("cell_size_check", "ON", "1"));
  TANDEM_RETURN_IF_ERROR(SetPragma("synchronous", "FULL", "2"));
  TANDEM_RETURN_IF_ERROR(SetPragma("temp_store", "MEMORY", "2"));
  // SQLite before 3.51.3 can damage a file when several connections checkpoint: the writer alone does, when it chooses.
  TANDEM_RETURN_IF_ERROR(SetPragma("wal_autocheckpoint", "0", "0"));
  CheckpointOnClose(false);
  if (mode == Mode::kReadOnly) {
    TANDEM_RETURN_IF_ERROR(SetPragma("query_only", "ON", "1"));
  } else {
    // Most of what commits touch should be in memory: 64 MiB, in KiB.
    TANDEM_RETURN_IF_ERROR(SetPragma("cache_size", "-65536", "-65536"));
    // What is deleted, people's data among it, does not linger in free pages.
    TANDEM_RETURN_IF_ERROR(SetPragma("secure_delete", "ON", "1"));
  }
  return absl::OkStatus();
}

void Connection::CheckpointOnClose(bool checkpoint) {
  sqlite3_db_config(handle_, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, checkpoint ? 0 : 1, nullptr);
}

absl::Status Connection::Execute(const char* sql) {
  return StatusOf(sqlite3_exec(handle_, sql, nullptr, nullptr, nullptr), "running a command");
}

absl::StatusOr<Statement> Connection::Prepare(absl::string_view sql) {
  sqlite3_stmt* statement = nullptr;
  const int code = sqlite3_prepare_v3(handle_, sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT,
                                      &statement, nullptr);
  Statement owned(statement);
  TANDEM_RETURN_IF_ERROR(StatusOf(code, "preparing a statement"));
  return owned;
}

absl::StatusOr<int64_t> Connection::QueryInt(absl::string_view sql) {
  TANDEM_ASSIGN_OR_RETURN(Statement statement, Prepare(sql));
  TANDEM_ASSIGN_OR_RETURN(const bool row, statement.Step());
  return row ? statement.Int(0) : 0;
}

absl::StatusOr<std::string> Connection::QueryText(absl::string_view sql) {
  TANDEM_ASSIGN_OR_RETURN(Statement statement, Prepare(sql));
  TANDEM_ASSIGN_OR_RETURN(const bool row, statement.Step());
  return row ? std::string(statement.Bytes(0)) : std::string();
}

absl::Status Connection::SetPragma(absl::string_view name, absl::string_view value, absl::string_view read_back) {
  // Some pragmas answer when set and some do not; both are asked again.
  TANDEM_RETURN_IF_ERROR(QueryText(absl::StrCat("PRAGMA ", name, " = ", value)).status());
  TANDEM_ASSIGN_OR_RETURN(const std::string actual, QueryText(absl::StrCat("PRAGMA ", name)));
  if (actual == read_back) return absl::OkStatus();
  return absl::FailedPreconditionError(absl::StrCat("SQLite did not accept ", name, " = ", value, " (it is ", actual,
                                                    "): the store needs a local disk and SQLite 3.37 or newer"));
}

}  // namespace tandem::sqlite
