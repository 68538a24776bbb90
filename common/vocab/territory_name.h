// Names of countries and groups of countries, from ICU. For this folder: callers use CountryName and GroupName.
#ifndef TANDEM_COMMON_VOCAB_TERRITORY_NAME_H_
#define TANDEM_COMMON_VOCAB_TERRITORY_NAME_H_

#include <string>

#include "absl/strings/string_view.h"

namespace tandem {

// The name of a known alpha-2 or M49 code in a language, in English when ICU has none in it. Thread-safe.
std::string TerritoryName(absl::string_view code, absl::string_view language_tag);

}  // namespace tandem

#endif  // TANDEM_COMMON_VOCAB_TERRITORY_NAME_H_
