#include "common/storage/postgres/schema.h"

#include <chrono>
#include <memory>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

#include "common/base/random_id.h"
#include "common/base/status.h"
#include "common/storage/postgres/sessions.h"

namespace tandem::postgres {
namespace {

// A migration may wait for another one and may rewrite tables.
constexpr std::chrono::minutes kMigrationLimit(10);

struct Migration {
  int version;
  // The oldest version of a program that still works on the schema once this is applied.
  int works_since;
  const char* sql;
};

// Only ever appended to. One that adds a table or a column with a default keeps `works_since`, so that the programs of
// the version before go on while they are replaced; it takes no lock for longer than a moment.
constexpr Migration kMigrations[] = {
    {1, 1, R"sql(
  CREATE TABLE {s}.head (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    epoch text NOT NULL CHECK (epoch <> ''),
    revision int8 NOT NULL CHECK (revision >= 0),
    log_floor int8 NOT NULL CHECK (log_floor >= 0),
    CHECK (log_floor <= revision)
  ) WITH (fillfactor = 10);
  CREATE TABLE {s}.records (
    key bytea PRIMARY KEY,
    revision int8 NOT NULL,
    create_revision int8 NOT NULL,
    value bytea NOT NULL
  ) WITH (fillfactor = 90);
  CREATE TABLE {s}.log (
    position int8 PRIMARY KEY,
    key bytea NOT NULL,
    value bytea
  );
  CREATE TABLE {s}.writers (
    writer text PRIMARY KEY,
    batch int8 NOT NULL,
    at timestamptz NOT NULL
  ) WITH (fillfactor = 10);
)sql"},
};
static_assert(std::size(kMigrations) == kSchemaVersion);

absl::StatusOr<std::unique_ptr<Connection>> OpenAdmin(const std::string& conninfo) {
  return Connection::Open(conninfo, {absl::StrCat("SET search_path = ''; SET application_name = 'tandem-admin'"), {}},
                          kMigrationLimit);
}

// Highest version, and the highest of works_since; both 0 when there is nothing yet.
struct Version {
  int version = 0;
  int works_since = 0;
};

absl::StatusOr<Version> ReadVersion(Connection* connection, const std::string& schema) {
  TANDEM_ASSIGN_OR_RETURN(const std::string table, connection->Execute(absl::StrCat(
                                                       "SELECT count(*) FROM pg_catalog.pg_tables WHERE schemaname = '",
                                                       schema, "' AND tablename = 'migrations'")));
  Version version;
  if (table == "0") return version;
  TANDEM_ASSIGN_OR_RETURN(
      const std::string text,
      connection->Execute(WithSchema(
          "SELECT coalesce(max(version), 0) || ' ' || coalesce(max(works_since), 0) FROM {s}.migrations", schema)));
  const std::vector<std::string> parts = absl::StrSplit(text, ' ');
  if (parts.size() != 2 || !absl::SimpleAtoi(parts[0], &version.version) ||
      !absl::SimpleAtoi(parts[1], &version.works_since)) {
    return absl::DataLossError(
        absl::StrCat("the schema ", schema, " does not say its version: restore it from a backup"));
  }
  return version;
}

absl::Status CheckNotTooNew(const Version& version, const std::string& schema) {
  if (version.works_since <= kSchemaVersion) return absl::OkStatus();
  return absl::FailedPreconditionError(
      absl::StrCat("the schema ", schema, " has version ", version.version, " and needs programs that know ",
                   version.works_since, " at least; this one knows up to ", kSchemaVersion, ": run the newer program"));
}

absl::Status Apply(Connection* connection, const std::string& schema, int from) {
  for (const Migration& migration : kMigrations) {
    if (migration.version <= from) continue;
    TANDEM_RETURN_IF_ERROR(connection->Execute(WithSchema(migration.sql, schema)).status());
    TANDEM_RETURN_IF_ERROR(
        connection
            ->Execute(WithSchema(absl::StrCat("INSERT INTO {s}.migrations (version, works_since) VALUES (",
                                              migration.version, ", ", migration.works_since, ")"),
                                 schema))
            .status());
  }
  if (from > 0) return absl::OkStatus();
  return connection
      ->Execute(WithSchema(
          absl::StrCat("INSERT INTO {s}.head (epoch, revision, log_floor) VALUES ('", RandomUuid(), "', 0, 0)"),
          schema))
      .status();
}

absl::Status MigrateWithin(Connection* connection, const std::string& schema) {
  // One at a time; the next one sees what this one did. Reading the catalogue needs no right to make schemas.
  TANDEM_RETURN_IF_ERROR(connection
                             ->Execute(absl::StrCat("BEGIN ISOLATION LEVEL READ COMMITTED; "
                                                    "SELECT pg_advisory_xact_lock(1414415437, hashtext('",
                                                    schema, "'))"))
                             .status());
  TANDEM_ASSIGN_OR_RETURN(const Version version, ReadVersion(connection, schema));
  TANDEM_RETURN_IF_ERROR(CheckNotTooNew(version, schema));
  if (version.version >= kSchemaVersion) return absl::OkStatus();
  if (version.version == 0) {
    TANDEM_ASSIGN_OR_RETURN(const std::string there,
                            connection->Execute(absl::StrCat(
                                "SELECT count(*) FROM pg_catalog.pg_namespace WHERE nspname = '", schema, "'")));
    if (there == "0") TANDEM_RETURN_IF_ERROR(connection->Execute(WithSchema("CREATE SCHEMA {s}", schema)).status());
    TANDEM_RETURN_IF_ERROR(
        connection
            ->Execute(WithSchema("CREATE TABLE {s}.migrations (version int PRIMARY KEY, works_since int NOT NULL, "
                                 "applied timestamptz NOT NULL DEFAULT now())",
                                 schema))
            .status());
  }
  return Apply(connection, schema, version.version);
}

}  // namespace

absl::Status CheckSchemaName(absl::string_view schema) {
  bool valid = !schema.empty() && schema.size() <= 63 && !absl::StartsWith(schema, "pg_") &&
               !(schema.front() >= '0' && schema.front() <= '9');
  for (const char c : schema) valid &= (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  if (valid) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat("\"", schema,
                   "\" cannot name a schema here: it is 1 to 63 of a-z, 0-9 and _, begins "
                   "with a letter or _, and not with pg_"));
}

absl::Status Migrate(const std::string& conninfo, const std::string& schema) {
  TANDEM_RETURN_IF_ERROR(CheckSchemaName(schema));
  TANDEM_ASSIGN_OR_RETURN(std::unique_ptr<Connection> connection, OpenAdmin(conninfo));
  TANDEM_RETURN_IF_ERROR(MigrateWithin(connection.get(), schema));
  return connection->Execute("COMMIT").status();
}

absl::Status CheckSchema(Connection* connection, const std::string& schema) {
  TANDEM_ASSIGN_OR_RETURN(const Version version, ReadVersion(connection, schema));
  if (version.version < kSchemaVersion) {
    return absl::FailedPreconditionError(absl::StrCat(
        "the schema ", schema, version.version == 0 ? " is not there" : absl::StrCat(" has version ", version.version),
        ", this program needs version ", kSchemaVersion, ": run `tandem admin migrate`"));
  }
  return CheckNotTooNew(version, schema);
}

absl::Status CheckSchema(const std::string& conninfo, const std::string& schema) {
  TANDEM_RETURN_IF_ERROR(CheckSchemaName(schema));
  TANDEM_ASSIGN_OR_RETURN(std::unique_ptr<Connection> connection, OpenAdmin(conninfo));
  return CheckSchema(connection.get(), schema);
}

absl::StatusOr<bool> SchemaExists(const std::string& conninfo, const std::string& schema) {
  TANDEM_RETURN_IF_ERROR(CheckSchemaName(schema));
  TANDEM_ASSIGN_OR_RETURN(std::unique_ptr<Connection> connection, OpenAdmin(conninfo));
  TANDEM_ASSIGN_OR_RETURN(const Version version, ReadVersion(connection.get(), schema));
  return version.version > 0;
}

absl::Status StartNewEpoch(const std::string& conninfo, const std::string& schema, Revision least_revision) {
  TANDEM_RETURN_IF_ERROR(CheckSchemaName(schema));
  TANDEM_ASSIGN_OR_RETURN(std::unique_ptr<Connection> connection, OpenAdmin(conninfo));
  TANDEM_RETURN_IF_ERROR(CheckSchema(connection.get(), schema));
  return connection
      ->Execute(WithSchema(absl::StrCat("UPDATE {s}.head SET epoch = '", RandomUuid(),
                                        "', revision = greatest(revision, ", least_revision, ")"),
                           schema))
      .status();
}

}  // namespace tandem::postgres
