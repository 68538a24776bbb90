// A made-up market of the size of a large conference's whole pool, for measuring the indexes.
//
// Three levels of sectors with a skewed popularity, projects of one to five sectors, investors who require one to
// twelve and a range of stages and asks, some also of countries; the other columns add points. Everything follows from
// a seed.
#ifndef TANDEM_TESTS_BENCH_ENGINE_BENCH_MARKET_H_
#define TANDEM_TESTS_BENCH_ENGINE_BENCH_MARKET_H_

#include <cstdint>
#include <memory>
#include <vector>

#include "services/pairing/matching/linear_form.h"
#include "tests/differential/random_market.h"

namespace tandem::pairing::matching {

struct BenchShape {
  uint32_t open_percent = 5;  // investors who require no sector
  bool text = false;          // 48 terms a project and 32 an investor, of 40'000
};

// One thread.
class BenchMarket {
 public:
  BenchMarket(uint64_t seed, BenchShape shape);

  ProjectRow Project();
  std::shared_ptr<const InvestorForm> Investor();
  // Another ask, and another stage.
  void Edit(ProjectRow* row);
  // Other points of the project itself.
  void Tick(ProjectRow* row);
  Random& random() { return random_; }

 private:
  struct Zipf {
    Zipf(uint32_t count, double exponent);
    uint32_t Draw(Random& random) const;
    std::vector<uint32_t> cumulative;
  };

  uint32_t Sector();  // popular ones are on every level
  void SetAsk(ProjectRow* row);
  TextWeights Text(uint32_t terms, int32_t length);

  Random random_;
  const BenchShape shape_;
  const Zipf sectors_, countries_, terms_, sets_;
};

// Names in the order of the slots.
class SlotsInOrder final : public SlotOrder {
 public:
  bool Before(uint32_t a, uint32_t b) const override { return a < b; }
};

}  // namespace tandem::pairing::matching

#endif  // TANDEM_TESTS_BENCH_ENGINE_BENCH_MARKET_H_
