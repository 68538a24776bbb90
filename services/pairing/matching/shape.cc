#include "services/pairing/matching/shape.h"

#include <algorithm>

namespace tandem::pairing::matching {
namespace {

// Rounds down, so that neighbours never swap.
int64_t FloorDivide(int64_t a, int64_t b) { return a / b - (a % b != 0 && (a < 0) != (b < 0) ? 1 : 0); }

}  // namespace

int32_t Shape::At(int32_t value) const {
  if (knots.size() < 2) return static_cast<int32_t>(FloorDivide(int64_t{value} * weight, 1000));
  // The segment that holds the value; the outer ones go on.
  const auto above = std::upper_bound(knots.begin() + 1, knots.end() - 1, value,
                                      [](int32_t v, const Knot& knot) { return v < knot.value; });
  const Knot& high = *above;
  const Knot& low = *(above - 1);
  const int64_t width = int64_t{high.value} - low.value;
  return static_cast<int32_t>(low.points +
                              FloorDivide((int64_t{value} - low.value) * (int64_t{high.points} - low.points), width));
}

}  // namespace tandem::pairing::matching
