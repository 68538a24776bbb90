#include "common/validation/text_rules.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

#include "common/base/civil_date.h"
#include "common/vocab/country.h"
#include "common/vocab/currency.h"
#include "common/vocab/language.h"
#include "common/vocab/region.h"
#include "common/vocab/time_zone.h"

namespace tandem {
namespace {

using type::v1::TextFormat;

bool IsLowerAlnum(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }

bool IsUuid(absl::string_view text) {
  if (text.size() != 36) return false;
  for (size_t i = 0; i < text.size(); ++i) {
    const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    if (dash ? text[i] != '-' : !absl::ascii_isxdigit(static_cast<unsigned char>(text[i]))) return false;
  }
  return true;
}

bool IsOpaque(absl::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 0x7f; });
}

}  // namespace

bool IsResourceId(absl::string_view text) {
  return !text.empty() && text.size() <= 63 && text.front() >= 'a' && text.front() <= 'z' &&
         IsLowerAlnum(text.back()) &&
         std::all_of(text.begin(), text.end(), [](char c) { return IsLowerAlnum(c) || c == '-'; });
}

ResourcePattern::ResourcePattern(absl::string_view pattern, bool wildcard) : text_(pattern), wildcard_(wildcard) {
  for (const absl::string_view part : absl::StrSplit(pattern, '/')) {
    parts_.emplace_back(part.size() > 2 && part.front() == '{' && part.back() == '}' ? absl::string_view() : part);
  }
}

bool ResourcePattern::Matches(absl::string_view name) const {
  for (size_t i = 0; i < parts_.size(); ++i) {
    const size_t slash = name.find('/');
    // The last part takes all that is left: an id has no slash.
    const bool last = i + 1 == parts_.size();
    if (!last && slash == absl::string_view::npos) return false;
    const absl::string_view part = last ? name : name.substr(0, slash);
    const bool fits = parts_[i].empty() ? IsResourceId(part) || (wildcard_ && part == "-") : part == parts_[i];
    if (!fits) return false;
    if (!last) name.remove_prefix(slash + 1);
  }
  return true;
}

std::string FormatProblem(TextFormat format, absl::string_view text) {
  const auto unless = [&](bool right, absl::string_view wanted) {
    return right ? std::string() : absl::StrCat(Quote(text), " is not ", wanted);
  };
  switch (format) {
    case type::v1::TEXT_FORMAT_RESOURCE_ID:
      return unless(IsResourceId(text),
                    "a resource id: at most 63 of a-z, 0-9 and '-', beginning with a letter and not ending with '-'");
    case type::v1::TEXT_FORMAT_DATE:
      return unless(ParseDate(text).ok(),
                    absl::StrCat("a date: YYYY-MM-DD, in the years ", kMinDateYear, " to ", kMaxDateYear));
    case type::v1::TEXT_FORMAT_COUNTRY:
      return unless(IsCountryCode(text), "an ISO 3166-1 alpha-2 country code in upper case, such as CN");
    case type::v1::TEXT_FORMAT_CURRENCY:
      return unless(IsCurrencyCode(text), "a current ISO 4217 currency code in upper case, such as CNY");
    case type::v1::TEXT_FORMAT_LANGUAGE:
      return unless(IsLanguageTag(text), "a BCP-47 language tag, such as zh-Hans or en");
    case type::v1::TEXT_FORMAT_TIME_ZONE:
      return unless(IsTimeZone(text), "an IANA time zone, such as Asia/Shanghai");
    case type::v1::TEXT_FORMAT_UUID:
      return unless(IsUuid(text), "a UUID, such as 0f8fad5b-d9cb-469f-a165-70867728950e");
    case type::v1::TEXT_FORMAT_COUNTRY_OR_GROUP:
      return unless(
          IsCountryCode(text) || IsM49(text),
          "an ISO 3166-1 alpha-2 country code in upper case or a UN M49 group of three digits, such as CN or 150");
    case type::v1::TEXT_FORMAT_OPAQUE:
      return IsOpaque(text) ? "" : "must be visible ASCII without spaces: send it back as it was given";
    default:
      return "";
  }
}

std::string Quote(absl::string_view text) {
  constexpr size_t kLongest = 80;
  if (text.size() <= kLongest) return absl::StrCat("\"", text, "\"");
  size_t size = kLongest;
  while (size > 0 && (static_cast<unsigned char>(text[size]) & 0xc0) == 0x80) --size;
  return absl::StrCat("\"", text.substr(0, size), "...\"");
}

bool IsBlank(absl::string_view text) {
  while (!text.empty()) {
    if (absl::ascii_isspace(static_cast<unsigned char>(text.front()))) {
      text.remove_prefix(1);
    } else if (!absl::ConsumePrefix(&text, "\xc2\xa0") && !absl::ConsumePrefix(&text, "\xe3\x80\x80")) {
      return false;
    }
  }
  return true;
}

}  // namespace tandem
