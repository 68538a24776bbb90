// Values by slot, of which every copy is a version that later changes leave alone: copies share what did not change.
#ifndef TANDEM_SERVICES_PAIRING_MATCHING_VERSIONED_ARRAY_H_
#define TANDEM_SERVICES_PAIRING_MATCHING_VERSIONED_ARRAY_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

namespace tandem::pairing::matching {

// Copying costs a pointer for 256 slots. Not thread-safe while it is written; copies are independent.
template <typename Value>
class VersionedArray {
 public:
  // Null where no slot nearby was ever set; else the value, which may be the default one.
  const Value* Find(uint32_t slot) const {
    if (slot / kChunk >= chunks_.size() || chunks_[slot / kChunk] == nullptr) return nullptr;
    return &(*chunks_[slot / kChunk])[slot % kChunk];
  }

  void Set(uint32_t slot, Value value) {
    if (chunks_.size() <= slot / kChunk) chunks_.resize(slot / kChunk + 1);
    std::shared_ptr<Chunk>& chunk = chunks_[slot / kChunk];
    if (chunk == nullptr) chunk = std::make_shared<Chunk>();
    if (chunk.use_count() > 1) chunk = std::make_shared<Chunk>(*chunk);
    (*chunk)[slot % kChunk] = std::move(value);
  }

  // No slot from here on was ever set.
  uint32_t end_slot() const { return static_cast<uint32_t>(chunks_.size() * kChunk); }

  // All values of the chunks that there are.
  template <typename Each>
  void ForEach(Each each) const {
    for (size_t c = 0; c < chunks_.size(); ++c) {
      if (chunks_[c] == nullptr) continue;
      for (size_t i = 0; i < kChunk; ++i) each(static_cast<uint32_t>(c * kChunk + i), (*chunks_[c])[i]);
    }
  }

 private:
  static constexpr size_t kChunk = 256;
  using Chunk = std::array<Value, kChunk>;
  std::vector<std::shared_ptr<Chunk>> chunks_;  // null: nothing was ever there
};

}  // namespace tandem::pairing::matching

#endif  // TANDEM_SERVICES_PAIRING_MATCHING_VERSIONED_ARRAY_H_
