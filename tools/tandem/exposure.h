// Exposure: how evenly attention is spread over those who are shown. Exact: fractions, no floating point.
#ifndef TANDEM_TOOLS_TANDEM_EXPOSURE_H_
#define TANDEM_TOOLS_TANDEM_EXPOSURE_H_

#include <cstdint>
#include <string>
#include <vector>

namespace tandem::cli {

// In lowest terms, the denominator above 0; 0/1 where there is nothing to divide by.
struct Fraction {
  int64_t numerator = 0;
  int64_t denominator = 1;

  friend bool operator==(const Fraction&, const Fraction&) = default;
};
Fraction MakeFraction(int64_t numerator, int64_t denominator);

// Millionths, rounded half up. REQUIRES: 0 or more.
int64_t Millionths(const Fraction& fraction);
// With four decimals, rounded half up: "0.3333". REQUIRES: 0 or more.
std::string FractionText(const Fraction& fraction);

// What is to be known of one direction.
struct Exposure {
  int64_t subjects = 0;      // to whom was shown
  int64_t counterparts = 0;  // who could be shown
  int64_t shown = 0;         // counterparts that were shown at least once
  int64_t times = 0;         // how often any was shown
  Fraction coverage;         // shown of counterparts
  Fraction gini;             // of the times shown, over all counterparts
  Fraction top_1_percent;    // what the most shown 1 % (rounded up) have of all times shown
  Fraction top_10_percent;
};

// Gini coefficient of the counts: 0 when all are equal, (n-1)/n when one of n has everything, 0 when nobody has
// anything. REQUIRES: no count is negative; their number times twice their sum fits an int64_t.
Fraction Gini(std::vector<int64_t> counts);

// `counts` has the times that each counterpart was shown, 0 for who was not.
Exposure MeasureExposure(int64_t subjects, std::vector<int64_t> counts);

}  // namespace tandem::cli

#endif  // TANDEM_TOOLS_TANDEM_EXPOSURE_H_
