// Shape fit: where a feature's slope may change, and the shape that fitted slopes make.
#ifndef TANDEM_SERVICES_PAIRING_MATCHING_LEARNING_SHAPE_FIT_H_
#define TANDEM_SERVICES_PAIRING_MATCHING_LEARNING_SHAPE_FIT_H_

#include <cstddef>
#include <vector>

#include "absl/types/span.h"

#include "services/pairing/matching/shape.h"

namespace tandem::pairing::matching {

// The pieces of one feature, each with a slope of its own; the outer ones go on for ever. In nats.
struct Segments {
  std::vector<double> knots;  // ascending; none, or at least three

  bool linear() const { return knots.empty(); }
  size_t count() const { return linear() ? 1 : knots.size() - 1; }
  // The segment that holds x, and where it begins; linear features begin at 0.
  size_t Of(double x) const;
  double Begin(size_t segment) const { return linear() ? 0 : knots[segment]; }
  double Width(size_t segment) const { return linear() ? 0 : knots[segment + 1] - knots[segment]; }
  // sum of slope * length over the way from the first knot (linear: from 0) to x.
  double At(double x, absl::Span<const double> slopes) const;
};

struct WeightedValue {
  double value = 0;
  double weight = 0;
};

// At most `most` knots at weighted quantiles from 1% to 99%, equal ones once; fewer than three give a linear feature.
// To the thousandth, so that a shape has exactly these.
Segments PlaceKnots(std::vector<WeightedValue> values, int most);

// In integers, such that At(0) == 0. REQUIRES: as many slopes as segments.
Shape MakeShape(const Segments& segments, absl::Span<const double> slopes);

// The slope that `shape` has over each segment.
std::vector<double> SlopesOf(const Shape& shape, const Segments& segments);

}  // namespace tandem::pairing::matching

#endif  // TANDEM_SERVICES_PAIRING_MATCHING_LEARNING_SHAPE_FIT_H_
