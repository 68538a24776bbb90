// What the libraries alone do: rows of key and value into a table of two columns, durable, on one connection. No log,
// no revision, no condition: what a store adds is what it costs more.
#ifndef TANDEM_TESTS_BENCH_STORE_BARE_H_
#define TANDEM_TESTS_BENCH_STORE_BARE_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace tandem::bench {

// Rows a second with `rows` in a transaction.
absl::StatusOr<double> BareSqliteRows(const std::string& file, int rows, absl::Duration run);  // WAL, synchronous=FULL
absl::StatusOr<double> BareLibpqRows(const std::string& conninfo, int rows, absl::Duration run);  // prepared, pipelined

}  // namespace tandem::bench

#endif  // TANDEM_TESTS_BENCH_STORE_BARE_H_
