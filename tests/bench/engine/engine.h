// What can rank the projects of a market for an investor: ours, a plain scan, and the alternatives.
#ifndef TANDEM_TESTS_BENCH_ENGINE_ENGINE_H_
#define TANDEM_TESTS_BENCH_ENGINE_ENGINE_H_

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "services/pairing/matching/linear_form.h"
#include "tests/bench/engine/market_data.h"

namespace tandem::bench {

// Used by one thread at a time.
class Engine {
 public:
  virtual ~Engine() = default;

  virtual std::string name() const = 0;

  // Takes in the live projects of `market`, which must outlive the engine. Unimplemented when it cannot hold such a
  // market, unavailable when the machine lacks what it needs: both are skipped by name.
  virtual absl::Status Build(const MarketData& market) = 0;

  // What may be done about an investor before the clock starts: the form compiled into the engine's own parameters.
  virtual absl::Status Prepare(uint32_t /*investor*/) { return absl::OkStatus(); }

  // The k best, best first. REQUIRES: Prepare(investor) was the last call of Prepare. `passed` may stay 0.
  virtual absl::StatusOr<pairing::matching::TopList> Top(uint32_t investor, size_t k) = 0;

  // Bytes that hold the projects; 0 when unknown.
  virtual uint64_t bytes() const { return 0; }
};

}  // namespace tandem::bench

#endif  // TANDEM_TESTS_BENCH_ENGINE_ENGINE_H_
