// Facts by slot, of which every copy is a version that later changes leave alone.
#ifndef TANDEM_SERVICES_PAIRING_MATCHING_FACTS_TABLE_H_
#define TANDEM_SERVICES_PAIRING_MATCHING_FACTS_TABLE_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>

#include "services/pairing/matching/versioned_array.h"

namespace tandem::pairing::matching {

// As VersionedArray.
template <typename Facts>
class FactsTable {
 public:
  // Null where there is none.
  std::shared_ptr<const Facts> Get(uint32_t slot) const {
    const auto* facts = values_.Find(slot);
    return facts == nullptr ? nullptr : *facts;
  }
  // The same for as long as this table, or a copy of it, holds it.
  const Facts* Peek(uint32_t slot) const {
    const auto* facts = values_.Find(slot);
    return facts == nullptr ? nullptr : facts->get();
  }

  void Set(uint32_t slot, std::shared_ptr<const Facts> facts) {
    size_ = size_ + (facts != nullptr ? 1 : 0) - (Peek(slot) != nullptr ? 1 : 0);
    values_.Set(slot, std::move(facts));
  }

  // Slots from here on have none.
  uint32_t end_slot() const { return values_.end_slot(); }

  // Slots with facts.
  size_t size() const { return size_; }

  template <typename Each>
  void ForEach(Each each) const {
    values_.ForEach([&](uint32_t slot, const std::shared_ptr<const Facts>& facts) {
      if (facts != nullptr) each(slot, facts);
    });
  }

 private:
  VersionedArray<std::shared_ptr<const Facts>> values_;
  size_t size_ = 0;
};

}  // namespace tandem::pairing::matching

#endif  // TANDEM_SERVICES_PAIRING_MATCHING_FACTS_TABLE_H_
