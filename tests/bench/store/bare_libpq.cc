#include <cstdint>
#include <libpq-fe.h>
#include <memory>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"

#include "tests/bench/store/bare.h"
#include "tests/bench/store/rows.h"

namespace tandem::bench {
namespace {

// Waits for everything sent; false when something failed.
bool Drain(PGconn* connection) {
  bool good = true;
  while (true) {
    PGresult* const result = PQgetResult(connection);
    if (result == nullptr) continue;
    const ExecStatusType status = PQresultStatus(result);
    PQclear(result);
    if (status == PGRES_PIPELINE_SYNC) return good;
    good &= status == PGRES_COMMAND_OK;
    if (PQstatus(connection) != CONNECTION_OK) return false;
  }
}

}  // namespace

absl::StatusOr<double> BareLibpqRows(const std::string& conninfo, int rows, absl::Duration run) {
  const std::unique_ptr<PGconn, decltype(&PQfinish)> owned(PQconnectdb(conninfo.c_str()), PQfinish);
  PGconn* const connection = owned.get();
  PQclear(PQexec(connection,
                 "SET client_min_messages = warning; SET synchronous_commit = on; DROP TABLE IF EXISTS bare; "
                 "CREATE TABLE bare (key bytea PRIMARY KEY, value bytea NOT NULL)"));
  PQclear(PQprepare(connection, "insert", "INSERT INTO bare VALUES ($1::bytea, $2::bytea)", 0, nullptr));
  if (PQenterPipelineMode(connection) == 0) {
    return absl::UnavailableError(absl::StrCat("bare libpq: ", PQerrorMessage(connection)));
  }
  const std::string value(kValueBytes, 'v');
  int64_t done = 0;
  const absl::Time begin = absl::Now();
  while (absl::Now() - begin < run) {
    PQsendQueryParams(connection, "BEGIN", 0, nullptr, nullptr, nullptr, nullptr, 1);
    for (int i = 0; i < rows; ++i) {
      const std::string key = KeyOf(done + i);
      const char* const values[] = {key.data(), value.data()};
      const int lengths[] = {static_cast<int>(key.size()), static_cast<int>(value.size())};
      const int formats[] = {1, 1};
      PQsendQueryPrepared(connection, "insert", 2, values, lengths, formats, 1);
    }
    PQsendQueryParams(connection, "COMMIT", 0, nullptr, nullptr, nullptr, nullptr, 1);
    PQpipelineSync(connection);
    if (!Drain(connection)) return absl::InternalError(absl::StrCat("bare libpq: ", PQerrorMessage(connection)));
    done += rows;
  }
  return static_cast<double>(done) / absl::ToDoubleSeconds(absl::Now() - begin);
}

}  // namespace tandem::bench
