#include "common/vocab/subdivision.h"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"

#include "common/vocab/country.h"
#include <nlohmann/json.hpp>

namespace tandem {
namespace {

const absl::StatusOr<SubdivisionTable>& ProcessTable() {
  static const auto* const table = new absl::StatusOr<SubdivisionTable>(SubdivisionTable::Load(IsoCodesFolder()));
  return *table;
}

}  // namespace

absl::StatusOr<SubdivisionTable> SubdivisionTable::Load(absl::string_view folder) {
  const std::string path = absl::StrCat(folder, "/iso_3166-2.json");
  std::ifstream file(path);
  if (!file) {
    return absl::NotFoundError(absl::StrCat(
        path, " cannot be read; install the package iso-codes or set TANDEM_ISO_CODES_DIR to its json folder"));
  }
  const nlohmann::json json = nlohmann::json::parse(file, nullptr, /*allow_exceptions=*/false);
  SubdivisionTable table;
  const auto entries = json.is_object() ? json.find("3166-2") : json.end();
  if (entries != json.end() && entries->is_array()) {
    for (const nlohmann::json& entry : *entries) {
      const auto code = entry.is_object() ? entry.find("code") : entry.end();
      if (code != entry.end() && code->is_string()) table.codes_.insert(code->get<std::string>());
    }
  }
  if (table.codes_.empty()) {
    return absl::DataLossError(
        absl::StrCat(path, " lists no ISO 3166-2 codes; replace it by the one of the package iso-codes"));
  }
  return table;
}

std::string IsoCodesFolder() {
  const char* folder = std::getenv("TANDEM_ISO_CODES_DIR");
  return folder != nullptr && *folder != '\0' ? folder : "/usr/share/iso-codes/json";
}

absl::Status LoadSubdivisions() { return ProcessTable().status(); }

bool IsSubdivisionCode(absl::string_view code) {
  return ProcessTable().ok() ? ProcessTable()->Contains(code) : IsFormedLikeSubdivision(code);
}

bool IsFormedLikeSubdivision(absl::string_view code) {
  if (code.size() < 4 || code.size() > 6 || code[2] != '-' || !IsCountryCode(code.substr(0, 2))) return false;
  const absl::string_view local = code.substr(3);
  return std::all_of(local.begin(), local.end(),
                     [](unsigned char c) { return absl::ascii_isupper(c) || absl::ascii_isdigit(c); });
}

}  // namespace tandem
