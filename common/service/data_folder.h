// Where a program keeps its stores and keys, a folder or a database beside it: flags, keys, stores.
#ifndef TANDEM_COMMON_SERVICE_DATA_FOLDER_H_
#define TANDEM_COMMON_SERVICE_DATA_FOLDER_H_

#include <memory>
#include <string>

#include "CLI/CLI.hpp"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "common/storage/log_retention.h"
#include "common/storage/postgres/postgres_store.h"
#include "common/storage/record_store.h"
#include "common/storage/sqlite/sqlite_store.h"
#include "common/tokens/key_ring.h"

namespace tandem {

struct DataFolder {
  std::string path = "tandem-data";
  std::string store = "sqlite";  // or "postgres", or "memory": no store outlives its object
  std::string postgres;          // of "postgres": what libpq takes, PostgresOptions::conninfo; may hold a password
  std::string keys;              // keys file; empty: PATH/keys

  // How much of the logs is kept, for a LogRetention.
  LogLimits log;

  // --data, --store, --postgres (or TANDEM_POSTGRES) --keys and --keep-log-*. REQUIRES: this object outlives the
  // parsing of `app`.
  void AddFlags(CLI::App* app);

  // Makes the folder if it is absent, and in it the keys. Nothing is made for stores elsewhere whose keys are
  // elsewhere too.
  absl::StatusOr<KeyRing> LoadKeys() const;

  // PATH/NAME.db, the schema tandem_NAME of the database, or an empty store in memory. Every error names the file or
  // the schema. FAILED_PRECONDITION, besides what opening says: the schema is not there or too old; an import
  // into it did not end.
  absl::StatusOr<std::unique_ptr<RecordStore>> OpenStore(absl::string_view name) const;

  // The same although an import did not end.
  absl::StatusOr<std::unique_ptr<RecordStore>> OpenUnchecked(absl::string_view name) const;

  // What opens a store of these kinds.
  PostgresOptions PostgresFor(absl::string_view name) const;
  SqliteOptions SqliteFor(absl::string_view name) const;

  // Where that store is, for the banner: no user, no password. Without a name, where all of them are.
  std::string Describe(absl::string_view name = "") const;

 private:
  std::string FileOf(absl::string_view name) const;
  std::string PlaceOf(absl::string_view name) const;  // what errors name
};

}  // namespace tandem

#endif  // TANDEM_COMMON_SERVICE_DATA_FOLDER_H_
