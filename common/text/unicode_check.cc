#include "common/text/unicode_check.h"

#include <algorithm>
#include <cstdlib>
#include <limits>
#include <unicode/bytestream.h>
#include <unicode/normalizer2.h>
#include <unicode/stringpiece.h>
#include <unicode/utf8.h>

#include "absl/strings/str_cat.h"

namespace tandem {
namespace {

// ICU counts in int32_t. No text of ours comes near; what lies beyond is treated as not being there.
int32_t IcuLength(absl::string_view text) {
  return static_cast<int32_t>(std::min<size_t>(text.size(), std::numeric_limits<int32_t>::max() / 2));
}

// Why a code point is refused, or nullptr when it is not.
const char* Refusal(UChar32 c, TextRules rules) {
  if (c == 0) return "is the NUL character; remove it";
  if (c < 0x20 || (c >= 0x7f && c <= 0x9f)) {
    if (c == '\n' || c == '\t') {
      return rules.multiline ? nullptr : "breaks the line where one line is asked for; replace it by a space";
    }
    return rules.multiline ? "is a control character; only line feed and tab are allowed"
                           : "is a control character; remove it";
  }
  if ((c == 0x2028 || c == 0x2029) && !rules.multiline) {
    return "breaks the line where one line is asked for; replace it by a space";
  }
  if ((c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069)) {
    return "changes the direction of the text around it; remove it";
  }
  if ((c >= 0xfdd0 && c <= 0xfdef) || (c & 0xfffe) == 0xfffe) return "is a noncharacter; remove it";
  return nullptr;
}

}  // namespace

absl::Status CheckText(absl::string_view text, TextRules rules) {
  const auto* bytes = reinterpret_cast<const uint8_t*>(text.data());
  const int32_t size = IcuLength(text);
  if (static_cast<size_t>(size) != text.size()) return absl::InvalidArgumentError("the text is over 1 GiB; shorten it");
  for (int32_t at = 0; at < size;) {
    const int32_t start = at;
    UChar32 c = 0;
    U8_NEXT(bytes, at, size, c);
    if (c < 0) {
      return absl::InvalidArgumentError(absl::StrCat("byte 0x", absl::Hex(bytes[start], absl::kZeroPad2), " at offset ",
                                                     start, " is not valid UTF-8; encode the text as UTF-8"));
    }
    if (const char* refusal = Refusal(c, rules)) {
      return absl::InvalidArgumentError(
          absl::StrCat("U+", absl::Hex(c, absl::kZeroPad4), " at byte offset ", start, " ", refusal));
    }
  }
  return absl::OkStatus();
}

int64_t CountCodePoints(absl::string_view text) {
  const auto* bytes = reinterpret_cast<const uint8_t*>(text.data());
  const int32_t size = IcuLength(text);
  int64_t count = 0;
  for (int32_t at = 0; at < size; ++count) {
    UChar32 c = 0;
    U8_NEXT(bytes, at, size, c);
    static_cast<void>(c);
  }
  return count;
}

std::string ToNfc(absl::string_view text) {
  if (std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; }))
    return std::string(text);
  UErrorCode error = U_ZERO_ERROR;
  const icu::Normalizer2* nfc = icu::Normalizer2::getNFCInstance(error);
  std::string out;
  icu::StringByteSink<std::string> sink(&out, IcuLength(text));
  if (U_SUCCESS(error)) nfc->normalizeUTF8(0, icu::StringPiece(text.data(), IcuLength(text)), sink, nullptr, error);
  // NFC's data is compiled into the ICU library: only memory can be missing.
  if (U_FAILURE(error)) std::abort();
  return out;
}

}  // namespace tandem
