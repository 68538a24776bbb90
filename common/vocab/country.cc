#include "common/vocab/country.h"

#include <algorithm>
#include <unicode/uloc.h>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"

#include "common/vocab/territory_name.h"

namespace tandem {
namespace {

// What ICU lists beyond ISO 3166-1's assigned codes: exceptionally reserved (Ascension, Clipperton, Sark, Diego Garcia,
// Ceuta, Canaries, Tristan da Cunha) and user-assigned (Kosovo). Some appear only in later releases of ICU.
constexpr absl::string_view kUnassigned[] = {"AC", "CP", "CQ", "DG", "EA", "IC", "TA", "XK"};

const absl::flat_hash_set<absl::string_view>& Countries() {
  static const auto* const countries = [] {
    auto* set = new absl::flat_hash_set<absl::string_view>;
    for (const char* const* code = uloc_getISOCountries(); *code != nullptr; ++code) {
      if (std::find(std::begin(kUnassigned), std::end(kUnassigned), *code) == std::end(kUnassigned)) set->insert(*code);
    }
    return set;
  }();
  return *countries;
}

}  // namespace

bool IsCountryCode(absl::string_view code) { return Countries().contains(code); }

std::optional<std::string> Alpha2FromAlpha3(absl::string_view alpha3) {
  static const auto* const alpha2_by_alpha3 = [] {
    auto* map = new absl::flat_hash_map<std::string, std::string>;
    for (const absl::string_view code : Countries())
      map->emplace(uloc_getISO3Country(absl::StrCat("und_", code).c_str()), code);
    return map;
  }();
  const auto found = alpha2_by_alpha3->find(alpha3);
  if (found == alpha2_by_alpha3->end()) return std::nullopt;
  return found->second;
}

std::string CountryName(absl::string_view code, absl::string_view language_tag) {
  return IsCountryCode(code) ? TerritoryName(code, language_tag) : std::string();
}

}  // namespace tandem
