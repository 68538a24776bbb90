// A private PostgreSQL in a temporary folder, reachable through a socket in that folder only.
#ifndef TANDEM_TESTS_SUPPORT_POSTGRES_SERVER_H_
#define TANDEM_TESTS_SUPPORT_POSTGRES_SERVER_H_

#include <cstdint>
#include <memory>
#include <string>
#include <sys/types.h>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace tandem {

// Runs for as long as it lives, or as the thread that started it does; its folder is removed with it. As root it runs
// as the user `postgres`, since it refuses to be root.
class PostgresServer {
 public:
  // Small, and quick because nothing survives a crash of the machine (of the server everything does).
  static std::vector<std::string> QuickSettings();

  // UNAVAILABLE, naming what is missing, when this machine has none that could be started.
  static absl::Status Installed();

  // `settings` are name=value, as in postgresql.conf. UNAVAILABLE as Installed().
  static absl::StatusOr<std::unique_ptr<PostgresServer>> Start(std::vector<std::string> settings = QuickSettings());
  ~PostgresServer();
  PostgresServer(const PostgresServer&) = delete;
  PostgresServer& operator=(const PostgresServer&) = delete;

  // Stops as `pg_ctl stop -m immediate` does: without a checkpoint, as after a crash.
  void StopImmediately();
  // Starts again on the same data and waits until it answers.
  absl::Status Resume();

  // The server's first process and all that it started: what to stop, or to limit, for a while.
  std::vector<pid_t> Processes() const;

  // Writes of the server's processes of this moment (but of its first one, which starts new ones) fail beyond so many
  // bytes of a file, as on a full disk; -1 lifts that. UNAVAILABLE when this machine does not allow it.
  absl::Status LimitFiles(int64_t bytes);

  // For PQconnectdb.
  std::string connection() const;
  // Where its socket is.
  const std::string& folder() const { return folder_; }

  // Runs SQL on a connection of its own; the first field of the last statement's first row, or "".
  absl::StatusOr<std::string> Query(const std::string& sql) const;

 private:
  PostgresServer(std::string folder, std::vector<std::string> settings)
      : folder_(std::move(folder)), settings_(std::move(settings)) {}

  const std::string folder_;
  const std::vector<std::string> settings_;
  pid_t process_ = -1;
};

}  // namespace tandem

#endif  // TANDEM_TESTS_SUPPORT_POSTGRES_SERVER_H_
