#include "common/text/tokenize.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <unicode/brkiter.h>
#include <unicode/normalizer2.h>
#include <unicode/stringpiece.h>
#include <unicode/translit.h>
#include <unicode/ubrk.h>
#include <unicode/uchar.h>
#include <unicode/uniset.h>
#include <unicode/unistr.h>
#include <unicode/utf16.h>
#include <unicode/utf8.h>
#include <vector>

#include "absl/hash/hash.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"

namespace tandem {
namespace {

// Marks that follow one another before the rest is dropped, as Unicode's Stream-Safe Text Format allows: putting marks
// in order takes a time that grows with the square of their number.
constexpr int kMostMarks = 30;

// `utf8` without floods of combining marks.
icu::UnicodeString Decode(absl::string_view utf8) {
  icu::UnicodeString text =
      icu::UnicodeString::fromUTF8(icu::StringPiece(utf8.data(), static_cast<int32_t>(utf8.size())));
  if (static_cast<size_t>(text.length()) == utf8.size()) return text;  // ASCII
  const char16_t* const units = text.getBuffer();
  int marks = 0, most = 0;
  for (int32_t at = 0; at < text.length();) {
    UChar32 c = 0;
    U16_NEXT(units, at, text.length(), c);
    marks = c >= 0x300 && u_getCombiningClass(c) != 0 ? marks + 1 : 0;
    most = std::max(most, marks);
  }
  if (most <= kMostMarks) return text;
  icu::UnicodeString kept;
  marks = 0;
  for (int32_t at = 0; at < text.length();) {
    UChar32 c = 0;
    U16_NEXT(units, at, text.length(), c);
    marks = c >= 0x300 && u_getCombiningClass(c) != 0 ? marks + 1 : 0;
    if (marks <= kMostMarks) kept.append(c);
  }
  return kept;
}

bool IsIdeograph(UChar32 c) { return c >= 0x2e80 && u_hasBinaryProperty(c, UCHAR_IDEOGRAPHIC); }

// Tells whether the rules from traditional to simplified characters change a text, at a fraction of their cost.
class ChangeTest {
 public:
  explicit ChangeTest(const icu::Transliterator& rules) {
    icu::UnicodeString lines;
    rules.toRules(lines, false);
    // Each line is `from > to;`. Phrases count only where no character of theirs changes alone.
    for (const bool phrases : {false, true}) {
      for (int32_t at = 0, limit = 0; at < lines.length(); at = limit + 1) {
        limit = lines.indexOf(u'\n', at);
        if (limit < 0) limit = lines.length();
        const int32_t arrow = lines.indexOf(u" > ", 3, at, limit - at);
        if (arrow < 0) {  // no release of ICU that we know: anything may change
          rules.getSourceSet(alone_);
          break;
        }
        const icu::UnicodeString from = lines.tempSubStringBetween(at, arrow);
        const icu::UnicodeString to = lines.tempSubStringBetween(arrow + 3, limit - 1);
        if (from == to || (from.countChar32() > 1) != phrases) continue;
        if (!phrases) {
          alone_.add(from.char32At(0));
        } else if (alone_.containsNone(from) &&
                   alone_.containsNone(to)) {  // else seen anyway, or turned back by mistake
          for (int32_t i = 0; i < from.length(); ++i) {
            if (i >= to.length() || from[i] != to[i]) in_phrases_.add(from.char32At(i));
          }
          phrases_.push_back(from);
        }
      }
    }
    alone_.freeze();
    in_phrases_.freeze();
  }

  // Of a run of ideographs.
  bool MayChange(const icu::UnicodeString& text, int32_t start, int32_t limit) const {
    const icu::UnicodeString run = text.tempSubStringBetween(start, limit);
    if (!alone_.containsNone(run)) return true;
    return !in_phrases_.containsNone(run) &&
           std::any_of(phrases_.begin(), phrases_.end(), [&](const auto& phrase) { return run.indexOf(phrase) >= 0; });
  }

 private:
  icu::UnicodeSet alone_;       // characters that change wherever they are
  icu::UnicodeSet in_phrases_;  // those that change in one of `phrases_` only
  std::vector<icu::UnicodeString> phrases_;
};

// What is costly to make, made once, and never used but to be cloned.
struct Prototypes {
  Prototypes() {
    UErrorCode error = U_ZERO_ERROR;
    fold = icu::Normalizer2::getNFKCCasefoldInstance(error);
    words.reset(icu::BreakIterator::createWordInstance(icu::Locale::getRoot(), error));
    simplify.reset(icu::Transliterator::createInstance("Traditional-Simplified", UTRANS_FORWARD, error));
    if (U_FAILURE(error) || words == nullptr || simplify == nullptr) {
      std::fprintf(stderr, "ICU cannot segment text (%s); install its data\n", u_errorName(error));
      std::abort();
    }
    change_test = std::make_unique<const ChangeTest>(*simplify);
  }

  const icu::Normalizer2* fold = nullptr;  // ICU's; thread-safe
  std::unique_ptr<icu::BreakIterator> words;
  std::unique_ptr<icu::Transliterator> simplify;
  std::unique_ptr<const ChangeTest> change_test;
};

// Iterators and transliterators have state: one of each per thread.
class Icu {
 public:
  Icu() : made_(Made()), words_(made_.words->clone()), simplify_(made_.simplify->clone()) {
    if (words_ == nullptr || simplify_ == nullptr) std::abort();  // memory
  }

  icu::UnicodeString Fold(const icu::UnicodeString& text) const {
    UErrorCode error = U_ZERO_ERROR;
    icu::UnicodeString folded = made_.fold->normalize(text, error);
    return U_SUCCESS(error) ? folded : icu::UnicodeString();
  }

  // Only runs of ideographs that change go through the rules: ICU runs those of all threads one after another.
  void Simplify(icu::UnicodeString* text) const {
    for (int32_t at = 0; at < text->length();) {
      int32_t limit = at;
      while (limit < text->length() && IsIdeograph(text->char32At(limit))) limit += U16_LENGTH(text->char32At(limit));
      if (limit == at) {
        at += U16_LENGTH(text->char32At(at));
      } else if (made_.change_test->MayChange(*text, at, limit)) {
        at = simplify_->transliterate(*text, at, limit);
      } else {
        at = limit;
      }
    }
  }

  icu::BreakIterator* words() const { return words_.get(); }

 private:
  static const Prototypes& Made() {
    static const Prototypes* const made = new Prototypes;
    return *made;
  }

  const Prototypes& made_;
  std::unique_ptr<icu::BreakIterator> words_;
  std::unique_ptr<icu::Transliterator> simplify_;
};

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

bool IsLone(const icu::UnicodeString& text, int32_t start, int32_t limit) {
  return limit - start == U16_LENGTH(text.char32At(start));
}

// What a character of ASCII is to the default rules for words (UAX #29).
enum class Ascii : uint8_t {
  kOther,
  kLetter,  // to these rules also @
  kDigit,
  kConnector,  // _, part of every word
  kBoth,       // . and ', within letters or within digits
  kMidDigits,  // , and ;
};

constexpr std::array<Ascii, 128> kAscii = [] {
  std::array<Ascii, 128> kinds = {};
  for (size_t c = 'a'; c <= 'z'; ++c) kinds[c] = kinds[c - 'a' + 'A'] = Ascii::kLetter;
  for (size_t c = '0'; c <= '9'; ++c) kinds[c] = Ascii::kDigit;
  kinds['@'] = Ascii::kLetter;
  kinds['_'] = Ascii::kConnector;
  kinds['.'] = kinds['\''] = Ascii::kBoth;
  kinds[','] = kinds[';'] = Ascii::kMidDigits;
  return kinds;
}();

bool IsAscii(absl::string_view text) {
  char all = 0;
  for (const char c : text) all = static_cast<char>(all | c);
  return static_cast<unsigned char>(all) < 0x80;
}

// As for any text, without ICU: folding is lowering, and cutting into words takes a table.
void ForEachAsciiTerm(absl::string_view text, bool cut, bool stem,
                      absl::FunctionRef<void(absl::string_view term, TermKind kind)> emit) {
  const auto kind_at = [text](size_t at) {
    return at < text.size() ? kAscii[static_cast<unsigned char>(text[at])] : Ascii::kOther;
  };
  const auto in_word = [](Ascii kind) {
    return kind == Ascii::kLetter || kind == Ascii::kDigit || kind == Ascii::kConnector;
  };
  std::string term;
  for (size_t start = 0; start < text.size();) {
    Ascii last = kind_at(start);
    if (!in_word(last)) {
      ++start;
      continue;
    }
    bool has_letter = absl::ascii_isalpha(static_cast<unsigned char>(text[start]));
    // To ICU a word is a number by its last letter or digit (co2, 3d_1), unless several connectors follow that.
    bool is_number = last != Ascii::kLetter;
    size_t limit = start + 1;
    while (true) {
      Ascii next = kind_at(limit);
      const bool joins = (next == Ascii::kBoth && (last == Ascii::kLetter || last == Ascii::kDigit)) ||
                         (next == Ascii::kMidDigits && last == Ascii::kDigit);
      if (joins && kind_at(limit + 1) == last) {
        ++limit;
        next = last;
      }
      if (!in_word(next)) break;
      has_letter = has_letter || absl::ascii_isalpha(static_cast<unsigned char>(text[limit]));
      if (next != Ascii::kConnector || last == Ascii::kConnector) is_number = next == Ascii::kDigit;
      last = next;
      ++limit;
    }
    const size_t size = limit - start;
    if (cut && limit == text.size()) break;
    if (size > 1 && has_letter && !is_number && size <= kMaxTermBytes) {
      term.resize(size);
      std::transform(text.begin() + static_cast<ptrdiff_t>(start), text.begin() + static_cast<ptrdiff_t>(limit),
                     term.begin(), [](char c) { return absl::ascii_tolower(static_cast<unsigned char>(c)); });
      if (stem) StemPlural(&term);
      if (term.size() >= 2) emit(term, TermKind::kWord);
    }
    start = limit;
  }
}

// What becomes of a text besides folding.
struct Rules {
  bool simplify = false;
  bool stem = false;

  uint8_t bits() const { return static_cast<uint8_t>((simplify ? 1 : 0) + (stem ? 2 : 0)); }
};

// With `cut`, the text ends where something was cut off.
void ForEachIcuTerm(const Icu& icu_of_thread, absl::string_view utf8, Rules rules, bool cut,
                    absl::FunctionRef<void(absl::string_view term, TermKind kind)> emit) {
  icu::UnicodeString text = icu_of_thread.Fold(Decode(utf8));
  if (rules.simplify) icu_of_thread.Simplify(&text);

  icu::BreakIterator* words = icu_of_thread.words();
  words->setText(text);
  std::string term, pair;
  std::string lone;         // the ideograph that was the word before this one
  int32_t lone_limit = -1;  // where it ended
  int32_t start = words->first();
  for (int32_t limit = words->next(); limit != icu::BreakIterator::DONE; start = limit, limit = words->next()) {
    if (words->getRuleStatus() < UBRK_WORD_LETTER) continue;
    // A word that touches the cut may be half a word.
    if (cut && limit == text.length()) break;
    const bool is_lone = IsLone(text, start, limit);
    const bool is_lone_ideograph = is_lone && IsIdeograph(text.char32At(start));
    if ((is_lone && !is_lone_ideograph) || !HasLetter(text, start, limit)) continue;
    term.clear();
    text.tempSubStringBetween(start, limit).toUTF8String(term);
    if (term.size() > kMaxTermBytes) continue;
    if (rules.stem) StemPlural(&term);
    if (term.size() < 2) continue;
    emit(term, TermKind::kWord);
    if (!is_lone_ideograph) continue;
    if (lone_limit == start) {
      pair.assign(lone).append(term);
      emit(pair, TermKind::kPair);
    }
    lone = term;
    lone_limit = limit;
  }
}

// Whether the three bytes before `at` are a character of U+4E00 to U+9FFF, the ideographs that folding leaves alone.
bool FollowsIdeograph(absl::string_view utf8, size_t at) {
  if (at < 3) return false;
  const auto byte = [&](size_t back) { return static_cast<uint8_t>(utf8[at - back]); };
  const bool is_lead = byte(3) == 0xE4 ? byte(2) >= 0xB8 : byte(3) > 0xE4 && byte(3) <= 0xE9;
  return is_lead && (byte(2) & 0xC0) == 0x80 && (byte(1) & 0xC0) == 0x80;
}

// How much of a text is a clause whose terms do not depend on what follows, nor those of the rest on it: up to and with
// the first of the marks that nothing joins, be it with a word or, as a fullwidth comma within a number, in one. All of
// the text when there is none.
size_t ClauseBytes(absl::string_view utf8) {
  for (size_t at = 0; at + 3 <= utf8.size(); ++at) {
    const absl::string_view mark = utf8.substr(at, 3);
    if (static_cast<uint8_t>(mark[0]) < 0xE3) continue;
    if (mark == "\u3002" || mark == "\u3001") return at + 3;
    if (mark == "\uFF0C" && FollowsIdeograph(utf8, at)) return at + 3;
  }
  return utf8.size();
}

// The terms of clauses that came lately, because cutting Chinese into words takes long and texts repeat themselves and
// one another: a description begins with the summary, deals of a company say the same of it. One per thread, of about
// 8 MB at the most.
class ClauseMemo {
 public:
  static constexpr size_t kLongestClause = 192;  // bytes

  void ForEachTerm(absl::string_view clause, Rules rules,
                   absl::FunctionRef<void(absl::string_view term, TermKind kind)> emit) {
    if (clause.size() > kLongestClause) return ForEachIcuTerm(icu_, clause, rules, false, emit);
    Entry& entry = entries_[(absl::Hash<absl::string_view>()(clause) + rules.bits()) % entries_.size()];
    if (entry.clause == clause && entry.rules == rules.bits()) {
      for (absl::string_view rest = entry.terms; !rest.empty();) {
        const auto head = static_cast<uint8_t>(rest[0]);
        const size_t size = head & ~kIsPair;
        emit(rest.substr(1, size), (head & kIsPair) != 0 ? TermKind::kPair : TermKind::kWord);
        rest.remove_prefix(1 + size);
      }
      return;
    }
    entry.clause.assign(clause.data(), clause.size());
    entry.rules = rules.bits();
    entry.terms.clear();
    ForEachIcuTerm(icu_, clause, rules, false, [&](absl::string_view term, TermKind kind) {
      const size_t head = term.size() | (kind == TermKind::kPair ? kIsPair : 0);
      entry.terms.push_back(static_cast<char>(head));
      entry.terms.append(term.data(), term.size());
      emit(term, kind);
    });
  }

  const Icu& icu() const { return icu_; }

 private:
  static constexpr size_t kEntries = 16384;
  static constexpr size_t kIsPair = 0x80;
  static_assert(kMaxTermBytes < kIsPair);

  struct Entry {
    std::string clause;
    uint8_t rules = 0;
    std::string terms;  // each behind its size, with kIsPair where it is one
  };

  Icu icu_;
  std::vector<Entry> entries_ = std::vector<Entry>(kEntries);
};

}  // namespace

void ForEachTerm(absl::string_view utf8, absl::string_view language_tag,
                 absl::FunctionRef<void(absl::string_view term, TermKind kind)> emit) {
  const bool cut = utf8.size() > kMaxTokenizedBytes;
  if (cut) {
    auto limit = static_cast<int32_t>(kMaxTokenizedBytes);
    const auto* bytes = reinterpret_cast<const uint8_t*>(utf8.data());
    U8_SET_CP_START(bytes, 0, limit);
    utf8 = utf8.substr(0, static_cast<size_t>(limit));
  }
  const std::string language = PrimarySubtag(language_tag);
  const bool stem = language.empty() || language == "en" || language == "zh";

  if (IsAscii(utf8)) return ForEachAsciiTerm(utf8, cut, stem, emit);

  const Rules rules = {language != "ja" && language != "ko", stem};
  thread_local ClauseMemo memo;
  if (cut) return ForEachIcuTerm(memo.icu(), utf8, rules, cut, emit);
  while (!utf8.empty()) {
    const absl::string_view clause = utf8.substr(0, ClauseBytes(utf8));
    memo.ForEachTerm(clause, rules, emit);
    utf8.remove_prefix(clause.size());
  }
}

std::vector<std::string> Terms(absl::string_view utf8, absl::string_view language_tag) {
  std::vector<std::string> terms;
  ForEachTerm(utf8, language_tag, [&terms](absl::string_view term, TermKind) { terms.emplace_back(term); });
  return terms;
}

}  // namespace tandem
