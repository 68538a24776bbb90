// Decay: what is left of a deal's weight by its age.
#ifndef TANDEM_SERVICES_PAIRING_MATCHING_DECAY_H_
#define TANDEM_SERVICES_PAIRING_MATCHING_DECAY_H_

#include <cstdint>

namespace tandem::pairing::matching {

enum class HalfLife { kQuarter, kHalfYear, kYear, kThreeYears, kFiveYears, kTenYears };

// In millionths, 0 to 1,000,000; 0 beyond some twenty half-lives. From tables that are made once. Thread-safe.
int64_t DecayLeft(HalfLife half_life, int32_t age_days);

}  // namespace tandem::pairing::matching

#endif  // TANDEM_SERVICES_PAIRING_MATCHING_DECAY_H_
