#include "common/text/display_width.h"

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <unicode/brkiter.h>
#include <unicode/stringpiece.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include "absl/strings/str_cat.h"

namespace tandem {
namespace {

constexpr UChar32 kEmojiPresentation = 0xfe0f;  // VARIATION SELECTOR-16

bool IsPrintableAscii(absl::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c < 0x7f; });
}

size_t CodePointWidth(UChar32 c) {
  if (c == 0xad) return 1;  // a soft hyphen is shown by terminals, although Unicode calls it invisible
  switch (u_charType(c)) {
    case U_CONTROL_CHAR:
    case U_FORMAT_CHAR:
    case U_NON_SPACING_MARK:
    case U_ENCLOSING_MARK:
    case U_LINE_SEPARATOR:
    case U_PARAGRAPH_SEPARATOR:
      return 0;
    default:
      break;
  }
  if (u_hasBinaryProperty(c, UCHAR_DEFAULT_IGNORABLE_CODE_POINT)) return 0;
  const int32_t hangul = u_getIntPropertyValue(c, UCHAR_HANGUL_SYLLABLE_TYPE);
  if (hangul == U_HST_VOWEL_JAMO || hangul == U_HST_TRAILING_JAMO) return 0;
  const int32_t width = u_getIntPropertyValue(c, UCHAR_EAST_ASIAN_WIDTH);
  return width == U_EA_WIDE || width == U_EA_FULLWIDTH ? 2 : 1;
}

// A cluster is drawn in one place: as wide as its widest part.
size_t ClusterWidth(const icu::UnicodeString& text, int32_t start, int32_t limit) {
  size_t width = 0;
  int32_t flag_letters = 0;
  bool emoji = false;
  for (int32_t at = start; at < limit; at = text.moveIndex32(at, 1)) {
    const UChar32 c = text.char32At(at);
    width = std::max(width, CodePointWidth(c));
    if (u_hasBinaryProperty(c, UCHAR_REGIONAL_INDICATOR)) ++flag_letters;
    if (c == kEmojiPresentation && at > start) emoji = true;
  }
  if (flag_letters == 2 || (emoji && width > 0)) return 2;
  return width;
}

icu::UnicodeString Decode(absl::string_view text) {
  return icu::UnicodeString::fromUTF8(icu::StringPiece(text.data(), static_cast<int32_t>(text.size())));
}

// The iterator has state: one per thread.
icu::BreakIterator* Clusters() {
  thread_local const std::unique_ptr<icu::BreakIterator> clusters = [] {
    UErrorCode error = U_ZERO_ERROR;
    std::unique_ptr<icu::BreakIterator> made(
        icu::BreakIterator::createCharacterInstance(icu::Locale::getRoot(), error));
    if (U_FAILURE(error) || made == nullptr) {
      std::fprintf(stderr, "ICU cannot find characters (%s); install its data\n", u_errorName(error));
      std::abort();
    }
    return made;
  }();
  return clusters.get();
}

// The longest beginning of `text` within `most` columns: its end, and its width in `*width`.
int32_t Fit(const icu::UnicodeString& text, size_t most, size_t* width) {
  icu::BreakIterator* clusters = Clusters();
  clusters->setText(text);
  *width = 0;
  int32_t start = clusters->first();
  for (int32_t limit = clusters->next(); limit != icu::BreakIterator::DONE; start = limit, limit = clusters->next()) {
    const size_t more = ClusterWidth(text, start, limit);
    if (*width + more > most) break;
    *width += more;
  }
  return start;
}

}  // namespace

size_t DisplayWidth(absl::string_view text) {
  if (IsPrintableAscii(text)) return text.size();
  size_t width = 0;
  Fit(Decode(text), SIZE_MAX / 2, &width);
  return width;
}

std::string PadToWidth(absl::string_view text, size_t width, Align align) {
  const size_t used = DisplayWidth(text);
  const std::string fill(used < width ? width - used : 0, ' ');
  return align == Align::kLeft ? absl::StrCat(text, fill) : absl::StrCat(fill, text);
}

std::string TruncateToWidth(absl::string_view text, size_t width) {
  if (DisplayWidth(text) <= width) return std::string(text);
  if (width == 0) return "";
  const icu::UnicodeString decoded = Decode(text);
  size_t used = 0;
  const int32_t limit = Fit(decoded, width - 1, &used);
  std::string out;
  decoded.tempSubStringBetween(0, limit).toUTF8String(out);
  return absl::StrCat(out, "\xE2\x80\xA6");
}

}  // namespace tandem
