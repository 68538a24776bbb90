#include "services/pairing/matching/index/buffered_list.h"

#include <algorithm>
#include <functional>

#include "services/pairing/matching/index/best_list.h"

namespace tandem::pairing::matching {

void BufferedList::Assign(const std::vector<Scored>& best, size_t most) {
  if (slots_ == nullptr) {
    slots_ = std::make_unique<uint32_t[]>(most);
    scores_ = std::make_unique<int32_t[]>(most);
  }
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
  for (size_t i = 0; i < size_; i += kLine) __builtin_prefetch(slots_.get() + i);
}

size_t BufferedList::Find(uint32_t slot) const {
  const uint32_t* end = slots_.get() + size_;
  const uint32_t* it = std::find(static_cast<const uint32_t*>(slots_.get()), end, slot);
  return it == end ? kNone : static_cast<size_t>(it - slots_.get());
}

void BufferedList::Erase(size_t place) {
  std::copy(slots_.get() + place + 1, slots_.get() + size_, slots_.get() + place);
  std::copy(scores_.get() + place + 1, scores_.get() + size_, scores_.get() + place);
  --size_;
}

size_t BufferedList::Insert(Scored scored, size_t most, const SlotOrder& order) {
  // What comes back to exactly the floor's place ranks before all that is not in the list.
  if (floor_.has_value() && RanksBefore(*floor_, scored, order)) return kNone;
  const int32_t* scores = scores_.get();
  auto place = static_cast<size_t>(std::lower_bound(scores, scores + size_, scored.score, std::greater<>()) - scores);
  while (place < size_ && RanksBefore(at(place), scored, order)) ++place;
  if (place == most) {
    floor_ = at(most - 1);
    return kNone;
  }
  const size_t kept = std::min<size_t>(size_, most - 1);
  std::copy_backward(slots_.get() + place, slots_.get() + kept, slots_.get() + kept + 1);
  std::copy_backward(scores_.get() + place, scores_.get() + kept, scores_.get() + kept + 1);
  slots_[place] = scored.slot;
  scores_[place] = scored.score;
  size_ = static_cast<uint32_t>(kept + 1);
  if (size_ == most) floor_ = at(most - 1);
  return place;
}

}  // namespace tandem::pairing::matching
