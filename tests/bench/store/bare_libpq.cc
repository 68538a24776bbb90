#include <cstdint>
#include <libpq-fe.h>
#include <memory>
#include <string>

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

// Big-endian, as int8 travels in binary.
std::string Int8(int64_t number) {
  std::string bytes;
  for (int shift = 56; shift >= 0; shift -= 8) bytes.push_back(static_cast<char>(number >> shift & 0xff));
  return bytes;
}

void Send(PGconn* connection, const char* statement, const std::string& number, const std::string& key,
          const std::string& value) {
  const char* const values[] = {number.data(), key.data(), value.data()};
  const int lengths[] = {static_cast<int>(number.size()), static_cast<int>(key.size()), static_cast<int>(value.size())};
  const int formats[] = {1, 1, 1};
  PQsendQueryPrepared(connection, statement, 3, values, lengths, formats, 1);
}

void Send(PGconn* connection, const char* sql) {
  PQsendQueryParams(connection, sql, 0, nullptr, nullptr, nullptr, nullptr, 1);
}

}  // namespace

absl::StatusOr<double> BareLibpq(const std::string& conninfo, Rows rows, int records, absl::Duration run) {
  const std::unique_ptr<PGconn, decltype(&PQfinish)> owned(PQconnectdb(conninfo.c_str()), PQfinish);
  PGconn* const connection = owned.get();
  PQclear(PQexec(connection,
                 "SET client_min_messages = warning; SET synchronous_commit = on; "
                 "DROP TABLE IF EXISTS bare, bare_log; "
                 "CREATE TABLE bare (key bytea PRIMARY KEY, revision int8 NOT NULL, create_revision int8 NOT NULL, "
                 "value bytea NOT NULL); "
                 "CREATE TABLE bare_log (position int8 PRIMARY KEY, key bytea NOT NULL, value bytea)"));
  PQclear(PQprepare(connection, "record", "INSERT INTO bare VALUES ($2::bytea, $1::int8, $1::int8, $3::bytea)", 0,
                    nullptr));
  PQclear(PQprepare(connection, "log", "INSERT INTO bare_log VALUES ($1::int8, $2::bytea, $3::bytea)", 0, nullptr));
  if (PQenterPipelineMode(connection) == 0) {
    return absl::UnavailableError(absl::StrCat("bare libpq: ", PQerrorMessage(connection)));
  }
  const std::string value(kValueBytes, 'v');
  int64_t done = 0;
  const absl::Time begin = absl::Now();
  while (absl::Now() - begin < run) {
    Send(connection, "BEGIN");
    for (const int64_t end = done + records; done < end; ++done) {
      const std::string key = KeyOf(done);
      Send(connection, "record", Int8(done), key, value);
      if (rows == Rows::kRecordsAndLog) Send(connection, "log", Int8(done), key, value);
    }
    Send(connection, "COMMIT");
    PQpipelineSync(connection);
    if (!Drain(connection)) return absl::InternalError(absl::StrCat("bare libpq: ", PQerrorMessage(connection)));
  }
  return static_cast<double>(done) / absl::ToDoubleSeconds(absl::Now() - begin);
}

}  // namespace tandem::bench
