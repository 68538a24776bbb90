// A whole made-up edition in a Market that ranks by a profile learned from its deals: what the service would hold.
#ifndef TANDEM_TESTS_BENCH_ENGINE_EDITION_MARKET_H_
#define TANDEM_TESTS_BENCH_ENGINE_EDITION_MARKET_H_

#include <cstddef>
#include <cstdint>
#include <memory>

#include "absl/status/statusor.h"

#include "services/pairing/matching/market.h"
#include "services/pairing/matching/market_view.h"
#include "tests/bench/engine/market_data.h"

namespace tandem::bench {

struct EditionMarket {
  std::unique_ptr<pairing::matching::Market> market;
  std::shared_ptr<const pairing::matching::MarketView> view;
  double make_seconds = 0;  // records made up and compiled
  double train_seconds = 0;
  double index_seconds = 0;  // until the first view
};

// FAILED_PRECONDITION when there are too few deals to learn from.
absl::StatusOr<EditionMarket> MakeEditionMarket(size_t projects, size_t investors, uint64_t seed);

// The rows and forms of those who take part, without the extras of a pair (co-investors and wishes), which databases
// have no way to ask for.
MarketData DataOf(const EditionMarket& edition);

}  // namespace tandem::bench

#endif  // TANDEM_TESTS_BENCH_ENGINE_EDITION_MARKET_H_
