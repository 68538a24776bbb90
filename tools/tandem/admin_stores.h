// Which stores the commands of administration work on: those of a folder, or of a database.
#ifndef TANDEM_TOOLS_TANDEM_ADMIN_STORES_H_
#define TANDEM_TOOLS_TANDEM_ADMIN_STORES_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"

#include "common/service/data_folder.h"

namespace CLI {
class App;
}

namespace tandem::cli {

// The stores that the services keep.
const std::vector<std::string>& AllStores();

// A flag for the database, or TANDEM_POSTGRES from the environment. REQUIRES: `conninfo` outlives the parsing.
void AddPostgresFlag(CLI::App* app, std::string* conninfo);
std::string PostgresOr(const std::string& conninfo);  // the flag's, else the environment's, else ""

struct StoreChoice {
  std::string data;
  std::string postgres;
  std::vector<std::string> only;  // names of stores; empty: all

  // --data, --postgres and --only. REQUIRES: this object outlives the parsing of `app`.
  void AddFlags(CLI::App* app);

  // A UsageError unless one place is given. --data prevails over the environment.
  absl::StatusOr<DataFolder> Folder() const;
};

}  // namespace tandem::cli

#endif  // TANDEM_TOOLS_TANDEM_ADMIN_STORES_H_
