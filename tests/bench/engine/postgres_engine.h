// PostgreSQL 15 twice, each tuned in good faith.
#ifndef TANDEM_TESTS_BENCH_ENGINE_POSTGRES_ENGINE_H_
#define TANDEM_TESTS_BENCH_ENGINE_POSTGRES_ENGINE_H_

#include <memory>
#include <string>
#include <vector>

#include "tests/bench/engine/engine.h"

namespace tandem::bench {

enum class PostgresVariant {
  kGin,     // one row a project, GIN on its (sector, stage) codes, filters and a computed ORDER BY
  kExpert,  // one row per (sector, stage) of a project, stored in the order of its b-tree on (sector, stage, ask)
};

// `connection` is what libpq takes; the engine makes a schema of its own there and drops it at the end.
std::unique_ptr<Engine> MakePostgresEngine(PostgresVariant variant, std::string connection);

// How the server is to be started: all for reading, nothing for durability.
std::vector<std::string> PostgresEngineSettings();

}  // namespace tandem::bench

#endif  // TANDEM_TESTS_BENCH_ENGINE_POSTGRES_ENGINE_H_
