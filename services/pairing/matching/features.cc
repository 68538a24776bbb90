#include "services/pairing/matching/features.h"

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"

namespace tandem::pairing::matching {

std::string SectorKey(absl::string_view scheme, absl::string_view version, absl::string_view code) {
  return absl::StrCat(scheme, "/", version, "/", code);
}

std::string SectorKey(const type::v1::SectorCode& code) {
  return SectorKey(code.scheme(), code.version(), code.code());
}

std::string SectorFeature(absl::string_view sector_key) { return absl::StrCat("sector:", sector_key); }

std::string CountryFeature(absl::string_view country) { return absl::StrCat("country:", country); }

std::string RegionFeature(absl::string_view country, absl::string_view region) {
  return absl::StrCat("region:", country, "/", absl::AsciiStrToLower(region));
}

std::string CityFeature(absl::string_view country, absl::string_view region, absl::string_view city) {
  return absl::StrCat("city:", country, "/", absl::AsciiStrToLower(region), "/", absl::AsciiStrToLower(city));
}

std::string StatedFeature(absl::string_view aspect) { return absl::StrCat("stated:", aspect); }

std::string NumberFeature(absl::string_view aspect, int64_t value) { return absl::StrCat(aspect, ":", value); }

std::string LanguageFeature(absl::string_view primary_language) { return absl::StrCat("language:", primary_language); }

std::string TermFeature(absl::string_view term) { return absl::StrCat(kTermFeaturePrefix, term); }

}  // namespace tandem::pairing::matching
