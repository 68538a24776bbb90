#include "services/pairing/matching/slot_names.h"

namespace tandem::pairing::matching {

SlotNames::~SlotNames() {
  for (std::atomic<Chunk*>& chunk : chunks_) delete chunk.load(std::memory_order_relaxed);
}

uint32_t SlotNames::Add(absl::string_view name) {
  ExclusiveLock lock(&mutex_);
  if (const auto it = slots_.find(name); it != slots_.end()) return it->second;
  const auto slot = static_cast<uint32_t>(slots_.size());
  std::atomic<Chunk*>& chunk = chunks_[slot / kChunk];
  if (slot % kChunk == 0) chunk.store(new Chunk, std::memory_order_release);
  std::string& text = (*chunk.load(std::memory_order_relaxed))[slot % kChunk];
  text = std::string(name);
  slots_.emplace(text, slot);
  return slot;
}

std::optional<uint32_t> SlotNames::Find(absl::string_view name) const {
  SharedLock lock(&mutex_);
  const auto it = slots_.find(name);
  if (it == slots_.end()) return std::nullopt;
  return it->second;
}

}  // namespace tandem::pairing::matching
