// How many transactions a second each backend commits, by callers, beside what its library alone does with the same
// rows.
//
// A transaction creates one record of 700 bytes: logged, under the condition that its key is absent, durable when it is
// acknowledged (SQLite synchronous=FULL, PostgreSQL synchronous_commit=on). Rounds of ours and of the bare library take
// turns, and the best of each counts: what else the machine does disturbs both.
#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <sys/utsname.h>
#include <thread>
#include <utility>
#include <vector>

#include "CLI/CLI.hpp"
#include "absl/status/status.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"

#include "common/base/status.h"
#include "common/storage/postgres/postgres_store.h"
#include "common/storage/postgres/schema.h"
#include "common/storage/sqlite/sqlite_store.h"
#include "tests/bench/store/bare.h"
#include "tests/bench/store/rows.h"
#include "tests/support/postgres/server.h"

namespace tandem::bench {
namespace {

constexpr char kSchema[] = "tandem_bench";
constexpr int kCallers[] = {1, 8, 64};

struct Flags {
  double seconds = 2;
  int rounds = 3;
  std::string folder = std::filesystem::temp_directory_path().string();
  std::string postgres;
  absl::Duration run() const { return absl::Seconds(seconds); }
};

struct Figures {
  double commits_per_second = 0;
  double p50_ms = 0, p99_ms = 0;
};

absl::StatusOr<Figures> Commits(RecordStore* store, std::atomic<int64_t>* next_id, int callers, absl::Duration run) {
  std::vector<std::vector<double>> times(static_cast<size_t>(callers));
  std::atomic<bool> failed = false;
  std::vector<std::thread> threads;
  const absl::Time begin = absl::Now();
  for (std::vector<double>& mine : times) {
    threads.emplace_back([&] {
      while (absl::Now() - begin < run && !failed) {
        const std::string key = KeyOf((*next_id)++);
        std::vector<Transaction> transactions(1);
        transactions[0] = {{Condition::Absent(key)}, {Write::Put(key, std::string(kValueBytes, 'v'))}};
        const auto sent = std::chrono::steady_clock::now();
        if (!store->Commit(std::move(transactions)).at(0).status.ok()) failed = true;
        mine.push_back(std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - sent).count());
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  const double took = absl::ToDoubleSeconds(absl::Now() - begin);
  if (failed) return absl::InternalError("a commit failed");
  std::vector<double> all;
  for (const std::vector<double>& mine : times) all.insert(all.end(), mine.begin(), mine.end());
  std::sort(all.begin(), all.end());
  return Figures{static_cast<double>(all.size()) / took, all[all.size() / 2], all[all.size() * 99 / 100]};
}

// Writes one backend's lines.
absl::Status Measure(const char* backend, const char* library, RecordStore* store, const Flags& flags,
                     const std::function<absl::StatusOr<double>(Rows rows, int records)>& bare) {
  // A schema that is used again holds keys of earlier runs.
  TANDEM_ASSIGN_OR_RETURN(const Head head, store->GetHead());
  std::atomic<int64_t> next_id = head.revision;
  std::map<int, Figures> ours;
  std::map<std::pair<Rows, int>, double> alone;
  for (int round = 0; round < flags.rounds; ++round) {
    for (const int callers : kCallers) {
      TANDEM_ASSIGN_OR_RETURN(const Figures figures, Commits(store, &next_id, callers, flags.run()));
      if (figures.commits_per_second > ours[callers].commits_per_second) ours[callers] = figures;
    }
    for (const Rows rows : {Rows::kRecords, Rows::kRecordsAndLog}) {
      for (const int records : {1, 64}) {
        TANDEM_ASSIGN_OR_RETURN(const double rate, bare(rows, records));
        double& best = alone[{rows, records}];
        best = std::max(best, rate);
      }
    }
  }
  for (const int callers : kCallers) {
    const Figures& figures = ours[callers];
    std::printf("%-12s %2d callers            %9.0f commits/s   p50 %7.2f ms   p99 %7.2f ms\n", backend, callers,
                figures.commits_per_second, figures.p50_ms, figures.p99_ms);
  }
  for (const Rows rows : {Rows::kRecords, Rows::kRecordsAndLog}) {
    for (const int records : {1, 64}) {
      std::printf("%-12s %2d a transaction       %9.0f records/s  %s\n", library, records, alone[{rows, records}],
                  rows == Rows::kRecords ? "(the records alone)" : "(the same rows: records and log)");
    }
  }
  const auto share = [&](Rows rows) { return ours[64].commits_per_second / alone[{rows, 64}]; };
  const auto gain = [&](Rows rows) { return alone[{rows, 64}] / alone[{rows, 1}]; };
  std::printf("%-12s 64 callers commit %.1f times as much as one (%s: %.1f times with 64 a transaction)\n", backend,
              ours[64].commits_per_second / ours[1].commits_per_second, library, gain(Rows::kRecordsAndLog));
  std::printf("%-12s and %.2f of %s with 64 a transaction and the same rows, %.2f of it with the records alone\n\n", "",
              share(Rows::kRecordsAndLog), library, share(Rows::kRecords));
  return absl::OkStatus();
}

absl::Status MeasureSqlite(const Flags& flags) {
  std::string folder = flags.folder + "/tandem-store-bench-XXXXXX";
  if (mkdtemp(folder.data()) == nullptr) return absl::NotFoundError("cannot make a folder under " + flags.folder);
  const std::unique_ptr<std::string, void (*)(std::string*)> removed(
      &folder, [](std::string* path) { std::filesystem::remove_all(*path); });
  SqliteOptions options;
  options.path = folder + "/store.db";
  TANDEM_ASSIGN_OR_RETURN(const std::unique_ptr<RecordStore> store, OpenSqliteStore(options));
  return Measure("SQLite", "bare SQLite", store.get(), flags,
                 [&](Rows rows, int records) { return BareSqlite(folder + "/bare.db", rows, records, flags.run()); });
}

absl::Status MeasurePostgres(const Flags& flags) {
  std::unique_ptr<PostgresServer> server;
  PostgresOptions options;
  options.conninfo = flags.postgres;
  options.schema = kSchema;
  if (flags.postgres.empty()) {
    TANDEM_ASSIGN_OR_RETURN(server, PostgresServer::Start({"shared_buffers=256MB", "max_wal_size=2GB", "fsync=on",
                                                           "synchronous_commit=on"}));
    options.conninfo = server->connection();
  }
  TANDEM_RETURN_IF_ERROR(postgres::Migrate(options.conninfo, kSchema));
  TANDEM_ASSIGN_OR_RETURN(const std::unique_ptr<RecordStore> store, OpenPostgresStore(options));
  return Measure("PostgreSQL", "bare libpq", store.get(), flags,
                 [&](Rows rows, int records) { return BareLibpq(options.conninfo, rows, records, flags.run()); });
}

absl::Status Run(const Flags& flags) {
  utsname machine{};
  uname(&machine);
  std::printf("machine: %s %s %s, %u cores\n", machine.sysname, machine.release, machine.machine,
              std::thread::hardware_concurrency());
  std::printf("date:    %s\n", absl::FormatTime("%Y-%m-%d %H:%M UTC", absl::Now(), absl::UTCTimeZone()).c_str());
  std::printf("input:   one record of %zu bytes a commit, created if absent; best of %d rounds of %.1f s each\n\n",
              kValueBytes, flags.rounds, flags.seconds);
  TANDEM_RETURN_IF_ERROR(MeasureSqlite(flags));
  return MeasurePostgres(flags);
}

}  // namespace
}  // namespace tandem::bench

int main(int argc, char** argv) {
  CLI::App app("Commits a second on SQLite and PostgreSQL by callers, beside the bare libraries.", "tools/bench store");
  tandem::bench::Flags flags;
  app.add_option("--seconds", flags.seconds, "Length of each measurement")->capture_default_str();
  app.add_option("--rounds", flags.rounds, "Measurements of each kind, of which the best counts")
      ->capture_default_str()
      ->check(CLI::Range(1, 100));
  app.add_option("--folder", flags.folder, "Where the SQLite files are made, on the disk to be measured")
      ->capture_default_str();
  app.add_option("--postgres", flags.postgres, "A database to use instead of a private server, as libpq takes it");
  CLI11_PARSE(app, argc, argv);
  const absl::Status status = tandem::bench::Run(flags);
  if (!status.ok()) std::fprintf(stderr, "%s\n", status.ToString().c_str());
  return status.ok() ? 0 : 1;
}
