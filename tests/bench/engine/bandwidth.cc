#include "tests/bench/engine/bandwidth.h"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace tandem::bench {

double MemoryBandwidth() {
  constexpr size_t kWords = size_t{512} << 17;  // 512 MiB
  constexpr size_t kLanes = 16;
  const std::vector<uint64_t> buffer(kWords, 1);
  double best = 0;
  volatile uint64_t sink = 0;
  for (int pass = 0; pass < 5; ++pass) {
    const auto begin = std::chrono::steady_clock::now();
    uint64_t lanes[kLanes] = {};
    for (size_t i = 0; i < kWords; i += kLanes) {
      for (size_t lane = 0; lane < kLanes; ++lane) lanes[lane] += buffer[i + lane];
    }
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
    for (const uint64_t lane : lanes) sink = sink + lane;
    best = std::max(best, static_cast<double>(kWords * sizeof(uint64_t)) / took.count());
  }
  return best;
}

}  // namespace tandem::bench
