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

// Sparse and sorted by term. Weights are whole thousandths of a nat.
struct TextVector {
  struct Entry {
    uint32_t term = 0;
    uint32_t weight = 0;
  };
  std::vector<Entry> entries;
  uint64_t squared_norm = 0;

  bool empty() const { return entries.empty(); }
};

// Collects the terms of several texts into one vector.
class TextVectorBuilder {
 public:
  TextVectorBuilder(Interner* interner, const FrozenStatistics* statistics)
      : interner_(interner), statistics_(statistics) {}

  // Counts each term of `text` as `times` occurrences.
  void Add(absl::string_view text, absl::string_view language, uint32_t times = 1);

  // The vector of what was added: (1 + ln count) * rarity, the `kMostTerms` heaviest ones.
  TextVector Build() const;

  static constexpr size_t kMostTerms = 256;

 private:
  Interner* interner_;
  const FrozenStatistics* statistics_;
  struct Count {
    uint32_t times = 0;
    uint64_t fingerprint = 0;  // of the term's text: breaks ties the same way everywhere
  };
  absl::flat_hash_map<uint32_t, Count> counts_;
};

TextWeights UnitWeights(const TextVector& vector);

// Cosine in millionths, 0 to 1,000,000; 0 when one is empty. Integer arithmetic only.
int64_t CosineMicro(const TextVector& a, const TextVector& b);

}  // namespace tandem::pairing::matching

#endif  // TANDEM_SERVICES_PAIRING_MATCHING_TEXT_VECTOR_H_
