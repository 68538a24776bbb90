#include "common/vocab/territory_name.h"

#include <cstdint>
#include <unicode/locid.h>
#include <unicode/stringpiece.h>
#include <unicode/unistr.h>

namespace tandem {

std::string TerritoryName(absl::string_view code, absl::string_view language_tag) {
  const icu::Locale territory("", std::string(code).c_str());
  UErrorCode error = U_ZERO_ERROR;
  icu::Locale language = icu::Locale::forLanguageTag(
      icu::StringPiece(language_tag.data(), static_cast<int32_t>(language_tag.size())), error);
  if (U_FAILURE(error) || language.isBogus()) language = icu::Locale::getEnglish();
  icu::UnicodeString name;
  territory.getDisplayCountry(language, name);
  // ICU answers with the code itself where it has no name.
  if (name == icu::UnicodeString::fromUTF8(icu::StringPiece(code.data(), static_cast<int32_t>(code.size())))) {
    territory.getDisplayCountry(icu::Locale::getEnglish(), name);
  }
  std::string out;
  name.toUTF8String(out);
  return out;
}

}  // namespace tandem
