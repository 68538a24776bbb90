// Index terms of Chinese and English text.
#ifndef TANDEM_COMMON_TEXT_TOKENIZE_H_
#define TANDEM_COMMON_TEXT_TOKENIZE_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/strings/string_view.h"

namespace tandem {

// How much of a text is considered, in bytes of UTF-8. The rest adds no term.
inline constexpr size_t kMaxTokenizedBytes = 64 * 1024;
// Longer runs, in bytes of UTF-8, are no words (keys, hashes, encoded data) and are dropped.
inline constexpr size_t kMaxTermBytes = 96;

enum class TermKind {
  kWord,  // a word, as ICU cuts it
  kPair,  // two neighbouring ideographs that ICU left alone: perhaps a word that its dictionary lacks
};

// Gives the terms of `utf8` to `emit` in reading order, repeated as often as they occur. Two texts that differ in
// width, case, compatibility forms or in traditional against simplified Chinese characters have the same terms, as far
// as ICU's rules know the characters.
//
// A text is normalised (NFKC with case folding), turned to simplified characters (not for `ja` and `ko`) and cut into
// words by ICU (a dictionary for Chinese). Dropped are punctuation, numbers and single characters that are not
// ideographs; common words are not: their rarity says that they tell nothing. English plurals lose their ending (for
// `en`, `zh` and an unknown language). A Chinese word that ICU's dictionary lacks comes as its single characters, each
// followed by its pair with the one before it: 钙, 钛, 钙钛, 矿, 钛矿.
//
// `language_tag` is a BCP-47 tag, or empty when unknown; only its primary language matters. Ill-formed UTF-8 separates
// words; of more than 30 combining marks in a row the rest is dropped. Time is bounded by kMaxTokenizedBytes.
//
// Deterministic for one release of ICU. Thread-safe; the first call sets up ICU (some 20 ms), and each thread keeps
// some 8 MB at the most of clauses that it met. Aborts when ICU's data are not installed. `emit` must not call back.
void ForEachTerm(absl::string_view utf8, absl::string_view language_tag,
                 absl::FunctionRef<void(absl::string_view term, TermKind kind)> emit);

// The same terms of both kinds, collected.
std::vector<std::string> Terms(absl::string_view utf8, absl::string_view language_tag = "");

}  // namespace tandem

#endif  // TANDEM_COMMON_TEXT_TOKENIZE_H_
