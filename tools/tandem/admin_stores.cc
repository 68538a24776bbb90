#include "tools/tandem/admin_stores.h"

#include <cstdlib>

#include "CLI/CLI.hpp"

#include "tools/tandem/session.h"

namespace tandem::cli {

const std::vector<std::string>& AllStores() {
  static const auto* const stores = new std::vector<std::string>{"projects", "investors", "editions"};
  return *stores;
}

void AddPostgresFlag(CLI::App* app, std::string* conninfo) {
  app->add_option(
      "--postgres", *conninfo,
      "Database: URL or words of libpq, such as postgresql://USER@HOST/DATABASE (Env:TANDEM_POSTGRES, where "
      "a password is seen by fewer)");
}

std::string PostgresOr(const std::string& conninfo) {
  if (!conninfo.empty()) return conninfo;
  const char* const value = std::getenv("TANDEM_POSTGRES");
  return value == nullptr ? "" : value;
}

void StoreChoice::AddFlags(CLI::App* app) {
  app->add_option("--data", data, "Folder with the stores of services that do not run");
  AddPostgresFlag(app, &postgres);
  app->add_option("--only", only, "Only these stores")->check(CLI::IsMember(AllStores()))->delimiter(',');
}

absl::StatusOr<DataFolder> StoreChoice::Folder() const {
  DataFolder folder;
  if (!data.empty() && !postgres.empty()) return UsageError("Give --data or --postgres, not both.");
  if (!data.empty()) {
    folder.path = data;
    return folder;
  }
  folder.store = "postgres";
  folder.postgres = PostgresOr(postgres);
  if (folder.postgres.empty()) return UsageError("Where are the stores? Give --data DIR or --postgres CONNINFO.");
  return folder;
}

}  // namespace tandem::cli
