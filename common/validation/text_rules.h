// Checks of single texts: formats and resource names. All functions are thread-safe.
#ifndef TANDEM_COMMON_VALIDATION_TEXT_RULES_H_
#define TANDEM_COMMON_VALIDATION_TEXT_RULES_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

#include "tandem/type/v1/field_rules.pb.h"

namespace tandem {

// `[a-z]([a-z0-9-]{0,61}[a-z0-9])?`.
bool IsResourceId(absl::string_view text);

// The pattern of a resource name: literal parts and `{variables}` between slashes.
class ResourcePattern {
 public:
  // REQUIRES: `pattern` is not empty. `wildcard` lets a `-` stand for any variable.
  ResourcePattern(absl::string_view pattern, bool wildcard);

  bool Matches(absl::string_view name) const;
  const std::string& text() const { return text_; }
  bool wildcard() const { return wildcard_; }

 private:
  std::string text_;
  bool wildcard_;
  std::vector<std::string> parts_;  // empty: a variable
};

// What is wrong with `text` by `format`, or an empty string. The value is quoted unless it is a token.
std::string FormatProblem(type::v1::TextFormat format, absl::string_view text);

// `text` in quotes, cut at a code point to a length that fits a message. REQUIRES: `text` passed CheckText.
std::string Quote(absl::string_view text);

// Whether `text` has nothing but spaces (ASCII white space, U+00A0, U+3000).
bool IsBlank(absl::string_view text);

}  // namespace tandem

#endif  // TANDEM_COMMON_VALIDATION_TEXT_RULES_H_
