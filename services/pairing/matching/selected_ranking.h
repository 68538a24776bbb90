// The options of a query on a whole ranking, and what an explanation says of them.
#ifndef TANDEM_SERVICES_PAIRING_MATCHING_SELECTED_RANKING_H_
#define TANDEM_SERVICES_PAIRING_MATCHING_SELECTED_RANKING_H_

#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>

#include "services/pairing/matching/ranking.h"
#include "tandem/pairing/v1/match.pb.h"
#include "tandem/pairing/v1/pairing_service.pb.h"

namespace tandem::pairing::matching {

// The best `wanted` places of `plain` under `options`, with `adjustments`; `plain` itself when they ask for nothing.
// REQUIRES: `plain` is without adjustments.
std::shared_ptr<const Ranking> WithOptions(std::shared_ptr<const Ranking> plain, const v1::MatchOptions& options,
                                           size_t wanted = std::numeric_limits<size_t>::max());

// How many matches options left out before the place `end` of `ranking`, or in all when it ends there.
size_t PassedOverBefore(const Ranking& ranking, size_t end);

// Adds to the `match` at `index` what options did to it: its plain rank and, if it has terms, that of the discount.
void DescribeAdjustment(const Ranking& ranking, size_t index, bool explain, v1::Match* match);

}  // namespace tandem::pairing::matching

#endif  // TANDEM_SERVICES_PAIRING_MATCHING_SELECTED_RANKING_H_
