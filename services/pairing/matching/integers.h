// Integer arithmetic of fixed-point numbers: products of millionths, roots, logarithms in thousandths of a nat.
#ifndef TANDEM_SERVICES_PAIRING_MATCHING_INTEGERS_H_
#define TANDEM_SERVICES_PAIRING_MATCHING_INTEGERS_H_

#include <algorithm>
#include <cstdint>

#include "common/base/fixed_point.h"

namespace tandem::pairing::matching {

// Product of two numbers in millionths, rounded towards zero.
inline int64_t Times(int64_t a, int64_t b) { return static_cast<int64_t>(static_cast<__int128>(a) * b / kMicro); }

// The prior of several criteria of one aspect is the product of theirs, in millionths. However often a mandate repeats
// itself, no product leaves what the arithmetic on it can hold.
inline int64_t TimesPrior(int64_t a, int64_t b) {
  constexpr int64_t kMost = kMicro * kMicro;
  return std::min(kMost, Times(a, std::min(kMost, b)));
}

// ln(numerator / denominator) in thousandths of a nat; numbers below one count as one.
inline int32_t Ln(int64_t numerator, int64_t denominator) {
  return static_cast<int32_t>(LogMicro(static_cast<uint64_t>(std::max<int64_t>(1, numerator)),
                                       static_cast<uint64_t>(std::max<int64_t>(1, denominator))) /
                              1000);
}

// Largest r with r * r <= n. REQUIRES: n >= 0.
inline int64_t SquareRoot(int64_t n) {
  int64_t root = 0;
  for (int64_t bit = int64_t{1} << 31; bit != 0; bit >>= 1) {
    if ((root | bit) <= n / (root | bit)) root |= bit;
  }
  return root;
}

}  // namespace tandem::pairing::matching

#endif  // TANDEM_SERVICES_PAIRING_MATCHING_INTEGERS_H_
