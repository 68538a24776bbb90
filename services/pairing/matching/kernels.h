// Kernels: how close two values of one aspect are, 0 to 1,000,000 (the same).
#ifndef TANDEM_SERVICES_PAIRING_MATCHING_KERNELS_H_
#define TANDEM_SERVICES_PAIRING_MATCHING_KERNELS_H_

#include <algorithm>
#include <cstdint>
#include <cstdlib>

#include "tandem/type/v1/vocabulary.pb.h"

namespace tandem::pairing::matching {

inline constexpr int64_t kSame = 1'000'000;

// Stages of development and the rounds from pre-seed to series E follow each other: a neighbour counts a quarter.
inline int64_t StageCloseness(int a, int b) { return a == b ? kSame : std::abs(a - b) == 1 ? kSame / 4 : 0; }

inline bool IsOrderedRound(int round) {
  return round >= type::v1::FUNDING_ROUND_PRE_SEED && round <= type::v1::FUNDING_ROUND_SERIES_E_PLUS;
}

inline int64_t RoundCloseness(int a, int b) {
  if (a == b) return kSame;
  return IsOrderedRound(a) && IsOrderedRound(b) && std::abs(a - b) == 1 ? kSame / 4 : 0;
}

// A level of technology readiness less or more costs a third.
inline int64_t TrlCloseness(int a, int b) { return std::max<int64_t>(0, kSame - std::abs(a - b) * kSame / 3); }

}  // namespace tandem::pairing::matching

#endif  // TANDEM_SERVICES_PAIRING_MATCHING_KERNELS_H_
