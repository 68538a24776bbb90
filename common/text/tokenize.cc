#include "common/text/tokenize.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <unicode/brkiter.h>
#include <unicode/normalizer2.h>
#include <unicode/stringpiece.h>
#include <unicode/translit.h>
#include <unicode/ubrk.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unicode/utf8.h>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"

namespace tandem {
namespace {

// What ICU makes once per thread: the iterator has state, and the transliterator is costly to make.
class Icu {
 public:
  Icu() {
    UErrorCode error = U_ZERO_ERROR;
    fold_ = icu::Normalizer2::getNFKCCasefoldInstance(error);
    words_.reset(icu::BreakIterator::createWordInstance(icu::Locale::getRoot(), error));
    simplify_.reset(icu::Transliterator::createInstance("Traditional-Simplified", UTRANS_FORWARD, error));
    if (U_FAILURE(error) || words_ == nullptr || simplify_ == nullptr) {
      std::fprintf(stderr, "ICU cannot segment text (%s); install its data\n", u_errorName(error));
      std::abort();
    }
  }

  icu::UnicodeString Fold(absl::string_view utf8) const {
    UErrorCode error = U_ZERO_ERROR;
    icu::UnicodeString folded = fold_->normalize(
        icu::UnicodeString::fromUTF8(icu::StringPiece(utf8.data(), static_cast<int32_t>(utf8.size()))), error);
    return U_SUCCESS(error) ? folded : icu::UnicodeString();
  }

  // Only runs of ideographs go through the rules: a Latin text costs nothing.
  void Simplify(icu::UnicodeString* text) const {
    for (int32_t at = 0; at < text->length();) {
      int32_t limit = at;
      while (limit < text->length() && u_hasBinaryProperty(text->char32At(limit), UCHAR_IDEOGRAPHIC)) {
        limit = text->moveIndex32(limit, 1);
      }
      at = limit > at ? simplify_->transliterate(*text, at, limit) : text->moveIndex32(at, 1);
    }
  }

  icu::BreakIterator* words() { return words_.get(); }

 private:
  const icu::Normalizer2* fold_;
  std::unique_ptr<icu::BreakIterator> words_;
  std::unique_ptr<icu::Transliterator> simplify_;
};

// Words so common in either language that they tell nothing about a text. Short on purpose: rarity weights do the rest.
// Traditional forms are simplified before they are looked up.
const absl::flat_hash_set<absl::string_view>& StopWords() {
  static const auto* const words = new absl::flat_hash_set<absl::string_view>{
      "about", "after", "all",    "also",  "an",      "and",   "any",   "are",  "as",    "at",    "be",   "been",
      "being", "both",  "but",    "by",    "can",     "could", "did",   "do",   "does",  "each",  "for",  "from",
      "had",   "has",   "have",   "he",    "her",     "his",   "how",   "if",   "in",    "into",  "is",   "it",
      "its",   "may",   "more",   "most",  "no",      "not",   "of",    "on",   "or",    "other", "our",  "out",
      "over",  "she",   "should", "so",    "such",    "than",  "that",  "the",  "their", "them",  "then", "there",
      "these", "they",  "this",   "those", "through", "to",    "under", "up",   "upon",  "was",   "we",   "were",
      "what",  "when",  "where",  "which", "while",   "who",   "will",  "with", "would", "you",   "your", "的",
      "了",    "和",    "是",     "在",    "与",      "及",    "或",    "为",   "以",    "等",    "对",   "从",
      "由",    "于",    "而",     "之",    "其",      "并",    "也",    "都",   "就",    "这",    "那",   "该",
      "个",    "们",    "我们",   "他们",  "它",      "以及",  "可以",  "通过", "进行",  "因此",  "但",   "但是",
      "不",    "有",    "被",     "把",    "将",      "中",    "上",    "下",   "到",    "所",    "着",   "地",
      "得",    "一个",  "一种",   "这个",  "这种",    "如果",  "因为",  "所以", "并且",  "其中"};
  return *words;
}

// Takes the plural ending off an English word. Light on purpose: it must never join two unrelated words, and may well
// miss a plural. `batteries` -> `battery`, `processes` -> `process`, `batches` -> `batch`, `sensors` -> `sensor`;
// `glass`, `virus`, `analysis`, `gas` and `series` stay.
void StemPlural(std::string* word) {
  for (const absl::string_view possessive : {"'s", "\xE2\x80\x99s"}) {
    if (absl::EndsWith(*word, possessive)) word->resize(word->size() - possessive.size());
  }
  if (word->size() < 4 || word->back() != 's') return;
  if (!std::all_of(word->begin(), word->end(), [](char c) { return c >= 'a' && c <= 'z'; })) return;
  if (*word == "series" || *word == "species") return;
  if (absl::EndsWith(*word, "ies")) {
    if (word->size() == 4) {
      word->pop_back();  // ties, pies
    } else {
      word->resize(word->size() - 3);
      word->push_back('y');
    }
    return;
  }
  for (const absl::string_view ending : {"sses", "shes", "ches", "xes"}) {
    if (absl::EndsWith(*word, ending)) {
      word->resize(word->size() - 2);
      return;
    }
  }
  for (const absl::string_view ending : {"ss", "us", "is"}) {
    if (absl::EndsWith(*word, ending)) return;
  }
  word->pop_back();
}

// The primary subtag in lower case: "zh" of "zh-Hant-TW".
std::string PrimarySubtag(absl::string_view tag) {
  return absl::AsciiStrToLower(tag.substr(0, tag.find_first_of("-_")));
}

bool HasLetter(const icu::UnicodeString& text, int32_t start, int32_t limit) {
  for (int32_t at = start; at < limit; at = text.moveIndex32(at, 1)) {
    if (u_isalpha(text.char32At(at))) return true;
  }
  return false;
}

bool IsLoneNonIdeograph(const icu::UnicodeString& text, int32_t start, int32_t limit) {
  const UChar32 first = text.char32At(start);
  return limit - start == U16_LENGTH(first) && !u_hasBinaryProperty(first, UCHAR_IDEOGRAPHIC);
}

}  // namespace

std::vector<std::string> Terms(absl::string_view utf8, absl::string_view language_tag) {
  thread_local Icu icu_of_thread;
  const bool cut = utf8.size() > kMaxTokenizedBytes;
  if (cut) {
    auto limit = static_cast<int32_t>(kMaxTokenizedBytes);
    const auto* bytes = reinterpret_cast<const uint8_t*>(utf8.data());
    U8_SET_CP_START(bytes, 0, limit);
    utf8 = utf8.substr(0, static_cast<size_t>(limit));
  }
  const std::string language = PrimarySubtag(language_tag);
  const bool stem = language.empty() || language == "en" || language == "zh";

  icu::UnicodeString text = icu_of_thread.Fold(utf8);
  if (language != "ja" && language != "ko") icu_of_thread.Simplify(&text);

  std::vector<std::string> terms;
  icu::BreakIterator* words = icu_of_thread.words();
  words->setText(text);
  const absl::flat_hash_set<absl::string_view>& stop_words = StopWords();
  int32_t start = words->first();
  for (int32_t limit = words->next(); limit != icu::BreakIterator::DONE; start = limit, limit = words->next()) {
    if (words->getRuleStatus() < UBRK_WORD_LETTER) continue;
    // A word that touches the cut may be half a word.
    if (cut && limit == text.length()) break;
    if (IsLoneNonIdeograph(text, start, limit) || !HasLetter(text, start, limit)) continue;
    std::string term;
    text.tempSubStringBetween(start, limit).toUTF8String(term);
    if (term.size() > kMaxTermBytes || stop_words.contains(term)) continue;
    if (stem) StemPlural(&term);
    if (term.size() < 2) continue;
    terms.push_back(std::move(term));
  }
  return terms;
}

}  // namespace tandem
