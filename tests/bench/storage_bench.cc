// How many records a second the SQLite store writes, by transactions a call and by callers.
//
// A transaction is what creating a resource writes: the record (logged, 700 bytes) under a condition, and three small
// rows beside it. Reads of one key are measured at the end.
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <sys/utsname.h>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"

#include "common/storage/sqlite/sqlite_store.h"

namespace tandem {
namespace {

constexpr std::chrono::seconds kRun(2);

Transaction MakeTransaction(int64_t id) {
  // Spread over the key space, as random resource ids are.
  const std::string name = absl::StrCat(absl::Hex(static_cast<uint64_t>(id) * 0x9e3779b97f4a7c15u, absl::kZeroPad16));
  return {{Condition::Absent("p/editions/e1/" + name)},
          {Write::Put("p/editions/e1/" + name, std::string(700, 'v')),
           Write::PutUnlogged("i/external/" + name, "p/editions/e1/" + name), Write::PutUnlogged("i/time/" + name, ""),
           Write::PutUnlogged("q/" + name, std::string(60, 'r'))}};
}

// Runs `body` on `threads` threads until the time is over; it returns how many records it wrote or read.
double RecordsPerSecond(int threads, const std::function<int64_t()>& body) {
  std::atomic<int64_t> records = 0;
  const auto begin = std::chrono::steady_clock::now();
  std::vector<std::thread> callers;
  for (int i = 0; i < threads; ++i) {
    callers.emplace_back([&] {
      while (std::chrono::steady_clock::now() - begin < kRun) records += body();
    });
  }
  for (std::thread& caller : callers) caller.join();
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
  return static_cast<double>(records) / took.count();
}

void Writes(RecordStore* store, std::atomic<int64_t>* next_id, int callers, int per_call) {
  std::atomic<int64_t> calls = 0;
  const double rate = RecordsPerSecond(callers, [&] {
    std::vector<Transaction> transactions;
    for (int i = 0; i < per_call; ++i) transactions.push_back(MakeTransaction((*next_id)++));
    int64_t records = 0;
    for (const CommitOutcome& outcome : store->Commit(std::move(transactions))) records += outcome.status.ok() ? 4 : 0;
    ++calls;
    return records;
  });
  std::printf("%10d %14d %14.0f %14.0f\n", callers, per_call, rate, rate / 4);
}

int Run(const std::string& parent) {
  std::string folder = parent + "/tandem-storage-bench-XXXXXX";
  if (mkdtemp(folder.data()) == nullptr) {
    std::fprintf(stderr, "cannot make a folder under %s\n", parent.c_str());
    return 1;
  }
  SqliteOptions options;
  options.path = folder + "/store.db";
  auto store = OpenSqliteStore(options);
  if (!store.ok()) {
    std::fprintf(stderr, "%s\n", std::string(store.status().message()).c_str());
    return 1;
  }
  utsname machine{};
  uname(&machine);
  std::printf("%s %s, %u cores, %s\n", machine.sysname, machine.machine, std::thread::hardware_concurrency(),
              absl::FormatTime("%Y-%m-%d", absl::Now(), absl::UTCTimeZone()).c_str());
  std::printf("%10s %14s %14s %14s\n", "callers", "per call", "records/s", "transactions/s");
  std::atomic<int64_t> next_id = 0;
  for (const int callers : {1, 16}) {
    for (const int per_call : {1, 10, 100, 500}) Writes(store->get(), &next_id, callers, per_call);
  }
  std::atomic<int64_t> next_read = 0;
  for (const int callers : {1, 4}) {
    const double rate = RecordsPerSecond(callers, [&] {
      const Transaction transaction = MakeTransaction(next_read++ % next_id);
      return (*store)->Get(transaction.writes[0].key)->has_value() ? 1 : 0;
    });
    std::printf("%10d %14s %14.0f\n", callers, "Get", rate);
  }
  std::printf("%lld records written, file of %.0f MB\n", static_cast<long long>(next_id * 4),
              static_cast<double>(std::filesystem::file_size(options.path)) / 1e6);
  store->reset();
  std::filesystem::remove_all(folder);
  return 0;
}

}  // namespace
}  // namespace tandem

int main(int argc, char** argv) {
  return tandem::Run(argc > 1 ? argv[1] : std::filesystem::temp_directory_path().string());
}
