#include "common/service/store_copies.h"

#include <filesystem>
#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"

#include "common/base/status.h"
#include "common/storage/archive/restore.h"
#include "common/storage/postgres/postgres_snapshot.h"
#include "common/storage/postgres/schema.h"

namespace tandem {

absl::StatusOr<bool> StoreExists(const DataFolder& folder, absl::string_view name) {
  if (folder.store == "postgres") return postgres::SchemaExists(folder.postgres, folder.PostgresFor(name).schema);
  std::error_code error;
  return std::filesystem::exists(folder.SqliteFor(name).path, error);
}

absl::StatusOr<std::unique_ptr<archive::Snapshot>> OpenSnapshot(const DataFolder& folder, absl::string_view name) {
  TANDEM_ASSIGN_OR_RETURN(std::unique_ptr<RecordStore> store, folder.OpenStore(name));
  if (folder.store == "postgres") return OpenPostgresSnapshot(folder.PostgresFor(name));
  return archive::SnapshotOfOwn(std::move(store));
}

absl::Status CheckMayImport(const DataFolder& folder, absl::string_view name, bool replace) {
  if (folder.store == "sqlite") {
    std::error_code error;
    std::filesystem::create_directories(folder.path, error);
    if (error) return absl::FailedPreconditionError(absl::StrCat(folder.path, " cannot be made: ", error.message()));
  }
  TANDEM_ASSIGN_OR_RETURN(const std::unique_ptr<RecordStore> store, folder.OpenUnchecked(name));
  absl::Status may = replace ? absl::OkStatus() : archive::CheckMayRestore(store.get());
  if (may.ok()) return may;
  return absl::Status(may.code(), absl::StrCat(folder.Describe(name), ": ", may.message()));
}

absl::StatusOr<std::unique_ptr<RecordStore>> OpenForImport(const DataFolder& folder, absl::string_view name,
                                                           Revision least_revision) {
  if (folder.store == "postgres") {
    PostgresOptions options = folder.PostgresFor(name);
    TANDEM_RETURN_IF_ERROR(postgres::StartNewEpoch(options.conninfo, options.schema, least_revision));
    return OpenPostgresStore(std::move(options));
  }
  SqliteOptions options = folder.SqliteFor(name);
  options.begin_new_epoch = true;
  options.least_revision = least_revision;
  return OpenSqliteStore(std::move(options));
}

}  // namespace tandem
