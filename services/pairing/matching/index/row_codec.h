// Rows and texts as few bytes. Exact: what comes out is what went in.
//
// Stateless, thread-safe.
#ifndef TANDEM_SERVICES_PAIRING_MATCHING_INDEX_ROW_CODEC_H_
#define TANDEM_SERVICES_PAIRING_MATCHING_INDEX_ROW_CODEC_H_

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"

#include "services/pairing/matching/linear_form.h"

namespace tandem::pairing::matching {

// All of a row but its text: about 25 bytes, never empty.
std::string EncodeRow(const ProjectRow& row);
// REQUIRES: `bytes` are from EncodeRow.
ProjectRow DecodeRow(absl::string_view bytes);

// About three bytes a term; never empty. Begins with TextNorm.
// REQUIRES: sorted by term, each once, weights 0 to 255.
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

}  // namespace tandem::pairing::matching

#endif  // TANDEM_SERVICES_PAIRING_MATCHING_INDEX_ROW_CODEC_H_
