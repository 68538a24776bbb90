#include "services/pairing/market_feed/record_name.h"

#include <algorithm>
#include <vector>

#include "absl/strings/str_split.h"

namespace tandem::pairing {

RecordKind KindOf(absl::string_view name) {
  const std::vector<absl::string_view> parts = absl::StrSplit(name, '/');
  if (parts[0] != "editions" ||
      std::any_of(parts.begin(), parts.end(), [](absl::string_view p) { return p.empty(); })) {
    return RecordKind::kUnknown;
  }
  if (parts.size() == 2) return RecordKind::kEdition;
  if (parts.size() == 3 && parts[2] == "statistics") return RecordKind::kStatistics;
  if (parts.size() == 4 && parts[2] == "taxonomies") return RecordKind::kTaxonomy;
  if (parts.size() == 4 && parts[2] == "profiles") return RecordKind::kProfile;
  if (parts.size() == 4 && parts[2] == "projects") return RecordKind::kProject;
  if (parts.size() == 4 && parts[2] == "investors") return RecordKind::kInvestor;
  if (parts.size() == 6 && parts[2] == "investors" && parts[4] == "deals") return RecordKind::kDeal;
  return RecordKind::kUnknown;
}

absl::string_view EditionOf(absl::string_view name) {
  constexpr absl::string_view kPrefix = "editions/";
  if (name.substr(0, kPrefix.size()) != kPrefix) return "";
  const absl::string_view edition = name.substr(0, name.find('/', kPrefix.size()));
  return edition.size() > kPrefix.size() ? edition : "";
}

}  // namespace tandem::pairing
