// The naive scan: the definition that every list is compared with.
#ifndef TANDEM_TESTS_BENCH_ENGINE_SCAN_ENGINE_H_
#define TANDEM_TESTS_BENCH_ENGINE_SCAN_ENGINE_H_

#include <cstdint>
#include <memory>
#include <optional>

#include "tests/bench/engine/engine.h"

namespace tandem::bench {

std::unique_ptr<Engine> MakeScanEngine();

// LinearScore and, where there may be some, the extras of a pair. Nothing when either refuses it.
std::optional<int32_t> PairScore(const MarketData& market, const pairing::matching::ProjectRow& row, uint32_t project,
                                 uint32_t investor);

}  // namespace tandem::bench

#endif  // TANDEM_TESTS_BENCH_ENGINE_SCAN_ENGINE_H_
