#include "services/pairing/matching/index/text_signature.h"

#include <algorithm>
#include <new>

namespace tandem::pairing::matching {

TextSignature SignatureOf(const TextWeights& text) {
  TextSignature signature;
  for (const TermWeight& t : text) {
    if (t.weight == 0) continue;
    const uint32_t bit = TextSignature::Bit(t.term);
    signature.bits[bit / 8] = static_cast<uint8_t>(signature.bits[bit / 8] | 1u << (bit % 8));
    signature.most = std::max(signature.most, static_cast<uint8_t>(t.weight));
  }
  return signature;
}

void SignatureQuery::Prepare(const TextWeights& text) {
  std::array<uint32_t, TextSignature::kBits> weights = {};
  for (const TermWeight& t : text) {
    if (t.weight > 0) weights[TextSignature::Bit(t.term)] += static_cast<uint32_t>(t.weight);
  }
  for (uint32_t i = 0; i < TextSignature::kBytes; ++i) {
    std::array<uint32_t, 256>& points = points_[i];
    points[0] = 0;
    for (uint32_t bit = 0; bit < 8; ++bit) {
      const uint32_t size = 1u << bit, weight = weights[8 * i + bit];
      for (uint32_t at = 0; at < size; ++at) points[size + at] = points[at] + weight;
    }
  }
}

void SignatureStore::Set(VersionedPool& pool, uint32_t slot, const TextSignature& signature) {
  const uint32_t index = slot / kPerLeaf;
  auto* leaf = static_cast<Leaf*>(leaves_.Get(index));
  if (leaf == nullptr || leaf->born != pool.version()) {
    void* memory = pool.Allocate(sizeof(Leaf), VersionedPool::kText);
    Leaf* copy = leaf == nullptr ? new (memory) Leaf() : new (memory) Leaf(*leaf);
    copy->born = pool.version();
    if (leaf != nullptr) pool.Retire(leaf, sizeof(Leaf), VersionedPool::kText, leaf->born);
    leaves_.Set(pool, index, copy);
    leaf = copy;
  }
  leaf->signatures[slot % kPerLeaf] = signature;
}

}  // namespace tandem::pairing::matching
