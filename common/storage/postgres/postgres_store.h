// A RecordStore in a PostgreSQL database: for several replicas of a service.
#ifndef TANDEM_COMMON_STORAGE_POSTGRES_POSTGRES_STORE_H_
#define TANDEM_COMMON_STORAGE_POSTGRES_POSTGRES_STORE_H_

#include <chrono>
#include <memory>
#include <string>

#include "absl/status/statusor.h"

#include "common/storage/group_committer.h"
#include "common/storage/record_store.h"

namespace tandem {

struct PostgresOptions {
  // What libpq takes: postgresql://USER:PASSWORD@HOST:PORT/DATABASE, or words such as "host=/run/postgresql dbname=x".
  // Several hosts may be named; the primary is taken. Never shown in an error.
  std::string conninfo;
  // The PostgreSQL schema with the service's tables, such as "tandem_projects"; made by postgres::Migrate (schema.h).
  std::string schema;
  // Reads that run at the same time; further ones wait their turn. Two more connections write and listen.
  int reader_connections = 4;
  GroupCommitLimits limits{.gather_share = 0.25};
  // The longest that one statement may take, that a lock is waited for (half of it) and that a read waits for a
  // connection. A batch of commits is up to two times this long on its way.
  std::chrono::milliseconds operation_timeout{10'000};
  // How long a call is tried again through an outage before it is UNAVAILABLE; nothing of it was written.
  std::chrono::milliseconds retry_timeout{5'000};
  // How long it is tried to learn what became of a commit whose connection was lost, before it is UNKNOWN. Commits that
  // come later wait meanwhile.
  std::chrono::milliseconds resolve_timeout{20'000};
};

// Opens the store, whose calls last until the thread's AmbientDeadline or the timeouts above, whichever is first. It
// reconnects by itself from then on: a restarted or failed-over server needs no restart here. FAILED_PRECONDITION: the
// schema is missing, older than this program needs, or newer than it can use; the user lacks a right. INVALID_ARGUMENT:
// `conninfo` or `schema` cannot be understood. UNAVAILABLE: the server cannot be reached, or is read-only.
absl::StatusOr<std::unique_ptr<RecordStore>> OpenPostgresStore(PostgresOptions options);

}  // namespace tandem

#endif  // TANDEM_COMMON_STORAGE_POSTGRES_POSTGRES_STORE_H_
