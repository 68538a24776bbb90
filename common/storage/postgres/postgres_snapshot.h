// The records of a schema as they are at one revision, while stores go on writing.
#ifndef TANDEM_COMMON_STORAGE_POSTGRES_POSTGRES_SNAPSHOT_H_
#define TANDEM_COMMON_STORAGE_POSTGRES_POSTGRES_SNAPSHOT_H_

#include <memory>

#include "absl/status/statusor.h"

#include "common/storage/archive/snapshot.h"
#include "common/storage/postgres/postgres_store.h"

namespace tandem {

// One transaction on a connection of its own, which keeps old rows in the database for as long as it lives. UNAVAILABLE
// when the connection is lost: begin again. Else as OpenPostgresStore. Of `options` it needs conninfo, schema and
// operation_timeout, which is also the longest that two pages may lie apart.
absl::StatusOr<std::unique_ptr<archive::Snapshot>> OpenPostgresSnapshot(const PostgresOptions& options);

}  // namespace tandem

#endif  // TANDEM_COMMON_STORAGE_POSTGRES_POSTGRES_SNAPSHOT_H_
