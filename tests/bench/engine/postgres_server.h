// A private PostgreSQL in a temporary folder, reachable through a socket in that folder only.
#ifndef TANDEM_TESTS_BENCH_ENGINE_POSTGRES_SERVER_H_
#define TANDEM_TESTS_BENCH_ENGINE_POSTGRES_SERVER_H_

#include <memory>
#include <string>
#include <sys/types.h>

#include "absl/status/statusor.h"

namespace tandem::bench {

// Runs for as long as it lives, or as this process does; its folder is removed with it. As root it runs as the user
// `postgres`, since it refuses to be root.
class PostgresServer {
 public:
  // Unavailable, naming what is missing, when this machine has no PostgreSQL that could be started.
  static absl::StatusOr<std::unique_ptr<PostgresServer>> Start();
  ~PostgresServer();
  PostgresServer(const PostgresServer&) = delete;
  PostgresServer& operator=(const PostgresServer&) = delete;

  // For PQconnectdb.
  std::string connection() const;

 private:
  explicit PostgresServer(std::string folder) : folder_(std::move(folder)) {}

  const std::string folder_;
  pid_t process_ = -1;
};

}  // namespace tandem::bench

#endif  // TANDEM_TESTS_BENCH_ENGINE_POSTGRES_SERVER_H_
