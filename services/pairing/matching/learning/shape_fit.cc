#include "services/pairing/matching/learning/shape_fit.h"

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace tandem::pairing::matching {
namespace {

constexpr double kThousand = 1000;

int32_t Thousandths(double x) { return static_cast<int32_t>(std::lround(x * kThousand)); }

}  // namespace

size_t Segments::Of(double x) const {
  if (linear()) return 0;
  const auto above = std::upper_bound(knots.begin() + 1, knots.end() - 1, x);
  return static_cast<size_t>(above - knots.begin()) - 1;
}

double Segments::At(double x, absl::Span<const double> slopes) const {
  const size_t segment = Of(x);
  double sum = (x - Begin(segment)) * slopes[segment];
  for (size_t i = 0; i < segment; ++i) sum += Width(i) * slopes[i];
  return sum;
}

Segments PlaceKnots(std::vector<WeightedValue> values, int most) {
  Segments segments;
  if (values.empty() || most < 3) return segments;
  std::sort(values.begin(), values.end(),
            [](const WeightedValue& a, const WeightedValue& b) { return a.value < b.value; });
  double all = 0;
  for (const WeightedValue& value : values) all += value.weight;
  double passed = 0;
  size_t at = 0;
  for (int k = 0; k < most; ++k) {
    const double quantile = (0.01 + 0.98 * k / (most - 1)) * all;
    while (at + 1 < values.size() && passed + values[at].weight < quantile) passed += values[at++].weight;
    const double knot = std::round(values[at].value * kThousand) / kThousand;
    if (segments.knots.empty() || knot > segments.knots.back()) segments.knots.push_back(knot);
  }
  if (segments.knots.size() < 3) segments.knots.clear();
  return segments;
}

Shape MakeShape(const Segments& segments, absl::Span<const double> slopes) {
  Shape shape;
  if (segments.linear()) {
    shape.weight = Thousandths(slopes[0]);
    return shape;
  }
  // A knot at 0, so that rounding cannot give points to nothing.
  std::vector<double> knots = segments.knots;
  const auto zero = std::lower_bound(knots.begin(), knots.end(), 0.0);
  if (zero == knots.end() || *zero != 0) knots.insert(zero, 0.0);
  const double offset = segments.At(0, slopes);
  for (const double knot : knots)
    shape.knots.push_back({Thousandths(knot), Thousandths(segments.At(knot, slopes) - offset)});
  return shape;
}

std::vector<double> SlopesOf(const Shape& shape, const Segments& segments) {
  if (segments.linear()) return {(shape.At(1000) - shape.At(0)) / kThousand};
  std::vector<double> slopes;
  for (size_t i = 0; i < segments.count(); ++i) {
    const int32_t from = Thousandths(segments.knots[i]), to = Thousandths(segments.knots[i + 1]);
    slopes.push_back(static_cast<double>(shape.At(to) - shape.At(from)) / (to - from));
  }
  return slopes;
}

}  // namespace tandem::pairing::matching
