// A set of slots of one edition: which of them a person is there for, or which would do for a wish.
#ifndef TANDEM_SERVICES_PAIRING_MEETINGS_SCHEDULING_SLOT_SET_H_
#define TANDEM_SERVICES_PAIRING_MEETINGS_SCHEDULING_SLOT_SET_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace tandem::pairing::scheduling {

// Grows as slots are added; slots that were never added are not in it. A plain value.
class SlotSet {
 public:
  SlotSet() = default;

  // The slots 0 .. count-1.
  static SlotSet First(size_t count) {
    SlotSet set;
    for (size_t slot = 0; slot < count; ++slot) set.Add(slot);
    return set;
  }

  void Add(size_t slot) {
    if (slot / 64 >= words_.size()) words_.resize(slot / 64 + 1);
    words_[slot / 64] |= uint64_t{1} << (slot % 64);
  }
  void Remove(size_t slot) {
    if (slot / 64 < words_.size()) words_[slot / 64] &= ~(uint64_t{1} << (slot % 64));
  }
  bool Has(size_t slot) const { return (word(slot / 64) >> (slot % 64) & 1) != 0; }

  // Those of both; those of either.
  friend SlotSet operator&(const SlotSet& a, const SlotSet& b) {
    SlotSet both;
    both.words_.resize(std::min(a.words(), b.words()));
    for (size_t i = 0; i < both.words(); ++i) both.words_[i] = a.words_[i] & b.words_[i];
    return both;
  }
  friend SlotSet operator|(const SlotSet& a, const SlotSet& b) {
    SlotSet either = a.words() < b.words() ? b : a;
    for (size_t i = 0; i < std::min(a.words(), b.words()); ++i) either.words_[i] = a.words_[i] | b.words_[i];
    return either;
  }
  // Whether they have the same slots.
  friend bool operator==(const SlotSet& a, const SlotSet& b) {
    for (size_t i = 0; i < std::max(a.words(), b.words()); ++i) {
      if (a.word(i) != b.word(i)) return false;
    }
    return true;
  }
  bool empty() const {
    return std::all_of(words_.begin(), words_.end(), [](uint64_t word) { return word == 0; });
  }

  // Slots 64 * index .. 64 * index + 63, the first in the lowest bit.
  uint64_t word(size_t index) const { return index < words_.size() ? words_[index] : 0; }
  size_t words() const { return words_.size(); }

 private:
  std::vector<uint64_t> words_;
};

}  // namespace tandem::pairing::scheduling

#endif  // TANDEM_SERVICES_PAIRING_MEETINGS_SCHEDULING_SLOT_SET_H_
