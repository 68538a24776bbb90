// The best places of one ranking, and a few more, so that losing some needs no new search.
//
// Yi et al. 2003, "Efficient maintenance of materialized top-k views": between k and kmax places are kept. Everything
// that is not among them ranks behind the floor; when fewer than k are left above a floor, the list must be filled
// again.
#ifndef TANDEM_SERVICES_PAIRING_MATCHING_INDEX_BUFFERED_LIST_H_
#define TANDEM_SERVICES_PAIRING_MATCHING_INDEX_BUFFERED_LIST_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "services/pairing/matching/linear_form.h"

namespace tandem::pairing::matching {

// One thread. Lives in memory of the owner, which outlives it: 8 bytes a place of `most`, always the same `most`.
class BufferedList {
 public:
  static constexpr size_t kNone = static_cast<size_t>(-1);
  static size_t BytesFor(size_t most) { return most * (sizeof(uint32_t) + sizeof(int32_t)); }

  BufferedList() = default;  // has no memory: always empty
  BufferedList(void* memory, size_t most)
      : slots_(static_cast<uint32_t*>(memory)), scores_(static_cast<int32_t*>(memory) + most) {}

  // Replaces everything: `best` are the first of their ranking, all of them when there are fewer than `most`.
  void Assign(const std::vector<Scored>& best, size_t most);
  // Asks the processor to fetch the list; lists are far apart.
  void Prefetch() const;
  // What was given; null: none.
  void* memory() const { return slots_; }
  // Place of a slot, or kNone. Reads `size()` slots.
  size_t Find(uint32_t slot) const;
  void Erase(size_t place);
  // Place of a slot that is not in the list, or kNone when it ranks behind what is kept.
  size_t Insert(Scored scored, size_t most, const SlotOrder& order);

  size_t size() const { return size_; }
  Scored at(size_t place) const { return {slots_[place], scores_[place]}; }
  // Nothing: the list is all there is. Else what is not in the list ranks behind this.
  const std::optional<Scored>& floor() const { return floor_; }

 private:
  uint32_t* slots_ = nullptr;
  int32_t* scores_ = nullptr;
  uint32_t size_ = 0;
  std::optional<Scored> floor_;
};

}  // namespace tandem::pairing::matching

#endif  // TANDEM_SERVICES_PAIRING_MATCHING_INDEX_BUFFERED_LIST_H_
