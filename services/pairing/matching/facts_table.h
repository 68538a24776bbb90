// Facts by slot, of which every copy is a version that later changes leave alone: copies share what did not change.
#ifndef TANDEM_SERVICES_PAIRING_MATCHING_FACTS_TABLE_H_
#define TANDEM_SERVICES_PAIRING_MATCHING_FACTS_TABLE_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

namespace tandem::pairing::matching {

// Copying costs a pointer for 256 slots. Not thread-safe while it is written; copies are independent.
template <typename Facts>
class FactsTable {
 public:
  // Null where there is none.
  std::shared_ptr<const Facts> Get(uint32_t slot) const {
    const Chunk* chunk = ChunkOf(slot);
    return chunk == nullptr ? nullptr : (*chunk)[slot % kChunk];
  }
  // The same for as long as this table, or a copy of it, holds it.
  const Facts* Peek(uint32_t slot) const {
    const Chunk* chunk = ChunkOf(slot);
    return chunk == nullptr ? nullptr : (*chunk)[slot % kChunk].get();
  }

  void Set(uint32_t slot, std::shared_ptr<const Facts> facts) {
    if (chunks_.size() <= slot / kChunk) chunks_.resize(slot / kChunk + 1);
    std::shared_ptr<Chunk>& chunk = chunks_[slot / kChunk];
    if (chunk == nullptr) chunk = std::make_shared<Chunk>();
    if (chunk.use_count() > 1) chunk = std::make_shared<Chunk>(*chunk);
    const bool had = (*chunk)[slot % kChunk] != nullptr;
    size_ = size_ + (facts != nullptr ? 1 : 0) - (had ? 1 : 0);
    (*chunk)[slot % kChunk] = std::move(facts);
  }

  // Slots from here on have none.
  uint32_t end_slot() const { return static_cast<uint32_t>(chunks_.size() * kChunk); }

  // Slots with facts.
  size_t size() const { return size_; }

  template <typename Each>
  void ForEach(Each each) const {
    for (size_t c = 0; c < chunks_.size(); ++c) {
      if (chunks_[c] == nullptr) continue;
      for (size_t i = 0; i < kChunk; ++i) {
        if (const auto& facts = (*chunks_[c])[i]) each(static_cast<uint32_t>(c * kChunk + i), facts);
      }
    }
  }

 private:
  static constexpr size_t kChunk = 256;
  using Chunk = std::array<std::shared_ptr<const Facts>, kChunk>;
  const Chunk* ChunkOf(uint32_t slot) const {
    return slot / kChunk < chunks_.size() ? chunks_[slot / kChunk].get() : nullptr;
  }

  std::vector<std::shared_ptr<Chunk>> chunks_;  // null: nothing was ever there
  size_t size_ = 0;
};

}  // namespace tandem::pairing::matching

#endif  // TANDEM_SERVICES_PAIRING_MATCHING_FACTS_TABLE_H_
