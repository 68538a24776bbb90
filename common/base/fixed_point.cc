#include "common/base/fixed_point.h"

#include <array>
#include <bit>
#include <cassert>
#include <cstddef>

namespace tandem {
namespace {

using uint128 = unsigned __int128;
using int128 = __int128;

// Both tables have 2^10 steps and are interpolated linearly. The curvature of log2 and exp2 then costs at most 0.12 and
// 0.06 of a millionth.
constexpr int kStepBits = 10;
constexpr int kSteps = 1 << kStepBits;
using Table = std::array<uint64_t, kSteps + 1>;

// Logarithms to base 2 have 48 fraction bits: 64 * 2^48 leaves room in an int64_t.
constexpr int kLogBits = 48;

// log2 of a mantissa in [1, 2) with 63 fraction bits, one bit at a time: squaring doubles the logarithm, and a square
// of 2 or more yields a one. Truncation costs less than 2^-60.
constexpr uint64_t SlowLog2(uint64_t mantissa) {
  uint64_t log = 0;
  for (int bit = kLogBits - 1; bit >= 0; --bit) {
    const uint128 square = static_cast<uint128>(mantissa) * mantissa;
    const bool carry = (square >> 127) != 0;
    if (carry) log |= uint64_t{1} << bit;
    mantissa = static_cast<uint64_t>(square >> (carry ? 64 : 63));
  }
  return log;
}

// kLog2[i] = log2(1 + i / kSteps).
constexpr Table kLog2 = [] {
  Table table{};
  for (uint64_t i = 0; i < kSteps; ++i) table[i] = SlowLog2((kSteps + i) << (63 - kStepBits));
  table[kSteps] = uint64_t{1} << kLogBits;
  return table;
}();

// Between two entries of a table: `fraction` of `bits` bits says how far. Never leaves the interval, hence monotone.
constexpr uint64_t Interpolate(uint64_t from, uint64_t to, uint64_t fraction, int bits) {
  if (to >= from) return from + static_cast<uint64_t>((static_cast<uint128>(to - from) * fraction) >> bits);
  return from - static_cast<uint64_t>((static_cast<uint128>(from - to) * fraction) >> bits);
}

int64_t Log2(uint64_t value) {
  const int zeros = std::countl_zero(value);
  const uint64_t mantissa = value << zeros;
  constexpr int kFractionBits = 63 - kStepBits;
  const uint64_t step = (mantissa >> kFractionBits) - kSteps;
  const uint64_t fraction = mantissa & ((uint64_t{1} << kFractionBits) - 1);
  const uint64_t log = Interpolate(kLog2[step], kLog2[step + 1], fraction, kFractionBits);
  return (static_cast<int64_t>(63 - zeros) << kLogBits) + static_cast<int64_t>(log);
}

// 1e6 * ln(2) with 40 fraction bits.
constexpr int64_t kMicroLn2 = 762'123'384'785'810'450;
constexpr int kMicroLn2Bits = 40;

// Powers of 1/2 have 62 fraction bits.
constexpr int kPowerBits = 62;
constexpr uint64_t kOne = uint64_t{1} << kPowerBits;

constexpr uint64_t SquareRoot(uint128 value) {
  uint128 root = 0;
  for (int bit = 63; bit >= 0; --bit) {
    const uint128 candidate = root | (uint128{1} << bit);
    if (candidate * candidate <= value) root = candidate;
  }
  return static_cast<uint64_t>(root);
}

// kHalving[i] = 2^(-i / kSteps): the product of 2^(-2^-k), which are repeated square roots of 1/2, over the bits of i.
constexpr Table kHalving = [] {
  std::array<uint64_t, kStepBits> roots{};
  uint64_t root = kOne / 2;
  for (int bit = kStepBits - 1; bit >= 0; --bit) {
    root = SquareRoot(static_cast<uint128>(root) << kPowerBits);
    roots[static_cast<size_t>(bit)] = root;
  }
  Table table{};
  for (size_t i = 0; i < kSteps; ++i) {
    uint64_t power = kOne;
    for (size_t bit = 0; bit < kStepBits; ++bit) {
      if ((i >> bit & 1) != 0) power = static_cast<uint64_t>((static_cast<uint128>(power) * roots[bit]) >> kPowerBits);
    }
    table[i] = power;
  }
  table[kSteps] = kOne / 2;
  return table;
}();

}  // namespace

int64_t LogMicro(uint64_t numerator, uint64_t denominator) {
  assert(numerator > 0 && denominator > 0);
  const int64_t difference = Log2(numerator) - Log2(denominator);
  // Rounded half away from zero on the magnitude, which keeps it antisymmetric.
  const int64_t magnitude = difference < 0 ? -difference : difference;
  constexpr int kShift = kLogBits + kMicroLn2Bits;
  const auto micro =
      static_cast<int64_t>((static_cast<int128>(magnitude) * kMicroLn2 + (int128{1} << (kShift - 1))) >> kShift);
  return difference < 0 ? -micro : micro;
}

int64_t HalfLifeMicro(int64_t age_days, int64_t half_life_days) {
  assert(half_life_days > 0);
  if (age_days <= 0) return kMicro;
  const int64_t halvings = age_days / half_life_days;
  if (halvings > kStepBits * 2) return 0;  // 2^-21 is under half a millionth
  constexpr int kFractionBits = 40;
  const auto rest =
      static_cast<uint64_t>((static_cast<uint128>(age_days % half_life_days) << (kStepBits + kFractionBits)) /
                            static_cast<uint64_t>(half_life_days));
  const uint64_t step = rest >> kFractionBits;
  const uint64_t fraction = rest & ((uint64_t{1} << kFractionBits) - 1);
  const uint64_t power = Interpolate(kHalving[step], kHalving[step + 1], fraction, kFractionBits);
  const int shift = kPowerBits + static_cast<int>(halvings);
  return static_cast<int64_t>((static_cast<uint128>(power) * kMicro + (uint128{1} << (shift - 1))) >> shift);
}

}  // namespace tandem
