// The few calls of SQLite that a store needs, with statuses and destructors. Not thread-safe: one thread at a time.
#ifndef TANDEM_COMMON_STORAGE_SQLITE_CONNECTION_H_
#define TANDEM_COMMON_STORAGE_SQLITE_CONNECTION_H_

#include <cstdint>
#include <memory>
#include <sqlite3.h>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace tandem::sqlite {

// What SQLite's extended result code `code` means to a caller of the store; `doing` completes "while ...".
absl::Status StatusOf(int code, absl::string_view doing);

// A prepared statement. Parameters count from 1, columns from 0.
class Statement {
 public:
  Statement() = default;
  explicit Statement(sqlite3_stmt* statement) : statement_(statement) {}

  // Bytes must stay until Reset. A failed binding is reported by Step.
  void BindBlob(int index, absl::string_view bytes);
  void BindText(int index, absl::string_view text);
  void BindInt(int index, int64_t value);
  void BindNull(int index);

  // True when a row is there, false at the end.
  absl::StatusOr<bool> Step();

  // Valid until the next Step or Reset.
  int64_t Int(int column) const { return sqlite3_column_int64(statement_.get(), column); }
  absl::string_view Bytes(int column) const;
  bool IsNull(int column) const { return sqlite3_column_type(statement_.get(), column) == SQLITE_NULL; }
  bool IsInt(int column) const { return sqlite3_column_type(statement_.get(), column) == SQLITE_INTEGER; }

  void Reset();

 private:
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
  };
  void Note(int code) {
    if (bind_error_ == SQLITE_OK) bind_error_ = code;
  }

  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
  int bind_error_ = SQLITE_OK;
};

// Resets a statement at the end of a scope: one left open would pin its snapshot and let the write-ahead log grow.
class ResetAtEnd {
 public:
  explicit ResetAtEnd(Statement* statement) : statement_(statement) {}
  ~ResetAtEnd() { statement_->Reset(); }
  ResetAtEnd(const ResetAtEnd&) = delete;
  ResetAtEnd& operator=(const ResetAtEnd&) = delete;

 private:
  Statement* statement_;
};

class Connection {
 public:
  enum class Mode { kReadOnly, kReadWrite };

  // Opens `path`, which must exist, and sets and verifies what holds for every connection of ours.
  static absl::StatusOr<std::unique_ptr<Connection>> Open(const std::string& path, Mode mode);

  // REQUIRES: every statement prepared here is gone.
  ~Connection() { sqlite3_close(handle_); }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  absl::Status Execute(const char* sql);
  absl::StatusOr<Statement> Prepare(absl::string_view sql);
  // The first column of the first row.
  absl::StatusOr<int64_t> QueryInt(absl::string_view sql);
  absl::StatusOr<std::string> QueryText(absl::string_view sql);
  // Runs `pragma name = value` and reads it back; FAILED_PRECONDITION when it did not take.
  absl::Status SetPragma(absl::string_view name, absl::string_view value, absl::string_view read_back);

  // Whether closing this one, when it is the last, moves the write-ahead log into the file. A connection does not at
  // first, so that a file that is then refused stays as it was; the writer does once the file is verified.
  void CheckpointOnClose(bool checkpoint);

  bool InTransaction() const { return sqlite3_get_autocommit(handle_) == 0; }
  sqlite3* handle() { return handle_; }

 private:
  explicit Connection(sqlite3* handle) : handle_(handle) {}
  absl::Status Configure(Mode mode);

  sqlite3* handle_;
};

}  // namespace tandem::sqlite

#endif  // TANDEM_COMMON_STORAGE_SQLITE_CONNECTION_H_
