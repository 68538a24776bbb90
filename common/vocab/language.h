// Language tags: BCP-47, from ICU. All functions are thread-safe.
#ifndef TANDEM_COMMON_VOCAB_LANGUAGE_H_
#define TANDEM_COMMON_VOCAB_LANGUAGE_H_

#include <string>

#include "absl/strings/string_view.h"

namespace tandem {

// Whether `tag` is well-formed by BCP-47 in any case ("zh-Hans", "en-us") and its language is one that ICU knows,
// itself or by what it became ("iw", "cmn", "eng"). `und`, private-use tags and underscores are refused. Script and
// region are checked in form only.
bool IsLanguageTag(absl::string_view tag);

// The one way to write `tag`: usual case and replaced subtags replaced ("EN-us" -> "en-US", "cmn-Hans" -> "zh-Hans",
// "iw" -> "he"). Scripts and regions are neither added nor removed. Empty when IsLanguageTag is false.
std::string CanonicalLanguageTag(absl::string_view tag);

// The language of the canonical tag: "zh" for "zh-Hans" and "cmn". Empty when IsLanguageTag is false.
std::string PrimaryLanguage(absl::string_view tag);

}  // namespace tandem

#endif  // TANDEM_COMMON_VOCAB_LANGUAGE_H_
