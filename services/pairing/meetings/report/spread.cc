#include "services/pairing/meetings/report/spread.h"

#include <algorithm>

#include "absl/numeric/int128.h"

namespace tandem::pairing::meetings {
namespace {

constexpr int64_t kMillion = 1'000'000;

int32_t Millionths(absl::int128 part, absl::int128 whole) {
  return static_cast<int32_t>((2 * part * kMillion + whole) / (2 * whole));
}

}  // namespace

absl::optional<int32_t> ShareMillionths(int64_t part, int64_t whole) {
  if (whole == 0) return absl::nullopt;
  return Millionths(part, whole);
}

v1::MeetingSpread SpreadOf(std::vector<int32_t> counts) {
  v1::MeetingSpread spread;
  if (counts.empty()) return spread;
  std::sort(counts.begin(), counts.end());
  const size_t n = counts.size();
  spread.set_party_count(static_cast<int64_t>(n));
  spread.set_minimum(counts.front());
  spread.set_median_thousandths((int64_t{counts[(n - 1) / 2]} + counts[n / 2]) * 500);
  spread.set_maximum(counts.back());
  // The mean difference of all pairs over twice the mean: with counts x1 <= ... <= xn it is
  // (2 (1 x1 + ... + n xn) - (n + 1) (x1 + ... + xn)) / (n (x1 + ... + xn)).
  absl::int128 sum = 0, ranked = 0;
  for (size_t i = 0; i < n; ++i) {
    sum += counts[i];
    ranked += absl::int128(static_cast<int64_t>(i) + 1) * counts[i];
  }
  const auto parties = static_cast<int64_t>(n);
  if (sum > 0) spread.set_gini_millionths(Millionths(2 * ranked - (parties + 1) * sum, parties * sum));
  return spread;
}

}  // namespace tandem::pairing::meetings
