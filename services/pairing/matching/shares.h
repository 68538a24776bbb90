// Shares: how common each value is in the market, by code or number, read off the frozen statistics once.
#ifndef TANDEM_SERVICES_PAIRING_MATCHING_SHARES_H_
#define TANDEM_SERVICES_PAIRING_MATCHING_SHARES_H_

#include <array>
#include <cstdint>
#include <utility>
#include <vector>

#include "services/pairing/matching/frozen_statistics.h"
#include "services/pairing/matching/interner.h"

namespace tandem::pairing::matching {

// In millionths, each at least 1.
struct Shares {
  static constexpr size_t kMostAskCodes = 256;

  Shares() = default;
  Shares(const FrozenStatistics& statistics, const Interner& interner);

  std::array<int64_t, 8> stage = {};
  std::array<int64_t, 32> round = {};
  std::array<int64_t, 3> history = {};
  std::array<int64_t, 10> trl = {};
  std::array<int64_t, 32> instrument = {};   // by number
  std::array<int64_t, 32> cooperation = {};  // by number
  std::array<int64_t, 2> ask_stated = {};    // not stated, stated
  std::vector<int64_t> ask_density;          // by ask code, smoothed as AskDensity does
  // Of the logarithms of asks: mean in thousandths, variance in millionths.
  int64_t ask_mean = 0;
  int64_t ask_variance = 1'000'000;
};

// Spreads weights by ask code over the codes near them, as a bell of a quarter of a power of ten. Indexed by code.
std::vector<int64_t> AskDensity(const std::vector<std::pair<uint16_t, int64_t>>& weights);

}  // namespace tandem::pairing::matching

#endif  // TANDEM_SERVICES_PAIRING_MATCHING_SHARES_H_
