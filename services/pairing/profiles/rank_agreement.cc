#include "services/pairing/profiles/rank_agreement.h"

#include <algorithm>

#include "absl/container/flat_hash_map.h"

namespace tandem::pairing {
namespace {

constexpr size_t kFirst = 10;
constexpr int64_t kOne = 1'000'000;

// Sorts `places` and returns how many pairs stood in the wrong order: merge sort counts them as it merges.
int64_t SortCountingInversions(std::vector<size_t>* places) {
  std::vector<size_t> merged(places->size());
  int64_t inversions = 0;
  for (size_t width = 1; width < places->size(); width *= 2) {
    for (size_t begin = 0; begin < places->size(); begin += 2 * width) {
      const size_t middle = std::min(begin + width, places->size());
      const size_t end = std::min(begin + 2 * width, places->size());
      size_t left = begin;
      size_t right = middle;
      for (size_t out = begin; out < end; ++out) {
        if (right == end || (left < middle && (*places)[left] < (*places)[right])) {
          merged[out] = (*places)[left++];
        } else {
          inversions += static_cast<int64_t>(middle - left);
          merged[out] = (*places)[right++];
        }
      }
    }
    places->swap(merged);
  }
  return inversions;
}

}  // namespace

RankAgreement Agree(const std::vector<absl::string_view>& first, const std::vector<absl::string_view>& second) {
  absl::flat_hash_map<absl::string_view, size_t> place_in_first;
  for (size_t i = 0; i < first.size(); ++i) place_in_first[first[i]] = i;
  std::vector<size_t> places;
  places.reserve(second.size());
  for (const absl::string_view each : second) places.push_back(place_in_first.at(each));

  RankAgreement agreement;
  const size_t top = std::min(kFirst, first.size());
  const auto in_both = std::count_if(places.begin(), places.begin() + static_cast<ptrdiff_t>(top),
                                     [&](size_t place) { return place < top; });
  agreement.overlap_at_10_millionths = in_both * kOne / static_cast<int64_t>(top);
  agreement.same_best = places.front() == 0;
  const auto n = static_cast<int64_t>(places.size());
  agreement.kendall_tau_millionths = kOne - SortCountingInversions(&places) * 4 * kOne / (n * (n - 1));
  return agreement;
}

}  // namespace tandem::pairing
