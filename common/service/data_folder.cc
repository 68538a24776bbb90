#include "common/service/data_folder.h"

#include <filesystem>
#include <system_error>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include "common/storage/memory/memory_store.h"
#include "common/storage/sqlite/sqlite_store.h"

namespace tandem {

void DataFolder::AddFlags(CLI::App* app) {
  app->add_option("--data", path, "Folder of the store and of the keys")->capture_default_str();
  app->add_option("--store", store, "Where records live")
      ->capture_default_str()
      ->check(CLI::IsMember({"sqlite", "memory"}));
  app->add_option("--keys", keys, "Keys file that signs tokens, the same for all services (default: DATA/keys)");
}

absl::StatusOr<KeyRing> DataFolder::LoadKeys() const {
  if (store != "memory" || keys.empty()) {
    std::error_code error;
    std::filesystem::create_directories(path, error);
    if (error) {
      return absl::FailedPreconditionError(absl::StrCat("--data ", path, " cannot be made: ", error.message()));
    }
  }
  return KeyRing::LoadOrCreate(keys.empty() ? absl::StrCat(path, "/keys") : keys);
}

absl::StatusOr<std::unique_ptr<RecordStore>> DataFolder::OpenStore(absl::string_view name) const {
  if (store == "memory") return NewMemoryStore();
  SqliteOptions options;
  options.path = FileOf(name);
  auto opened = OpenSqliteStore(std::move(options));
  // A program may have several stores: whoever reads the one sentence must learn which it is about.
  if (opened.ok() || absl::StrContains(opened.status().message(), FileOf(name))) return opened;
  return absl::Status(opened.status().code(), absl::StrCat(FileOf(name), ": ", opened.status().message()));
}

std::string DataFolder::Describe(absl::string_view name) const {
  return store == "memory" ? store : absl::StrCat("sqlite ", FileOf(name));
}

std::string DataFolder::FileOf(absl::string_view name) const { return absl::StrCat(path, "/", name, ".db"); }

}  // namespace tandem
