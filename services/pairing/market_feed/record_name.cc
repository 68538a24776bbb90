#include "services/pairing/market_feed/record_name.h"

#include <cstddef>

#include "absl/strings/str_split.h"

namespace tandem::pairing {

RecordKind KindOf(absl::string_view name) {
  // Asked several times for every call, so without a vector.
  constexpr size_t kMost = 6;
  absl::string_view parts[kMost];
  size_t size = 0;
  for (const absl::string_view part : absl::StrSplit(name, '/')) {
    if (part.empty() || size == kMost) return RecordKind::kUnknown;
    parts[size++] = part;
  }
  if (parts[0] != "editions") return RecordKind::kUnknown;
  if (size == 2) return RecordKind::kEdition;
  if (size == 3 && parts[2] == "statistics") return RecordKind::kStatistics;
  if (size == 4 && parts[2] == "taxonomies") return RecordKind::kTaxonomy;
  if (size == 4 && parts[2] == "profiles") return RecordKind::kProfile;
  if (size == 4 && parts[2] == "pairings") return RecordKind::kPairing;
  if (size == 4 && parts[2] == "projects") return RecordKind::kProject;
  if (size == 4 && parts[2] == "investors") return RecordKind::kInvestor;
  if (size == 6 && parts[2] == "investors" && parts[4] == "deals") return RecordKind::kDeal;
  return RecordKind::kUnknown;
}

absl::string_view EditionOf(absl::string_view name) {
  constexpr absl::string_view kPrefix = "editions/";
  if (name.substr(0, kPrefix.size()) != kPrefix) return "";
  const absl::string_view edition = name.substr(0, name.find('/', kPrefix.size()));
  return edition.size() > kPrefix.size() ? edition : "";
}

}  // namespace tandem::pairing
