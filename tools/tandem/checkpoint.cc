#include "tools/tandem/checkpoint.h"

#include <algorithm>
#include <cstdio>
#include <fstream>

#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "nlohmann/json.hpp"
#include "openssl/sha.h"

namespace tandem::cli {
namespace {

constexpr size_t kHashedBytes = 64 << 10;

}  // namespace

std::string CheckpointPath(const std::string& file) { return file + ".progress"; }

absl::StatusOr<std::string> FingerprintFile(const std::string& file, const std::string& fingerprint_of_before) {
  std::ifstream stream(file, std::ios::binary);
  if (!stream) return absl::NotFoundError(absl::StrCat("The file '", file, "' cannot be opened for reading."));
  size_t limit = kHashedBytes;
  size_t before = 0;
  if (absl::SimpleAtoi(fingerprint_of_before.substr(0, fingerprint_of_before.find(':')), &before)) {
    limit = std::min(limit, before);
  }
  std::string beginning(limit, '\0');
  stream.read(beginning.data(), static_cast<std::streamsize>(limit));
  beginning.resize(static_cast<size_t>(stream.gcount()));
  std::string hash(SHA256_DIGEST_LENGTH, '\0');
  SHA256(reinterpret_cast<const unsigned char*>(beginning.data()), beginning.size(),
         reinterpret_cast<unsigned char*>(hash.data()));
  return absl::StrCat(beginning.size(), ":", absl::BytesToHexString(hash));
}

absl::StatusOr<std::optional<Checkpoint>> LoadCheckpoint(const std::string& file) {
  std::ifstream stream(CheckpointPath(file));
  if (!stream) return std::optional<Checkpoint>();
  const nlohmann::json json = nlohmann::json::parse(stream, nullptr, /*allow_exceptions=*/false);
  const auto number = [&](const char* key, int64_t* value) {
    if (!json.contains(key) || !json[key].is_number_integer()) return false;
    *value = json[key].get<int64_t>();
    return *value >= 0;
  };
  const auto text = [&](const char* key, std::string* value) {
    if (!json.contains(key) || !json[key].is_string()) return false;
    *value = json[key].get<std::string>();
    return true;
  };
  Checkpoint checkpoint;
  if (!json.is_object() || !text("target", &checkpoint.target) || !text("fingerprint", &checkpoint.fingerprint) ||
      !text("token", &checkpoint.token) || !number("line", &checkpoint.line) ||
      !number("created", &checkpoint.created) || !number("updated", &checkpoint.updated) ||
      !number("unchanged", &checkpoint.unchanged) || !number("rejected", &checkpoint.rejected)) {
    return absl::DataLossError(
        absl::StrCat("The checkpoint '", CheckpointPath(file), "' cannot be understood; start over with --restart."));
  }
  return std::optional<Checkpoint>(checkpoint);
}

absl::Status SaveCheckpoint(const std::string& file, const Checkpoint& checkpoint) {
  const nlohmann::ordered_json json = {
      {"target", checkpoint.target},     {"line", checkpoint.line},       {"fingerprint", checkpoint.fingerprint},
      {"created", checkpoint.created},   {"updated", checkpoint.updated}, {"unchanged", checkpoint.unchanged},
      {"rejected", checkpoint.rejected}, {"token", checkpoint.token},
  };
  const std::string path = CheckpointPath(file);
  const std::string draft = path + ".new";
  {
    std::ofstream stream(draft, std::ios::trunc);
    stream << json.dump() << "\n";
    if (!stream.flush()) return absl::UnavailableError(absl::StrCat("The checkpoint '", draft, "' cannot be written."));
  }
  if (std::rename(draft.c_str(), path.c_str()) != 0) {
    return absl::UnavailableError(absl::StrCat("The checkpoint '", path, "' cannot be replaced."));
  }
  return absl::OkStatus();
}

void RemoveCheckpoint(const std::string& file) { std::remove(CheckpointPath(file).c_str()); }

}  // namespace tandem::cli
