// The k-th best of a stream of scores.
#ifndef TANDEM_SERVICES_PAIRING_MATCHING_INDEX_SCORE_FLOOR_H_
#define TANDEM_SERVICES_PAIRING_MATCHING_INDEX_SCORE_FLOOR_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

namespace tandem::pairing::matching {

// One owner, one thread. Kept for its memory; Reset before use.
class ScoreFloor {
 public:
  void Reset(size_t k) {
    k_ = k;
    heap_.clear();
  }
  // Before k scores: INT64_MIN.
  int64_t Floor() const {
    if (heap_.size() < k_) return INT64_MIN;
    return k_ == 0 ? INT64_MAX : heap_.front();
  }
  void Offer(int64_t score) {
    if (heap_.size() < k_) {
      heap_.push_back(score);
      std::push_heap(heap_.begin(), heap_.end(), std::greater<>());
    } else if (k_ > 0 && score > heap_.front()) {
      std::pop_heap(heap_.begin(), heap_.end(), std::greater<>());
      heap_.back() = score;
      std::push_heap(heap_.begin(), heap_.end(), std::greater<>());
    }
  }

 private:
  size_t k_ = 0;
  std::vector<int64_t> heap_;
};

}  // namespace tandem::pairing::matching

#endif  // TANDEM_SERVICES_PAIRING_MATCHING_INDEX_SCORE_FLOOR_H_
