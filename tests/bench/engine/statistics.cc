#include "tests/bench/engine/statistics.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace tandem::bench {

double Percentile(std::vector<double> values, double percent) {
  if (values.empty()) return 0;
  const double wanted = std::ceil(percent / 100 * static_cast<double>(values.size()) - 1e-9);
  const size_t index = static_cast<size_t>(std::clamp(wanted, 1.0, static_cast<double>(values.size()))) - 1;
  std::nth_element(values.begin(), values.begin() + static_cast<ptrdiff_t>(index), values.end());
  return values[index];
}

double Mean(const std::vector<double>& values) {
  return values.empty() ? 0 : std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

std::vector<Decile> Deciles(std::vector<Measured> measured) {
  std::stable_sort(measured.begin(), measured.end(),
                   [](const Measured& a, const Measured& b) { return a.passed < b.passed; });
  const size_t groups = std::min<size_t>(10, measured.size());
  std::vector<Decile> deciles;
  for (size_t group = 0; group < groups; ++group) {
    const size_t begin = measured.size() * group / groups, end = measured.size() * (group + 1) / groups;
    std::vector<double> times;
    for (size_t i = begin; i < end; ++i) times.push_back(measured[i].microseconds);
    deciles.push_back(
        {measured[begin].passed, measured[end - 1].passed, end - begin, Percentile(times, 50), Percentile(times, 99)});
  }
  return deciles;
}

}  // namespace tandem::bench
