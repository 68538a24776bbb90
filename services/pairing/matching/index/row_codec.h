// Rows and texts as few bytes. Exact: what comes out is what went in.
//
// Stateless, thread-safe.
#ifndef TANDEM_SERVICES_PAIRING_MATCHING_INDEX_ROW_CODEC_H_
#define TANDEM_SERVICES_PAIRING_MATCHING_INDEX_ROW_CODEC_H_

#include <cstdint>
#include <cstring>
#include <string>

#include "absl/strings/string_view.h"

#include "services/pairing/matching/linear_form.h"

namespace tandem::pairing::matching {

// All of a row but its text: about 25 bytes, never empty.
std::string EncodeRow(const ProjectRow& row);
// REQUIRES: `bytes` are from EncodeRow.
ProjectRow DecodeRow(absl::string_view bytes);

// Three bytes a term and one or two more; never empty. Steps from term to term have a fixed width, because guessing
// the length of each takes a query more time than reading it. REQUIRES: sorted by term, each once, weights 0 to 255.
std::string EncodeText(const TextWeights& text);
TextWeights DecodeText(absl::string_view bytes);
// Square root of the sum of the squares of the weights, rounded up.
uint32_t TextNorm(const TextWeights& text);

// Numbers of seven bits a byte, the last byte below 128.
inline uint32_t ReadVarint(const uint8_t*& at) {
  uint32_t value = *at & 0x7f;
  for (int shift = 7; *at++ >= 0x80; shift += 7) value |= static_cast<uint32_t>(*at & 0x7f) << shift;
  return value;
}

// Calls visit(term, weight) for each term of a text from EncodeText, in order.
template <typename Visit>
void ForEachTerm(absl::string_view bytes, const Visit& visit) {
  const auto* at = reinterpret_cast<const uint8_t*>(bytes.data());
  const uint32_t head = ReadVarint(at);
  const size_t count = head >> 1;
  const auto visit_all = [&](auto step) {
    const uint8_t* weights = at + count * sizeof(step);
    uint32_t term = 0;
    for (size_t i = 0; i < count; ++i) {
      std::memcpy(&step, at + i * sizeof(step), sizeof(step));
      visit(term += step, weights[i]);
    }
  };
  if ((head & 1) == 0) {
    visit_all(uint16_t{0});
  } else {
    visit_all(uint32_t{0});
  }
}

}  // namespace tandem::pairing::matching

#endif  // TANDEM_SERVICES_PAIRING_MATCHING_INDEX_ROW_CODEC_H_
