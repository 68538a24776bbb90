#include "common/vocab/time_zone.h"

#include <unicode/stringpiece.h>
#include <unicode/timezone.h>
#include <unicode/unistr.h>

#include "absl/strings/match.h"

namespace tandem {

bool IsTimeZone(absl::string_view id) {
  if (id == "UTC") return true;
  constexpr size_t kLongestId = 64;
  if (id.size() > kLongestId || !absl::StrContains(id, '/') || absl::StrContains(id, '\0') ||
      absl::StartsWith(id, "SystemV/"))
    return false;
  icu::UnicodeString canonical;
  UBool known_by_name = false;  // false for a custom offset
  UErrorCode error = U_ZERO_ERROR;
  icu::TimeZone::getCanonicalID(
      icu::UnicodeString::fromUTF8(icu::StringPiece(id.data(), static_cast<int32_t>(id.size()))), canonical,
      known_by_name, error);
  return U_SUCCESS(error) && known_by_name;
}

}  // namespace tandem
