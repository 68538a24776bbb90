// The tables of a store in a database, how they come to be, and whether they are there.
//
// They live in a PostgreSQL schema of their own, so that several services can share a database. None of this is done by
// a running store: a deployment migrates once, with a user that may make tables, before its programs start or are
// replaced.
#ifndef TANDEM_COMMON_STORAGE_POSTGRES_SCHEMA_H_
#define TANDEM_COMMON_STORAGE_POSTGRES_SCHEMA_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "common/storage/postgres/connection.h"
#include "common/storage/record_store.h"

namespace tandem::postgres {

// Raised by every migration.
inline constexpr int kSchemaVersion = 1;

// INVALID_ARGUMENT unless `schema` is 1 to 63 of [a-z0-9_], begins with a letter or _ and not with pg_.
absl::Status CheckSchemaName(absl::string_view schema);

// Brings `schema` to kSchemaVersion: makes it when it is not there, applies what is missing, all in one transaction and
// one process at a time. Does nothing to a schema that is up to date, or newer and still fit for this program. Running
// stores go on. UNAVAILABLE, FAILED_PRECONDITION: nothing was changed.
absl::Status Migrate(const std::string& conninfo, const std::string& schema);

// Whether there is such a schema with a store in it, of whatever version.
absl::StatusOr<bool> SchemaExists(const std::string& conninfo, const std::string& schema);

// OK when a store of this program can work on `schema`: it is at kSchemaVersion, or newer and says that this version
// may.
absl::Status CheckSchema(const std::string& conninfo, const std::string& schema);
absl::Status CheckSchema(Connection* connection, const std::string& schema);

// Gives the store another epoch. To be called after the database was restored from a backup and before a store opens
// it, or followers that saw what the backup lacks would not notice. The head is raised to `least_revision`, so that
// later commits take none that an earlier history has.
absl::Status StartNewEpoch(const std::string& conninfo, const std::string& schema, Revision least_revision = 0);

}  // namespace tandem::postgres

#endif  // TANDEM_COMMON_STORAGE_POSTGRES_SCHEMA_H_
