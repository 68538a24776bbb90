// Generated market: a whole edition of demo data in one process, without services.
#ifndef TANDEM_TESTS_BENCH_LEARNING_GENERATED_MARKET_H_
#define TANDEM_TESTS_BENCH_LEARNING_GENERATED_MARKET_H_

#include <cstdint>
#include <memory>
#include <string>

#include "services/pairing/matching/market.h"

namespace tandem::pairing::matching {

// The market of `editions/{edition}`, its projects published, its investors verified, with frozen statistics. Null when
// the generator fails.
std::unique_ptr<Market> GeneratedMarket(const std::string& edition, int64_t seed, int projects, int investors);

}  // namespace tandem::pairing::matching

#endif  // TANDEM_TESTS_BENCH_LEARNING_GENERATED_MARKET_H_
