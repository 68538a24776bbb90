// SQLite in this process and in memory, tuned in good faith.
#ifndef TANDEM_TESTS_BENCH_ENGINE_SQLITE_ENGINE_H_
#define TANDEM_TESTS_BENCH_ENGINE_SQLITE_ENGINE_H_

#include <memory>

#include "tests/bench/engine/engine.h"

namespace tandem::bench {

// Projects exploded into one row per (sector, stage), clustered by that and the ask in a WITHOUT ROWID table; gates and
// points looked up by C functions in dense arrays; an investor's cells in a temporary table, filled before the clock
// starts.
std::unique_ptr<Engine> MakeSqliteEngine();

}  // namespace tandem::bench

#endif  // TANDEM_TESTS_BENCH_ENGINE_SQLITE_ENGINE_H_
