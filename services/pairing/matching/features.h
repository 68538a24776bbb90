// Names of features: the texts under which frozen statistics count them.
#ifndef TANDEM_SERVICES_PAIRING_MATCHING_FEATURES_H_
#define TANDEM_SERVICES_PAIRING_MATCHING_FEATURES_H_

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"

#include "tandem/type/v1/types.pb.h"

namespace tandem::pairing::matching {

// "nace/2.1/C21": scheme, version and code.
std::string SectorKey(const type::v1::SectorCode& code);
std::string SectorKey(absl::string_view scheme, absl::string_view version, absl::string_view code);

std::string SectorFeature(absl::string_view sector_key);                         // "sector:nace/2.1/C21"
std::string CountryFeature(absl::string_view country);                           // "country:CN"
std::string RegionFeature(absl::string_view country, absl::string_view region);  // "region:CN/CN-GD"
std::string CityFeature(absl::string_view country, absl::string_view region, absl::string_view city);
// "stated:country": of what has that aspect at all; within a part, such as "stated:region/CN".
std::string StatedFeature(absl::string_view aspect);
std::string NumberFeature(absl::string_view aspect, int64_t value);  // "round:5"
std::string LanguageFeature(absl::string_view primary_language);     // "language:zh"
std::string TermFeature(absl::string_view term);                     // "term:battery"
inline constexpr absl::string_view kTermFeaturePrefix = "term:";

}  // namespace tandem::pairing::matching

#endif  // TANDEM_SERVICES_PAIRING_MATCHING_FEATURES_H_
