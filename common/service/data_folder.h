// The folder in which a program keeps its stores and keys: flags, keys, stores.
#ifndef TANDEM_COMMON_SERVICE_DATA_FOLDER_H_
#define TANDEM_COMMON_SERVICE_DATA_FOLDER_H_

#include <memory>
#include <string>

#include "CLI/CLI.hpp"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "common/storage/record_store.h"
#include "common/tokens/key_ring.h"

namespace tandem {

struct DataFolder {
  std::string path = "tandem-data";
  std::string store = "sqlite";  // or "memory": no store outlives its object
  std::string keys;              // keys file; empty: PATH/keys

  // --data, --store and --keys. REQUIRES: this object outlives the parsing of `app`.
  void AddFlags(CLI::App* app);

  // Makes the folder if it is absent, and in it the keys. Nothing is made for stores in memory whose keys are
  // elsewhere.
  absl::StatusOr<KeyRing> LoadKeys() const;

  // PATH/NAME.db, or an empty store in memory. Every error names the file.
  absl::StatusOr<std::unique_ptr<RecordStore>> OpenStore(absl::string_view name) const;

  // Where that store is, for the banner.
  std::string Describe(absl::string_view name) const;

 private:
  std::string FileOf(absl::string_view name) const;
};

}  // namespace tandem

#endif  // TANDEM_COMMON_SERVICE_DATA_FOLDER_H_
