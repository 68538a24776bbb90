// How many transactions a second the PostgreSQL store commits, by callers, against what libpq alone does.
//
// A transaction creates one record of 700 bytes: it is logged, under the condition that its key is absent. The bare
// program inserts rows of the same key and value into a table of its own, 64 in a transaction, prepared and pipelined.
// Without an argument a private server is started in the temporary folder, with its flushes.
#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <libpq-fe.h>
#include <memory>
#include <string>
#include <sys/utsname.h>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"

#include "common/storage/postgres/postgres_store.h"
#include "common/storage/postgres/schema.h"
#include "tests/support/postgres/server.h"

namespace tandem {
namespace {

constexpr std::chrono::seconds kRun(3);
constexpr char kSchema[] = "tandem_bench";

std::string KeyOf(int64_t id) {
  // Spread over the key space, as random resource ids are.
  return absl::StrCat("p/editions/e1/", absl::Hex(static_cast<uint64_t>(id) * 0x9e3779b97f4a7c15u, absl::kZeroPad16));
}

double Seconds(std::chrono::steady_clock::time_point begin) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

double CommitsPerSecond(RecordStore* store, std::atomic<int64_t>* next_id, int callers) {
  std::atomic<int64_t> commits = 0;
  const auto begin = std::chrono::steady_clock::now();
  std::vector<std::thread> threads;
  for (int i = 0; i < callers; ++i) {
    threads.emplace_back([&] {
      while (std::chrono::steady_clock::now() - begin < kRun) {
        const std::string key = KeyOf((*next_id)++);
        std::vector<Transaction> transactions(1);
        transactions[0] = {{Condition::Absent(key)}, {Write::Put(key, std::string(700, 'v'))}};
        if (store->Commit(std::move(transactions)).at(0).status.ok()) ++commits;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  return static_cast<double>(commits) / Seconds(begin);
}

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

double BareRowsPerSecond(const std::string& conninfo, int rows) {
  const std::unique_ptr<PGconn, decltype(&PQfinish)> owned(PQconnectdb(conninfo.c_str()), PQfinish);
  PGconn* const connection = owned.get();
  PQclear(PQexec(connection,
                 "SET client_min_messages = warning; DROP TABLE IF EXISTS bare; "
                 "CREATE TABLE bare (key bytea PRIMARY KEY, value bytea NOT NULL)"));
  PQclear(PQprepare(connection, "insert", "INSERT INTO bare VALUES ($1::bytea, $2::bytea)", 0, nullptr));
  PQenterPipelineMode(connection);
  const std::string value(700, 'v');
  int64_t done = 0;
  const auto begin = std::chrono::steady_clock::now();
  while (Seconds(begin) < static_cast<double>(kRun.count())) {
    PQsendQueryParams(connection, "BEGIN", 0, nullptr, nullptr, nullptr, nullptr, 1);
    for (int i = 0; i < rows; ++i) {
      const std::string key = KeyOf(done + i);
      const char* values[] = {key.data(), value.data()};
      const int lengths[] = {static_cast<int>(key.size()), static_cast<int>(value.size())};
      const int formats[] = {1, 1};
      PQsendQueryPrepared(connection, "insert", 2, values, lengths, formats, 1);
    }
    PQsendQueryParams(connection, "COMMIT", 0, nullptr, nullptr, nullptr, nullptr, 1);
    PQpipelineSync(connection);
    if (!Drain(connection)) {
      std::fprintf(stderr, "bare: %s\n", PQerrorMessage(connection));
      return 0;
    }
    done += rows;
  }
  return static_cast<double>(done) / Seconds(begin);
}

int Run(const std::string& given) {
  std::unique_ptr<PostgresServer> server;
  std::string conninfo = given;
  if (given.empty()) {
    auto started = PostgresServer::Start({"shared_buffers=256MB", "max_wal_size=2GB"});
    if (!started.ok()) {
      std::fprintf(stderr, "%s\n", std::string(started.status().message()).c_str());
      return 1;
    }
    server = *std::move(started);
    conninfo = server->connection();
  }
  if (const absl::Status migrated = postgres::Migrate(conninfo, kSchema); !migrated.ok()) {
    std::fprintf(stderr, "%s\n", std::string(migrated.message()).c_str());
    return 1;
  }
  PostgresOptions options;
  options.conninfo = conninfo;
  options.schema = kSchema;
  auto store = OpenPostgresStore(options);
  if (!store.ok()) {
    std::fprintf(stderr, "%s\n", std::string(store.status().message()).c_str());
    return 1;
  }
  utsname machine{};
  uname(&machine);
  std::printf("%s %s, %u cores\n", machine.sysname, machine.machine, std::thread::hardware_concurrency());
  std::printf("%-24s %10s\n", "", "a second");
  // A schema that is used again holds keys of earlier runs.
  std::atomic<int64_t> next_id = (*store)->GetHead()->revision;
  double single = 0, most = 0;
  for (const int callers : {1, 8, 64, 1, 8, 64}) {
    const double rate = CommitsPerSecond(store->get(), &next_id, callers);
    std::printf("%2d callers, commits      %10.0f\n", callers, rate);
    if (callers == 1) single = std::max(single, rate);
    if (callers == 64) most = std::max(most, rate);
  }
  double bare = 0;
  for (const int rows : {1, 64, 64}) {
    const double rate = BareRowsPerSecond(conninfo, rows);
    std::printf("bare libpq, %2d rows each  %9.0f\n", rows, rate);
    if (rows == 64) bare = std::max(bare, rate);
  }
  std::printf("64 callers are %.1f times one; %.2f of bare libpq\n", most / single, most / bare);
  return 0;
}

}  // namespace
}  // namespace tandem

int main(int argc, char** argv) { return tandem::Run(argc > 1 ? argv[1] : ""); }
