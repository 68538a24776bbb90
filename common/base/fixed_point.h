// Logarithms and decay in integers, so that a score is the same on every machine.
//
// Floating-point logarithms differ between libraries in their last bits, which is enough to swap two neighbours of a
// ranking. A score is an int64_t count of **micro-nats**: 1e-6 of a natural logarithm. Nothing here uses floating
// point, not even to make the tables. All functions are pure and thread-safe.
#ifndef TANDEM_COMMON_BASE_FIXED_POINT_H_
#define TANDEM_COMMON_BASE_FIXED_POINT_H_

#include <cstdint>

namespace tandem {

// 1.0 as a fixed-point number of this tree.
inline constexpr int64_t kMicro = 1'000'000;

// 1e6 * ln(numerator / denominator), within 1 micro-nat of the truth. Exactly 0 for equal arguments, exactly
// antisymmetric (LogMicro(a, b) == -LogMicro(b, a)), and never decreasing in the numerator. REQUIRES: both are > 0.
int64_t LogMicro(uint64_t numerator, uint64_t denominator);

// 1e6 * 2^(-age_days / half_life_days), within 1 of the truth: what is left of a weight at that age. 1e6 at age 0 and
// before, never increasing with age, 0 once less than half a millionth is left (from about 21 half-lives on). REQUIRES:
// half_life_days > 0.
int64_t HalfLifeMicro(int64_t age_days, int64_t half_life_days);

}  // namespace tandem

#endif  // TANDEM_COMMON_BASE_FIXED_POINT_H_
