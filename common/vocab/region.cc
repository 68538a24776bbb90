#include "common/vocab/region.h"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <memory>
#include <unicode/region.h>
#include <unicode/strenum.h>
#include <unicode/uloc.h>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/ascii.h"

#include "common/vocab/country.h"
#include "common/vocab/territory_name.h"

namespace tandem {
namespace {

// ICU also knows groups of CLDR's own (QO, EU, UN), which have letters.
bool IsThreeDigits(absl::string_view code) {
  return code.size() == 3 &&
         std::all_of(code.begin(), code.end(), [](unsigned char c) { return absl::ascii_isdigit(c); });
}

struct Regions {
  // Countries per group.
  absl::flat_hash_map<std::string, int> sizes;
  absl::flat_hash_map<std::string, std::vector<std::string>> groups_by_country;
};

Regions* MakeRegions() {
  auto* regions = new Regions;
  UErrorCode error = U_ZERO_ERROR;
  for (const URegionType type : {URGN_WORLD, URGN_CONTINENT, URGN_SUBCONTINENT, URGN_GROUPING}) {
    const std::unique_ptr<icu::StringEnumeration> codes(icu::Region::getAvailable(type, error));
    if (U_FAILURE(error) || codes == nullptr) break;
    while (const char* code = codes->next(nullptr, error)) {
      if (!IsThreeDigits(code)) continue;
      const icu::Region* group = icu::Region::getInstance(code, error);
      if (U_FAILURE(error)) break;
      int& size = regions->sizes[code];
      for (const char* const* country = uloc_getISOCountries(); *country != nullptr; ++country) {
        if (!IsCountryCode(*country)) continue;
        UErrorCode unknown = U_ZERO_ERROR;
        const icu::Region* region = icu::Region::getInstance(*country, unknown);
        if (U_FAILURE(unknown) || !group->contains(*region)) continue;
        ++size;
        regions->groups_by_country[*country].push_back(code);
      }
    }
  }
  for (auto& [country, groups] : regions->groups_by_country) {
    std::sort(groups.begin(), groups.end(), [regions](const std::string& a, const std::string& b) {
      return std::make_pair(regions->sizes.at(a), absl::string_view(a)) <
             std::make_pair(regions->sizes.at(b), absl::string_view(b));
    });
  }
  return regions;
}

const Regions& AllRegions() {
  static const Regions* const regions = MakeRegions();
  return *regions;
}

}  // namespace

bool IsM49(absl::string_view code) { return AllRegions().sizes.contains(code); }

std::string GroupName(absl::string_view code, absl::string_view language_tag) {
  return IsM49(code) ? TerritoryName(code, language_tag) : std::string();
}

std::vector<std::string> RegionGroups(absl::string_view country) {
  const auto found = AllRegions().groups_by_country.find(country);
  return found == AllRegions().groups_by_country.end() ? std::vector<std::string>() : found->second;
}

}  // namespace tandem
