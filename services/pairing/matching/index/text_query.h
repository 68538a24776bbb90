// The text of an investor's form, ready to be met by many projects.
#ifndef TANDEM_SERVICES_PAIRING_MATCHING_INDEX_TEXT_QUERY_H_
#define TANDEM_SERVICES_PAIRING_MATCHING_INDEX_TEXT_QUERY_H_

#include <array>
#include <cstdint>
#include <vector>

#include "absl/strings/string_view.h"

#include "services/pairing/matching/linear_form.h"

namespace tandem::pairing::matching {

// Kept for its memory; Prepare before use.
class TextQuery {
 public:
  void Prepare(const TextWeights& text);

  // TextPoints with a text from EncodeText.
  int32_t Points(absl::string_view encoded) const;
  // No text of at most that norm (TextNorm) gets more, or less.
  int64_t Most(uint32_t norm) const { return (most_ * norm) >> 8; }
  int64_t Least(uint32_t norm) const { return -(((least_ * norm) >> 8) + 1); }

 private:
  struct Entry {
    uint32_t term;
    int32_t weight;  // 0: no entry
  };
  static uint32_t Hash(uint32_t term) { return term * 0x9e3779b1u; }

  std::array<uint64_t, 64> seen_;  // by the lower bits of the term
  std::vector<Entry> entries_;     // open addressing
  uint32_t shift_ = 32;
  int64_t most_ = 0, least_ = 0;  // norms of the positive and of the negative weights
};

}  // namespace tandem::pairing::matching

#endif  // TANDEM_SERVICES_PAIRING_MATCHING_INDEX_TEXT_QUERY_H_
