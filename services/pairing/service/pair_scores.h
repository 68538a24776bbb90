// What matching says of single pairs, for a schedule.
#ifndef TANDEM_SERVICES_PAIRING_SERVICE_PAIR_SCORES_H_
#define TANDEM_SERVICES_PAIRING_SERVICE_PAIR_SCORES_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "services/pairing/matching/market_view.h"

namespace tandem::pairing {

// Of a project and an investor (names) of `view`, as of its reference day: 500 where the score is 0, a point more or
// less for each twenty thousandths of a nat, 0 to 1,000. Gates do not count: the two have agreed. 0 when one of them is
// not known, and always when `view` is null. For one thread.
std::function<int64_t(const std::string& project, const std::string& investor)> PairScores(
    std::shared_ptr<const matching::MarketView> view);

}  // namespace tandem::pairing

#endif  // TANDEM_SERVICES_PAIRING_SERVICE_PAIR_SCORES_H_
