// A market of the size and the skew that the engine is made for, for measuring.
#ifndef TANDEM_TESTS_BENCH_ENGINE_SYNTHETIC_MARKET_H_
#define TANDEM_TESTS_BENCH_ENGINE_SYNTHETIC_MARKET_H_

#include <cstdint>
#include <vector>

#include "services/pairing/matching/linear_form.h"
#include "tests/differential/random_market.h"

namespace tandem::pairing::matching {

// 500 sectors, 40,000 terms and 200 countries by Zipf's law with exponent 0.9; a project has one to five sectors (1.9
// on average), an investor accepts one to twelve of the more general kind; asks and tickets spread by their logarithm.
class SyntheticMarket {
 public:
  explicit SyntheticMarket(uint64_t seed);

  ProjectRow Row(bool text);
  InvestorForm Form(bool text);

 private:
  // Sums of the weights 1 / rank^0.9.
  static std::vector<double> Zipf(uint32_t count);
  uint32_t Draw(const std::vector<double>& sums);
  double Unit() { return static_cast<double>(random_.Next() >> 11) * 0x1p-53; }
  TextWeights Text(uint32_t count, double length);

  Random random_;
  std::vector<double> sectors_, countries_, terms_;
};

}  // namespace tandem::pairing::matching

#endif  // TANDEM_TESTS_BENCH_ENGINE_SYNTHETIC_MARKET_H_
