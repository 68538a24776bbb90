// Slot names: the numbers under which an index knows records, and the names behind them.
#ifndef TANDEM_SERVICES_PAIRING_MATCHING_SLOT_NAMES_H_
#define TANDEM_SERVICES_PAIRING_MATCHING_SLOT_NAMES_H_

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"

#include "common/base/shared_mutex.h"
#include "services/pairing/matching/linear_form.h"

namespace tandem::pairing::matching {

// Slots are dense from 0 and never given to another name, also when the record is gone. Thread-safe: one writer, any
// number of readers; names are read without a lock.
class SlotNames final : public SlotOrder {
 public:
  SlotNames() = default;
  ~SlotNames() override;
  SlotNames(const SlotNames&) = delete;
  SlotNames& operator=(const SlotNames&) = delete;

  // The slot of `name`, a new one if need be.
  uint32_t Add(absl::string_view name);
  // Nothing when the name was never added.
  std::optional<uint32_t> Find(absl::string_view name) const;
  // REQUIRES: the slot was given out.
  const std::string& NameOf(uint32_t slot) const {
    return (*chunks_[slot / kChunk].load(std::memory_order_acquire))[slot % kChunk];
  }
  bool Before(uint32_t a, uint32_t b) const override { return NameOf(a) < NameOf(b); }

 private:
  static constexpr uint32_t kChunk = 4096;
  static constexpr uint32_t kMostChunks = 16'384;
  using Chunk = std::array<std::string, kChunk>;

  std::array<std::atomic<Chunk*>, kMostChunks> chunks_ = {};
  mutable SharedMutex mutex_;
  absl::flat_hash_map<absl::string_view, uint32_t> slots_ ABSL_GUARDED_BY(mutex_);  // texts of the chunks
};

}  // namespace tandem::pairing::matching

#endif  // TANDEM_SERVICES_PAIRING_MATCHING_SLOT_NAMES_H_
