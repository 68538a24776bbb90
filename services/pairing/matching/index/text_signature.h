// What says of a text, in sixteen bytes, that it is not worth reading.
//
// Most projects share next to no word with an investor that asks, and 120 bits tell which words those can be at all.
#ifndef TANDEM_SERVICES_PAIRING_MATCHING_INDEX_TEXT_SIGNATURE_H_
#define TANDEM_SERVICES_PAIRING_MATCHING_INDEX_TEXT_SIGNATURE_H_

#include <array>
#include <cstdint>

#include "services/pairing/matching/index/radix_array.h"
#include "services/pairing/matching/index/versioned_pool.h"
#include "services/pairing/matching/linear_form.h"

namespace tandem::pairing::matching {

struct alignas(16) TextSignature {
  static constexpr uint32_t kBytes = 15, kBits = 8 * kBytes;

  // The bit of a term.
  static uint32_t Bit(uint32_t term) { return static_cast<uint32_t>((uint64_t{term * 0x9e3779b1u} * kBits) >> 32); }

  std::array<uint8_t, kBytes> bits = {};
  uint8_t most = 0;  // weight of a term
};

// REQUIRES: weights 0 to 255.
TextSignature SignatureOf(const TextWeights& text);

// The text of an investor's form, ready to be met by many signatures. Kept for its memory; Prepare before use.
class SignatureQuery {
 public:
  void Prepare(const TextWeights& text);

  // No text of that signature gets more: every word that may be in both counts, at the text's most weight.
  int64_t Most(const TextSignature& signature) const {
    uint64_t sum = 0;
    for (uint32_t i = 0; i < TextSignature::kBytes; ++i) sum += points_[i][signature.bits[i]];
    return static_cast<int64_t>((sum * signature.most) >> 8);
  }

 private:
  // By byte of the signature and what stands there: the weights of all terms whose bits are set, together.
  std::array<std::array<uint32_t, 256>, TextSignature::kBytes> points_;
};

// Signatures by slot, every version kept apart. Value type as RadixArray; thread safety as VersionedPool.
class SignatureStore {
 public:
  // Of a slot that was never set: that of a text without terms.
  const TextSignature& Get(uint32_t slot) const {
    const auto* leaf = static_cast<const Leaf*>(leaves_.Get(slot / kPerLeaf));
    return leaf == nullptr ? kNone : leaf->signatures[slot % kPerLeaf];
  }
  // Asks the memory for what Get(slot) reads. Inline by force, else GCC 12 leaves it out.
  [[gnu::always_inline]] void Prefetch(uint32_t slot) const {
    const auto* leaf = static_cast<const Leaf*>(leaves_.Get(slot / kPerLeaf));
    if (leaf != nullptr) __builtin_prefetch(&leaf->signatures[slot % kPerLeaf]);
  }
  void Set(VersionedPool& pool, uint32_t slot, const TextSignature& signature);

 private:
  static constexpr uint32_t kPerLeaf = 256;
  struct Leaf {
    uint32_t born = 0;
    std::array<TextSignature, kPerLeaf> signatures = {};
  };

  static constexpr TextSignature kNone = {};

  RadixArray leaves_;
};

}  // namespace tandem::pairing::matching

#endif  // TANDEM_SERVICES_PAIRING_MATCHING_INDEX_TEXT_SIGNATURE_H_
