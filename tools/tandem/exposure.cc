#include "tools/tandem/exposure.h"

#include <algorithm>
#include <functional>
#include <numeric>
#include <utility>

#include "absl/numeric/int128.h"
#include "absl/strings/str_format.h"

namespace tandem::cli {
namespace {

int64_t Scaled(const Fraction& fraction, int64_t scale) {
  const absl::int128 twice = absl::int128(2) * fraction.numerator * scale + fraction.denominator;
  return static_cast<int64_t>(twice / (absl::int128(2) * fraction.denominator));
}

// What the first `percent` of `counts` have of `all`, at least one of them. REQUIRES: sorted, greatest first.
Fraction ShareOfMost(const std::vector<int64_t>& counts, int64_t percent, int64_t all) {
  const auto size = static_cast<int64_t>(counts.size());
  const int64_t most = (size * percent + 99) / 100;
  return MakeFraction(std::accumulate(counts.begin(), counts.begin() + most, int64_t{0}), all);
}

}  // namespace

Fraction MakeFraction(int64_t numerator, int64_t denominator) {
  if (denominator == 0) return {};
  const int64_t divisor = std::gcd(numerator, denominator);
  return {numerator / divisor, denominator / divisor};
}

int64_t Millionths(const Fraction& fraction) { return Scaled(fraction, 1'000'000); }

std::string FractionText(const Fraction& fraction) {
  const int64_t parts = Scaled(fraction, 10'000);
  return absl::StrFormat("%d.%04d", parts / 10'000, parts % 10'000);
}

Fraction Gini(std::vector<int64_t> counts) {
  std::sort(counts.begin(), counts.end());
  // G = (2 * sum of i * x_i - (n + 1) * sum of x_i) / (n * sum of x_i), with i from 1 for the smallest.
  const auto size = static_cast<int64_t>(counts.size());
  int64_t sum = 0;
  int64_t ranked = 0;
  for (int64_t i = 0; i < size; ++i) {
    sum += counts[static_cast<size_t>(i)];
    ranked += (2 * (i + 1) - (size + 1)) * counts[static_cast<size_t>(i)];
  }
  return MakeFraction(ranked, size * sum);
}

Exposure MeasureExposure(int64_t subjects, std::vector<int64_t> counts) {
  std::sort(counts.begin(), counts.end(), std::greater<int64_t>());
  Exposure exposure;
  exposure.subjects = subjects;
  exposure.counterparts = static_cast<int64_t>(counts.size());
  exposure.shown = std::count_if(counts.begin(), counts.end(), [](int64_t count) { return count > 0; });
  exposure.times = std::accumulate(counts.begin(), counts.end(), int64_t{0});
  exposure.coverage = MakeFraction(exposure.shown, exposure.counterparts);
  exposure.top_1_percent = ShareOfMost(counts, 1, exposure.times);
  exposure.top_10_percent = ShareOfMost(counts, 10, exposure.times);
  exposure.gini = Gini(std::move(counts));
  return exposure;
}

}  // namespace tandem::cli
