#include <cstdint>
#include <memory>
#include <sqlite3.h>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"

#include "tests/bench/store/bare.h"
#include "tests/bench/store/rows.h"

namespace tandem::bench {

namespace {

struct Finalizer {
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using Statement = std::unique_ptr<sqlite3_stmt, Finalizer>;

Statement Prepare(sqlite3* database, const char* sql) {
  sqlite3_stmt* statement = nullptr;
  sqlite3_prepare_v2(database, sql, -1, &statement, nullptr);
  return Statement(statement);
}

void Bind(sqlite3_stmt* statement, int place, const std::string& bytes) {
  sqlite3_bind_blob(statement, place, bytes.data(), static_cast<int>(bytes.size()), SQLITE_STATIC);
}

bool Run(sqlite3_stmt* statement) {
  const bool done = sqlite3_step(statement) == SQLITE_DONE;
  sqlite3_reset(statement);
  return done;
}

}  // namespace

absl::StatusOr<double> BareSqlite(const std::string& file, Rows rows, int records, absl::Duration run) {
  sqlite3* opened = nullptr;
  const int open = sqlite3_open(file.c_str(), &opened);
  const std::unique_ptr<sqlite3, decltype(&sqlite3_close)> owned(opened, sqlite3_close);
  const auto failed = [&] { return absl::InternalError(absl::StrCat("bare SQLite: ", sqlite3_errmsg(opened))); };
  const auto execute = [&](const char* sql) {
    return sqlite3_exec(opened, sql, nullptr, nullptr, nullptr) == SQLITE_OK;
  };
  if (open != SQLITE_OK ||
      !execute("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; DROP TABLE IF EXISTS bare; "
               "DROP TABLE IF EXISTS bare_log; CREATE TABLE bare (key BLOB PRIMARY KEY, revision INTEGER NOT NULL, "
               "create_revision INTEGER NOT NULL, value BLOB NOT NULL) WITHOUT ROWID; "
               "CREATE TABLE bare_log (position INTEGER PRIMARY KEY, key BLOB NOT NULL, value BLOB)")) {
    return failed();
  }
  const Statement record = Prepare(opened, "INSERT INTO bare VALUES (?1, ?2, ?2, ?3)");
  const Statement log = Prepare(opened, "INSERT INTO bare_log VALUES (?1, ?2, ?3)");
  if (record == nullptr || log == nullptr) return failed();
  const std::string value(kValueBytes, 'v');
  int64_t done = 0;
  const absl::Time begin = absl::Now();
  while (absl::Now() - begin < run) {
    if (!execute("BEGIN IMMEDIATE")) return failed();
    for (const int64_t end = done + records; done < end; ++done) {
      const std::string key = KeyOf(done);
      Bind(record.get(), 1, key);
      sqlite3_bind_int64(record.get(), 2, done);
      Bind(record.get(), 3, value);
      if (!Run(record.get())) return failed();
      if (rows == Rows::kRecords) continue;
      sqlite3_bind_int64(log.get(), 1, done);
      Bind(log.get(), 2, key);
      Bind(log.get(), 3, value);
      if (!Run(log.get())) return failed();
    }
    if (!execute("COMMIT")) return failed();
  }
  return static_cast<double>(done) / absl::ToDoubleSeconds(absl::Now() - begin);
}

}  // namespace tandem::bench
