// Deals of a small made-up market in which it is known what investors look for.
#ifndef TANDEM_TESTS_UNIT_SERVICES_PAIRING_MATCHING_LEARNING_SYNTHETIC_DEALS_H_
#define TANDEM_TESTS_UNIT_SERVICES_PAIRING_MATCHING_LEARNING_SYNTHETIC_DEALS_H_

#include <cstdint>
#include <memory>
#include <vector>

#include "services/pairing/matching/learning/trainer.h"
#include "tandem/investors/v1/deal.pb.h"

namespace tandem::pairing::matching {

using Deals = std::vector<std::shared_ptr<const investors::v1::Deal>>;

// The day that the made-up deals reach beyond by a year.
inline constexpr int32_t kToday = 20'000;

// Investors stay in their country, like one round and one sector, and some are far more active than others. `rounds` a
// year, three years before kToday and one after.
Deals SyntheticDeals(uint64_t seed, int rounds);

// A market of these deals in which nothing else is known.
TrainingInput InputOf(Deals deals);

}  // namespace tandem::pairing::matching

#endif  // TANDEM_TESTS_UNIT_SERVICES_PAIRING_MATCHING_LEARNING_SYNTHETIC_DEALS_H_
