#include "tests/fault/contend/stores.h"

#include <cstdlib>
#include <filesystem>
#include <utility>

#include "absl/strings/str_cat.h"

#include "common/base/status.h"
#include "common/storage/memory/memory_store.h"
#include "common/storage/postgres/postgres_store.h"
#include "common/storage/postgres/schema.h"
#include "common/storage/sqlite/sqlite_store.h"

namespace tandem::contend {

Stores::~Stores() {
  owned.clear();
  std::error_code ignored;
  if (!folder.empty()) std::filesystem::remove_all(folder, ignored);
}

absl::StatusOr<std::unique_ptr<Stores>> OpenStores(const std::string& kind) {
  auto stores = std::make_unique<Stores>();
  if (kind == "memory") {
    stores->owned.push_back(NewMemoryStore());
  } else if (kind == "sqlite") {
    std::string folder = (std::filesystem::temp_directory_path() / "tandem-contend-XXXXXX").string();
    if (mkdtemp(folder.data()) == nullptr) return absl::UnavailableError(absl::StrCat("cannot make ", folder));
    stores->folder = folder;
    SqliteOptions options;
    options.path = folder + "/store.db";
    TANDEM_ASSIGN_OR_RETURN(stores->owned.emplace_back(), OpenSqliteStore(options));
  } else if (kind == "postgres") {
    TANDEM_ASSIGN_OR_RETURN(stores->server, PostgresServer::Start({"shared_buffers=256MB", "max_wal_size=2GB",
                                                                   "fsync=on", "synchronous_commit=on"}));
    PostgresOptions options;
    options.conninfo = stores->server->connection();
    options.schema = "tandem_contend";
    TANDEM_RETURN_IF_ERROR(postgres::Migrate(options.conninfo, options.schema));
    for (int replica = 0; replica < 2; ++replica) {
      TANDEM_ASSIGN_OR_RETURN(stores->owned.emplace_back(), OpenPostgresStore(options));
    }
  } else {
    return absl::InvalidArgumentError(absl::StrCat("--store ", kind, " is none of memory, sqlite, postgres, all"));
  }
  for (size_t replica = 0; replica < 2; ++replica)
    stores->of_replica.push_back(stores->owned[std::min(replica, stores->owned.size() - 1)].get());
  return stores;
}

}  // namespace tandem::contend
