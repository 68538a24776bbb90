#include "common/service/data_folder.h"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <system_error>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include "common/base/status.h"
#include "common/storage/archive/restore.h"
#include "common/storage/memory/memory_store.h"
#include "common/storage/postgres/conninfo.h"

namespace tandem {
namespace {

std::string SchemaOf(absl::string_view name) { return absl::StrCat("tandem_", name); }

// A program may have several stores: whoever reads the one sentence must learn which it is about.
absl::Status Naming(const std::string& place, const absl::Status& status) {
  if (status.ok() || absl::StrContains(status.message(), place)) return status;
  return absl::Status(status.code(), absl::StrCat(place, ": ", status.message()));
}

}  // namespace

void DataFolder::AddFlags(CLI::App* app) {
  app->add_option("--data", path, "Folder of the stores and of the keys")->capture_default_str();
  app->add_option("--store", store, "Where records live")
      ->capture_default_str()
      ->check(CLI::IsMember({"sqlite", "memory", "postgres"}));
  app->add_option("--postgres", postgres,
                  "Of --store postgres: URL or words of libpq, such as postgresql://USER@HOST/DATABASE")
      ->envname("TANDEM_POSTGRES");
  app->add_option("--keys", keys, "Keys file that signs tokens, the same for all services (default: DATA/keys)");
  app->add_option_function<double>(
         "--keep-log-hours",
         [this](double hours) { log.keep = std::chrono::seconds(static_cast<int64_t>(hours * 3600)); },
         "A follower that was away for longer lists again; the newest 10000 writes are kept in any case")
      ->default_str("24")
      ->check(CLI::Range(0.0, 24.0 * 366));
  app->add_option("--keep-log-changes", log.most, "The most writes of which the changes are kept")
      ->capture_default_str()
      ->check(CLI::Range(int64_t{1}, int64_t{1} << 40));
  app->parse_complete_callback([this] {
    if (store != "postgres" || !postgres.empty()) return;
    throw CLI::ValidationError("--store postgres", "needs --postgres CONNINFO, or TANDEM_POSTGRES in the environment");
  });
}

absl::StatusOr<KeyRing> DataFolder::LoadKeys() const {
  if (store == "sqlite" || keys.empty()) {
    std::error_code error;
    std::filesystem::create_directories(path, error);
    if (error) {
      return absl::FailedPreconditionError(absl::StrCat("--data ", path, " cannot be made: ", error.message()));
    }
  }
  return KeyRing::LoadOrCreate(keys.empty() ? absl::StrCat(path, "/keys") : keys);
}

absl::StatusOr<std::unique_ptr<RecordStore>> DataFolder::OpenStore(absl::string_view name) const {
  TANDEM_ASSIGN_OR_RETURN(std::unique_ptr<RecordStore> opened, OpenUnchecked(name));
  TANDEM_RETURN_IF_ERROR(Naming(PlaceOf(name), archive::CheckRestored(opened.get())));
  return opened;
}

absl::StatusOr<std::unique_ptr<RecordStore>> DataFolder::OpenUnchecked(absl::string_view name) const {
  if (store == "memory") return NewMemoryStore();
  auto opened = store == "postgres" ? OpenPostgresStore(PostgresFor(name)) : OpenSqliteStore(SqliteFor(name));
  if (!opened.ok()) return Naming(PlaceOf(name), opened.status());
  return opened;
}

PostgresOptions DataFolder::PostgresFor(absl::string_view name) const {
  PostgresOptions options;
  options.conninfo = postgres;
  options.schema = SchemaOf(name);
  return options;
}

SqliteOptions DataFolder::SqliteFor(absl::string_view name) const {
  SqliteOptions options;
  options.path = FileOf(name);
  return options;
}

std::string DataFolder::Describe(absl::string_view name) const {
  if (store == "memory") return store;
  if (store == "sqlite") return absl::StrCat("sqlite ", name.empty() ? path : FileOf(name));
  return absl::StrCat("postgres ", postgres::ShownServer(postgres), " ", SchemaOf(name.empty() ? "*" : name));
}

std::string DataFolder::FileOf(absl::string_view name) const { return absl::StrCat(path, "/", name, ".db"); }

std::string DataFolder::PlaceOf(absl::string_view name) const {
  return store == "postgres" ? SchemaOf(name) : FileOf(name);
}

}  // namespace tandem
