// Countries: ISO 3166-1, from ICU. All functions are thread-safe.
#ifndef TANDEM_COMMON_VOCAB_COUNTRY_H_
#define TANDEM_COMMON_VOCAB_COUNTRY_H_

#include <optional>
#include <string>

#include "absl/strings/string_view.h"

namespace tandem {

// Whether `code` is an assigned ISO 3166-1 alpha-2 code in upper case ("CN"). User-assigned and reserved codes (XK, EU,
// UK) are none.
bool IsCountryCode(absl::string_view code);

// "CN" for "CHN"; nothing when `alpha3` is no assigned ISO 3166-1 alpha-3 code in upper case.
std::optional<std::string> Alpha2FromAlpha3(absl::string_view alpha3);

// The name of the country in the language of a BCP-47 tag, in English when ICU has none in it ("China", "中国"). Empty
// when `code` is no country.
std::string CountryName(absl::string_view code, absl::string_view language_tag);

}  // namespace tandem

#endif  // TANDEM_COMMON_VOCAB_COUNTRY_H_
