#include "services/pairing/matching/index/text_query.h"

#include "services/pairing/matching/index/row_codec.h"

namespace tandem::pairing::matching {

void TextQuery::Prepare(const TextWeights& text) {
  seen_.fill(0);
  uint32_t bits = 3;
  while ((uint32_t{1} << bits) < 2 * text.size()) ++bits;
  shift_ = 32 - bits;
  entries_.assign(size_t{1} << bits, Entry{0, 0});
  TextWeights positive, negative;
  for (const TermWeight& t : text) {
    (t.weight > 0 ? positive : negative).push_back(t);
    if (t.weight == 0) continue;
    seen_[(t.term >> 6) & 63] |= uint64_t{1} << (t.term & 63);
    uint32_t at = Hash(t.term) >> shift_;
    while (entries_[at].weight != 0) at = (at + 1) & static_cast<uint32_t>(entries_.size() - 1);
    entries_[at] = {t.term, t.weight};
  }
  most_ = TextNorm(positive);
  least_ = TextNorm(negative);
}

int32_t TextQuery::Points(absl::string_view encoded) const {
  int64_t sum = 0;
  ForEachTerm(encoded, [&](uint32_t term, uint32_t weight) {
    if (((seen_[(term >> 6) & 63] >> (term & 63)) & 1) == 0) return;
    for (uint32_t i = Hash(term) >> shift_; entries_[i].weight != 0;
         i = (i + 1) & static_cast<uint32_t>(entries_.size() - 1)) {
      if (entries_[i].term != term) continue;
      sum += int64_t{weight} * entries_[i].weight;
      break;
    }
  });
  return static_cast<int32_t>(sum >> 8);
}

}  // namespace tandem::pairing::matching
