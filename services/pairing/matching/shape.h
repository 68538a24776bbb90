// Shape: how a feature's value becomes points.
#ifndef TANDEM_SERVICES_PAIRING_MATCHING_SHAPE_H_
#define TANDEM_SERVICES_PAIRING_MATCHING_SHAPE_H_

#include <cstdint>
#include <vector>

namespace tandem::pairing::matching {

// Piecewise linear between its knots and on beyond the outer ones, or a plain factor without knots. Values and points
// are thousandths of a nat. 0 gives 0 unless the knots say otherwise.
struct Shape {
  struct Knot {
    int32_t value = 0;
    int32_t points = 0;

    friend bool operator==(const Knot&, const Knot&) = default;
  };
  int32_t weight = 0;       // in thousandths; without knots only
  std::vector<Knot> knots;  // ascending by value; none or at least two

  int32_t At(int32_t value) const;

  friend bool operator==(const Shape&, const Shape&) = default;
};

}  // namespace tandem::pairing::matching

#endif  // TANDEM_SERVICES_PAIRING_MATCHING_SHAPE_H_
