#include "services/pairing/matching/index/buffered_list.h"

#include <algorithm>
#include <functional>

#include "services/pairing/matching/index/best_list.h"

namespace tandem::pairing::matching {

void BufferedList::Assign(const std::vector<Scored>& best, size_t most) {
  size_ = static_cast<uint32_t>(std::min(best.size(), most));
  for (size_t i = 0; i < size_; ++i) {
    slots_[i] = best[i].slot;
    scores_[i] = best[i].score;
  }
  floor_.reset();
  if (size_ == most) floor_ = best[size_ - 1];
}

void BufferedList::Prefetch() const {
  constexpr size_t kLine = 64 / sizeof(uint32_t);
  for (size_t i = 0; i < size_; i += kLine) {
    __builtin_prefetch(slots_ + i);
    __builtin_prefetch(scores_ + i);
  }
}

size_t BufferedList::Find(uint32_t slot) const {
  // Sixteen at a time: the compiler has no branch for each then.
  constexpr uint32_t kStep = 16;
  uint32_t at = 0;
  for (; at + kStep <= size_; at += kStep) {
    uint32_t found = 0;
    for (uint32_t i = 0; i < kStep; ++i) found |= slots_[at + i] == slot ? 1u : 0u;
    if (found != 0) break;
  }
  for (; at < size_; ++at) {
    if (slots_[at] == slot) return at;
  }
  return kNone;
}

void BufferedList::Erase(size_t place) {
  std::copy(slots_ + place + 1, slots_ + size_, slots_ + place);
  std::copy(scores_ + place + 1, scores_ + size_, scores_ + place);
  --size_;
}

size_t BufferedList::Insert(Scored scored, size_t most, const SlotOrder& order) {
  // What comes back to exactly the floor's place ranks before all that is not in the list.
  if (floor_.has_value() && RanksBefore(*floor_, scored, order)) return kNone;
  const int32_t* scores = scores_;
  auto place = static_cast<size_t>(std::lower_bound(scores, scores + size_, scored.score, std::greater<>()) - scores);
  while (place < size_ && RanksBefore(at(place), scored, order)) ++place;
  if (place == most) {
    floor_ = at(most - 1);
    return kNone;
  }
  const size_t kept = std::min<size_t>(size_, most - 1);
  std::copy_backward(slots_ + place, slots_ + kept, slots_ + kept + 1);
  std::copy_backward(scores_ + place, scores_ + kept, scores_ + kept + 1);
  slots_[place] = scored.slot;
  scores_[place] = scored.score;
  size_ = static_cast<uint32_t>(kept + 1);
  if (size_ == most) floor_ = at(most - 1);
  return place;
}

}  // namespace tandem::pairing::matching
