// What the libraries alone do with the rows that a store writes, durable, on one connection: for each record its row,
// and its row of the log. No condition, no head, no other writers: what a store adds is what it costs more.
#ifndef TANDEM_TESTS_BENCH_STORE_BARE_H_
#define TANDEM_TESTS_BENCH_STORE_BARE_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace tandem::bench {

enum class Rows {
  kRecords,        // the records alone
  kRecordsAndLog,  // what a store writes
};

// Records a second with `records` in a transaction.
absl::StatusOr<double> BareSqlite(const std::string& file, Rows rows, int records, absl::Duration run);  // WAL, FULL
absl::StatusOr<double> BareLibpq(const std::string& conninfo, Rows rows, int records,
                                 absl::Duration run);  // prepared, pipelined

}  // namespace tandem::bench

#endif  // TANDEM_TESTS_BENCH_STORE_BARE_H_
