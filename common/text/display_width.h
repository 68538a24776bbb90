// Columns that a text takes on a terminal, for tables with Chinese in them.
//
// Widths follow Unicode: East Asian wide and full-width characters and emoji take 2 columns, combining marks, control
// and other invisible characters 0, ambiguous ones 1. What people see as one character (a grapheme cluster, such as a
// flag or a family emoji) is measured and cut as one. Texts are UTF-8 on one line; ill-formed sequences count as
// U+FFFD, 1 column. All functions are thread-safe.
#ifndef TANDEM_COMMON_TEXT_DISPLAY_WIDTH_H_
#define TANDEM_COMMON_TEXT_DISPLAY_WIDTH_H_

#include <cstddef>
#include <string>

#include "absl/strings/string_view.h"

namespace tandem {

enum class Align { kLeft, kRight };

size_t DisplayWidth(absl::string_view text);

// `text` filled up with spaces to `width` columns; a wider text is returned as it is.
std::string PadToWidth(absl::string_view text, size_t width, Align align = Align::kLeft);

// `text` if it fits into `width` columns, else its longest beginning that leaves room for the ellipsis U+2026 that
// follows it. May be one column short of `width` where a wide character would not fit.
std::string TruncateToWidth(absl::string_view text, size_t width);

}  // namespace tandem

#endif  // TANDEM_COMMON_TEXT_DISPLAY_WIDTH_H_
