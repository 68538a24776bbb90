#include <cstdint>
#include <memory>
#include <sqlite3.h>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"

#include "tests/bench/store/bare.h"
#include "tests/bench/store/rows.h"

namespace tandem::bench {

absl::StatusOr<double> BareSqliteRows(const std::string& file, int rows, absl::Duration run) {
  sqlite3* opened = nullptr;
  const int open = sqlite3_open(file.c_str(), &opened);
  const std::unique_ptr<sqlite3, decltype(&sqlite3_close)> owned(opened, sqlite3_close);
  const auto failed = [&] { return absl::InternalError(absl::StrCat("bare SQLite: ", sqlite3_errmsg(opened))); };
  const auto execute = [&](const char* sql) {
    return sqlite3_exec(opened, sql, nullptr, nullptr, nullptr) == SQLITE_OK;
  };
  if (open != SQLITE_OK || !execute("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; DROP TABLE IF EXISTS bare; "
                                    "CREATE TABLE bare (key BLOB PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID")) {
    return failed();
  }
  sqlite3_stmt* prepared = nullptr;
  if (sqlite3_prepare_v2(opened, "INSERT INTO bare VALUES (?, ?)", -1, &prepared, nullptr) != SQLITE_OK) {
    return failed();
  }
  const std::unique_ptr<sqlite3_stmt, decltype(&sqlite3_finalize)> insert(prepared, sqlite3_finalize);
  const std::string value(kValueBytes, 'v');
  int64_t done = 0;
  const absl::Time begin = absl::Now();
  while (absl::Now() - begin < run) {
    if (!execute("BEGIN IMMEDIATE")) return failed();
    for (int i = 0; i < rows; ++i) {
      const std::string key = KeyOf(done + i);
      sqlite3_bind_blob(prepared, 1, key.data(), static_cast<int>(key.size()), SQLITE_STATIC);
      sqlite3_bind_blob(prepared, 2, value.data(), static_cast<int>(value.size()), SQLITE_STATIC);
      if (sqlite3_step(prepared) != SQLITE_DONE) return failed();
      sqlite3_reset(prepared);
    }
    if (!execute("COMMIT")) return failed();
    done += rows;
  }
  return static_cast<double>(done) / absl::ToDoubleSeconds(absl::Now() - begin);
}

}  // namespace tandem::bench
