// Text vectors: the rarity-weighted terms of a text, and how alike two texts are.
#ifndef TANDEM_SERVICES_PAIRING_MATCHING_TEXT_VECTOR_H_
#define TANDEM_SERVICES_PAIRING_MATCHING_TEXT_VECTOR_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

#include "services/pairing/matching/frozen_statistics.h"
#include "services/pairing/matching/interner.h"
#include "services/pairing/matching/linear_form.h"

namespace tandem::pairing::matching {

// Sparse and sorted by term. Weights are whole thousandths of a nat, above 0.
struct TextVector {
  struct Entry {
    uint32_t term = 0;
    uint32_t weight = 0;
  };
  std::vector<Entry> entries;
  uint64_t squared_norm = 0;

  bool empty() const { return entries.empty(); }
};

// How often each term occurs in several texts: what a text vector is made of, before its terms have numbers. Not
// thread-safe; made to be used again and again.
class TermCounts {
 public:
  // What a term says grows with how often it occurs, towards an end: rarity * (1 + k) * n / (n + k) for n occurrences
  // and k = kHalfway. Words of titles and keywords count twice (1 to 4 times measure alike), a pair of Chinese
  // characters that may be a word a quarter. Chosen with `tools/bench text`; tests/bench/text/README.md has the
  // figures.
  static constexpr uint32_t kTitleTimes = 2;
  static constexpr uint32_t kKeywordTimes = 2;
  static constexpr uint32_t kQuarter = 4;                 // occurrences are counted in quarters
  static constexpr uint32_t kPairQuarters = 1;            // of a pair, see TermKind
  static constexpr uint32_t kHalfway = 3 * kQuarter / 2;  // 1.5 occurrences weigh half of what endless ones do
  static constexpr size_t kMostTerms = 256;

  enum class Pairs { kCounted, kLeftOut };
  explicit TermCounts(Pairs pairs = Pairs::kCounted) : pairs_(pairs) {}

  // Counts each term of `text` as `times` occurrences.
  void Add(absl::string_view text, absl::string_view language, uint32_t times = 1);

  void Clear();

  // Numbers the terms with `interner`.
  void Number(Interner* interner);
  // The same without new numbers; false when that needs one.
  bool Number(const Interner& interner);

  // The vector of what was added, the `kMostTerms` heaviest terms of it. There is no list of stop words: what nearly
  // every counted project says weighs next to nothing. REQUIRES: numbered since the last Add.
  TextVector Build(const FrozenStatistics& statistics) const;

 private:
  struct Count {
    uint32_t begin = 0, size = 0;  // of the term's feature in `features_`
    uint32_t number = 0;
    uint64_t quarters = 0;
    uint64_t fingerprint = 0;  // of the term's text: breaks ties the same way everywhere
  };

  absl::string_view FeatureOf(const Count& count) const {
    return absl::string_view(features_).substr(count.begin, count.size);
  }
  Count* Find(absl::string_view term);
  void Grow();

  Pairs pairs_;
  std::string features_;         // of all terms, one after the other
  std::vector<Count> counts_;    // in the order of their coming
  std::vector<uint32_t> table_;  // places in `counts_` plus 1, 0 for none, by fingerprint; a power of two of them
};

// Collects the terms of several texts into one vector. Not thread-safe.
class TextVectorBuilder {
 public:
  static constexpr uint32_t kTitleTimes = TermCounts::kTitleTimes;
  static constexpr uint32_t kKeywordTimes = TermCounts::kKeywordTimes;
  static constexpr size_t kMostTerms = TermCounts::kMostTerms;
  using Pairs = TermCounts::Pairs;

  TextVectorBuilder(Interner* interner, const FrozenStatistics* statistics, Pairs pairs = Pairs::kCounted)
      : interner_(interner), statistics_(statistics), counts_(pairs) {}

  void Add(absl::string_view text, absl::string_view language, uint32_t times = 1) {
    counts_.Add(text, language, times);
  }
  TextVector Build() {
    counts_.Number(interner_);
    return counts_.Build(*statistics_);
  }

 private:
  Interner* interner_;
  const FrozenStatistics* statistics_;
  TermCounts counts_;
};

// The vector at unit length times 255, in whole numbers; terms that come to 0 are left out. The sum of squares is
// within 7% of 255 * 255 (weights are rounded), and far closer for weights that differ. Empty for an empty vector.
TextWeights UnitWeights(const TextVector& vector);

// Cosine in millionths, 0 to 1,000,000; 0 when one is empty. Integer arithmetic only.
int64_t CosineMicro(const TextVector& a, const TextVector& b);

}  // namespace tandem::pairing::matching

#endif  // TANDEM_SERVICES_PAIRING_MATCHING_TEXT_VECTOR_H_
