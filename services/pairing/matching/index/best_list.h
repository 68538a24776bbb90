// The k best of a stream of scored slots.
#ifndef TANDEM_SERVICES_PAIRING_MATCHING_INDEX_BEST_LIST_H_
#define TANDEM_SERVICES_PAIRING_MATCHING_INDEX_BEST_LIST_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

#include "services/pairing/matching/linear_form.h"

namespace tandem::pairing::matching {

// The order of every list: the higher score first, equal ones by name.
inline bool RanksBefore(const Scored& a, const Scored& b, const SlotOrder& order) {
  return a.score != b.score ? a.score > b.score : a.slot != b.slot && order.Before(a.slot, b.slot);
}

// One owner, one thread. An offer costs O(log k) when it enters, else O(1).
class BestList {
 public:
  BestList(size_t k, const SlotOrder* order) : k_(k), order_(order) {}

  // Whether a slot of that score could enter.
  bool CouldEnter(int64_t score) const { return score >= least_; }
  // Scores below cannot enter: the k-th best so far, or the lowest (for k = 0 the highest) there is.
  int64_t least() const { return least_; }
  void Offer(Scored scored) {
    if (!CouldEnter(scored.score)) return;
    if (heap_.size() == k_) {
      if (!RanksBefore(scored, heap_.front(), *order_)) return;
      ReplaceWorst(scored);
    } else {
      heap_.push_back(scored);
      std::push_heap(heap_.begin(), heap_.end(),
                     [this](const Scored& a, const Scored& b) { return RanksBefore(a, b, *order_); });
      if (heap_.size() < k_) return;
    }
    least_ = heap_.front().score;
  }
  // Best first. Leaves the list empty.
  std::vector<Scored> Take() {
    std::sort_heap(heap_.begin(), heap_.end(),
                   [this](const Scored& a, const Scored& b) { return RanksBefore(a, b, *order_); });
    return std::move(heap_);
  }

 private:
  // Half the work of taking the worst one out and adding another one.
  void ReplaceWorst(const Scored& scored) {
    size_t hole = 0;
    for (size_t child = 1; child < heap_.size(); child = 2 * hole + 1) {
      if (child + 1 < heap_.size() && RanksBefore(heap_[child], heap_[child + 1], *order_)) ++child;
      if (!RanksBefore(scored, heap_[child], *order_)) break;
      heap_[hole] = heap_[child];
      hole = child;
    }
    heap_[hole] = scored;
  }

  size_t k_;
  const SlotOrder* order_;
  int64_t least_ = k_ == 0 ? std::numeric_limits<int64_t>::max() : std::numeric_limits<int64_t>::min();
  std::vector<Scored> heap_;  // the worst in front
};

}  // namespace tandem::pairing::matching

#endif  // TANDEM_SERVICES_PAIRING_MATCHING_INDEX_BEST_LIST_H_
