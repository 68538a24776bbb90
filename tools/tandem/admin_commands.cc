#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "CLI/CLI.hpp"
#include "absl/strings/str_cat.h"
#include "nlohmann/json.hpp"

#include "common/base/status.h"
#include "common/service/store_copies.h"
#include "common/storage/archive/archive_file.h"
#include "common/storage/archive/restore.h"
#include "common/storage/postgres/schema.h"
#include "tools/tandem/admin_stores.h"
#include "tools/tandem/cli.h"
#include "tools/tandem/exit_code.h"
#include "tools/tandem/output.h"
#include "tools/tandem/progress.h"

namespace tandem::cli {
namespace {

using archive::ArchiveReader;
using archive::StoreHeader;

constexpr char kFooter[] = R"(
Works on the stores themselves, not through the services. A folder must not be in use by a service. A database may be
migrated and exported beside running services; before an import stop them, and start them afterwards.

Examples:
  tandem admin migrate --postgres postgresql://tandem@db.example/zone
  tandem admin export --data tandem-data --out zone.export
  tandem admin import --in zone.export --postgres postgresql://tandem@db.example/zone
  tandem admin export --postgres 'host=db.example dbname=zone' --out zone.export
)";

// The same for a store wherever it comes from; `revision` and `epoch` are the archive's.
void WriteStores(const Session& session, const std::string& verb, const std::vector<StoreHeader>& stores) {
  Table table({{"STORE"}, {"RECORDS", Align::kRight}, {"BYTES", Align::kRight}, {"REVISION", Align::kRight}});
  for (const StoreHeader& store : stores) {
    const nlohmann::ordered_json json = {{"what", verb},         {"store", store.name},  {"records", store.records},
                                         {"bytes", store.bytes}, {"epoch", store.epoch}, {"revision", store.revision}};
    if (WriteJson(session, json.dump())) continue;
    table.AddRow({store.name, absl::StrCat(store.records), absl::StrCat(store.bytes), absl::StrCat(store.revision)});
  }
  if (session.options().output == "table") WriteTable(session, table);
}

absl::StatusOr<int> Migrate(Session* session, const std::string& flag, const std::string& schema) {
  const std::string conninfo = PostgresOr(flag);
  if (conninfo.empty()) return UsageError("Which database? Give --postgres CONNINFO, or TANDEM_POSTGRES.");
  std::vector<std::string> schemas = {schema};
  if (schema == "all") {
    schemas.clear();
    for (const std::string& name : AllStores()) schemas.push_back(absl::StrCat("tandem_", name));
  }
  for (const std::string& one : schemas) {
    TANDEM_RETURN_IF_ERROR(postgres::Migrate(conninfo, one));
    const nlohmann::ordered_json json = {{"schema", one}, {"version", postgres::kSchemaVersion}};
    if (WriteJson(*session, json.dump())) continue;
    *session->terminal().out << one << " is at version " << postgres::kSchemaVersion << "\n";
  }
  return kExitOk;
}

absl::StatusOr<int> Export(Session* session, const StoreChoice& choice, const std::string& file) {
  TANDEM_ASSIGN_OR_RETURN(const DataFolder folder, choice.Folder());
  std::vector<archive::Source> sources;
  for (const std::string& name : choice.only.empty() ? AllStores() : choice.only) {
    TANDEM_ASSIGN_OR_RETURN(const bool exists, StoreExists(folder, name));
    if (!exists && !choice.only.empty()) {
      return absl::NotFoundError(absl::StrCat("There is no ", folder.Describe(name), "."));
    }
    if (!exists) continue;  // a program's folder holds its own stores only; the table says which
    TANDEM_ASSIGN_OR_RETURN(std::unique_ptr<archive::Snapshot> snapshot, OpenSnapshot(folder, name));
    sources.push_back({name, std::move(snapshot)});
  }
  if (sources.empty()) return absl::NotFoundError(absl::StrCat("There is no store in ", folder.Describe(), "."));
  Progress progress(&session->terminal(), "export", 0);
  const auto written = archive::WriteArchive(file, std::move(sources), [&](int64_t records) {
    progress.Update(static_cast<uint64_t>(records), absl::StrCat(records, " records"));
  });
  progress.Clear();
  TANDEM_RETURN_IF_ERROR(written.status());
  WriteStores(*session, "exported", *written);
  return kExitOk;
}

// The archive's stores that are asked for, by their places in it.
absl::StatusOr<std::vector<size_t>> Chosen(const ArchiveReader& reader, const std::vector<std::string>& only) {
  std::vector<size_t> places;
  for (size_t i = 0; i < reader.stores().size(); ++i) {
    const std::string& name = reader.stores()[i].name;
    if (std::find(AllStores().begin(), AllStores().end(), name) == AllStores().end()) {
      return absl::InvalidArgumentError(absl::StrCat("The archive holds a store '", name, "', which is none of ours."));
    }
    if (only.empty() || std::find(only.begin(), only.end(), name) != only.end()) places.push_back(i);
  }
  if (places.empty() || (!only.empty() && places.size() != only.size())) {
    return absl::NotFoundError("The archive does not hold what --only asks for; its first lines say what it holds.");
  }
  return places;
}

absl::StatusOr<int> Import(Session* session, const StoreChoice& choice, const std::string& file, bool replace) {
  TANDEM_ASSIGN_OR_RETURN(const DataFolder folder, choice.Folder());
  Progress verifying(&session->terminal(), "verify", 100);
  const auto verify = [&](int64_t done, int64_t total) {
    verifying.Update(static_cast<uint64_t>(done * 100 / total), absl::StrCat(done >> 20, " of ", total >> 20, " MiB"));
  };
  auto reader = ArchiveReader::Open(file, verify);
  verifying.Clear();
  TANDEM_RETURN_IF_ERROR(reader.status());
  TANDEM_ASSIGN_OR_RETURN(const std::vector<size_t> places, Chosen(**reader, choice.only));
  // All are asked before any is touched.
  for (const size_t place : places) {
    TANDEM_RETURN_IF_ERROR(CheckMayImport(folder, (*reader)->stores()[place].name, replace));
  }
  std::vector<StoreHeader> imported;
  for (const size_t place : places) {
    const StoreHeader& header = (*reader)->stores()[place];
    TANDEM_ASSIGN_OR_RETURN(const std::unique_ptr<RecordStore> store,
                            OpenForImport(folder, header.name, header.revision));
    Progress progress(&session->terminal(), absl::StrCat("import ", header.name),
                      static_cast<uint64_t>(header.records));
    const absl::Status restored = archive::Restore(reader->get(), place, store.get(), [&](int64_t records) {
      progress.Update(static_cast<uint64_t>(records), absl::StrCat(records, " of ", header.records));
    });
    progress.Clear();
    TANDEM_RETURN_IF_ERROR(restored);
    store->Shutdown();
    imported.push_back(header);
  }
  WriteStores(*session, "imported", imported);
  return kExitOk;
}

}  // namespace

void AddAdminCommands(CLI::App* parent, Command* command) {
  CLI::App* app = parent->add_subcommand("admin", "Stores: made, moved and copied");
  app->require_subcommand(1);
  app->fallthrough();
  app->footer(kFooter);

  struct MigrateOptions {
    std::string postgres;
    std::string schema = "all";
  };
  auto migrate_options = std::make_shared<MigrateOptions>();
  CLI::App* migrate =
      app->add_subcommand("migrate", "Makes the schemas of the stores in a database, or brings them up to date");
  AddPostgresFlag(migrate, &migrate_options->postgres);
  migrate->add_option("--schema", migrate_options->schema, "One schema, such as tandem_projects; or all")
      ->capture_default_str();
  migrate->callback([=] {
    command->action = [=](Session* session) {
      return Migrate(session, migrate_options->postgres, migrate_options->schema);
    };
  });

  struct CopyOptions {
    StoreChoice stores;
    std::string file;
    bool replace = false;
  };
  auto export_options = std::make_shared<CopyOptions>();
  CLI::App* exporting = app->add_subcommand("export", "Writes all records of the stores into one file");
  export_options->stores.AddFlags(exporting);
  exporting->add_option("--out", export_options->file, "The file, in place of what is there")->required();
  exporting->callback([=] {
    command->action = [=](Session* session) { return Export(session, export_options->stores, export_options->file); };
  });

  auto import_options = std::make_shared<CopyOptions>();
  CLI::App* importing = app->add_subcommand("import", "Fills empty stores from such a file; tokens of before are void");
  import_options->stores.AddFlags(importing);
  importing->add_option("--in", import_options->file, "The file")->required();
  importing->add_flag("--replace", import_options->replace, "Stores that hold records lose them all");
  importing->callback([=] {
    command->action = [=](Session* session) {
      return Import(session, import_options->stores, import_options->file, import_options->replace);
    };
  });
}

}  // namespace tandem::cli
