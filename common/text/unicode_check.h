// Which texts are accepted from outside, and the form in which two texts are compared.
//
// All functions are thread-safe and never fail for lack of memory short of aborting.
#ifndef TANDEM_COMMON_TEXT_UNICODE_CHECK_H_
#define TANDEM_COMMON_TEXT_UNICODE_CHECK_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace tandem {

struct TextRules {
  // Allows line feed and tab, the only control characters a text of several lines needs. Without it a text is one line,
  // and U+2028 and U+2029 are refused too.
  bool multiline = false;
};

// OK when `text` is valid UTF-8 (which excludes surrogates) without U+0000, control characters, the bidirectional
// embeddings, overrides and isolates (U+202A-202E, U+2066-2069: they make a text read differently from what it is) and
// noncharacters. Else INVALID_ARGUMENT without a machine-readable reason: it describes a value; the caller names the
// field. The message gives the byte offset and the code point, never the text.
absl::Status CheckText(absl::string_view text, TextRules rules = {});

// The number of code points; each ill-formed sequence counts as one, as a decoder would replace it.
int64_t CountCodePoints(absl::string_view text);

// Normalization form C, in which equal-looking accented letters are equal bytes. Ill-formed sequences stay as they
// are: CheckText refuses them.
std::string ToNfc(absl::string_view text);

}  // namespace tandem

#endif  // TANDEM_COMMON_TEXT_UNICODE_CHECK_H_
