// Regions of the world: UN M49, from ICU. All functions are thread-safe.
#ifndef TANDEM_COMMON_VOCAB_REGION_H_
#define TANDEM_COMMON_VOCAB_REGION_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace tandem {

// Whether `code` is the three-digit UN M49 code of a group of countries ("030", "142", "001"). M49's codes of single
// countries are none here: a country has one name, its alpha-2 code. Nor are the economic groups (199, 432, 722).
bool IsM49(absl::string_view code);

// The M49 groups that contain a country (an alpha-2 code), nearest first, the world last: CN -> 030 (Eastern Asia), 142
// (Asia), 001. Where two overlap the smaller one comes first: BR -> 005, 419, 019, 001. Empty when `country` is no
// country.
std::vector<std::string> RegionGroups(absl::string_view country);

// The name of a group in the language of a BCP-47 tag, in English when ICU has none in it ("Europe", "欧洲"). Empty
// when `code` is no group.
std::string GroupName(absl::string_view code, absl::string_view language_tag);

}  // namespace tandem

#endif  // TANDEM_COMMON_VOCAB_REGION_H_
