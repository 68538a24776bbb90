#include "common/vocab/language.h"

#include <array>
#include <optional>
#include <unicode/locid.h>
#include <unicode/uloc.h>

#include "absl/container/flat_hash_set.h"
#include "absl/hash/hash.h"

namespace tandem {
namespace {

// No tag that anybody needs is longer; it bounds the work on a value from outside.
constexpr size_t kLongestTag = 64;

const absl::flat_hash_set<absl::string_view>& Languages() {
  static const auto* const languages = [] {
    auto* set = new absl::flat_hash_set<absl::string_view>;
    for (const char* const* code = uloc_getISOLanguages(); *code != nullptr; ++code) set->insert(*code);
    set->erase("und");
    set->erase("mul");
    set->erase("zxx");
    return set;
  }();
  return *languages;
}

// The canonical locale of a tag that is well-formed and of a known language.
std::optional<icu::Locale> ParseTag(absl::string_view tag) {
  if (tag.empty() || tag.size() > kLongestTag) return std::nullopt;
  // ICU's parser takes what it can and says how much; only all of it will do. A NUL inside ends its reading, and so is
  // refused.
  char id[ULOC_FULLNAME_CAPACITY];
  int32_t parsed = 0;
  UErrorCode error = U_ZERO_ERROR;
  uloc_forLanguageTag(std::string(tag).c_str(), id, sizeof(id), &parsed, &error);
  if (U_FAILURE(error) || error == U_STRING_NOT_TERMINATED_WARNING || static_cast<size_t>(parsed) != tag.size())
    return std::nullopt;
  icu::Locale locale(id);
  locale.canonicalize(error);
  if (U_FAILURE(error) || locale.isBogus() || !Languages().contains(locale.getLanguage())) return std::nullopt;
  return locale;
}

}  // namespace

bool IsLanguageTag(absl::string_view tag) { return ParseTag(tag).has_value(); }

std::string CanonicalLanguageTag(absl::string_view tag) {
  const std::optional<icu::Locale> locale = ParseTag(tag);
  if (!locale.has_value()) return "";
  UErrorCode error = U_ZERO_ERROR;
  std::string canonical = locale->toLanguageTag<std::string>(error);
  return U_SUCCESS(error) ? canonical : "";
}

std::string PrimaryLanguage(absl::string_view tag) {
  // Records have few different tags, and ICU takes microseconds for each.
  struct Known {
    std::string tag, primary;
  };
  thread_local std::array<Known, 64> lately;
  Known& known = lately[absl::Hash<absl::string_view>()(tag) % lately.size()];
  if (tag.empty() || known.tag != tag) {
    const std::optional<icu::Locale> locale = ParseTag(tag);
    if (!locale.has_value()) return "";
    known = {std::string(tag), locale->getLanguage()};
  }
  return known.primary;
}

}  // namespace tandem
