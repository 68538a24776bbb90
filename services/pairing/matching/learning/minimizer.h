// Minimizer: the least value of a smooth function within bounds, by projected L-BFGS.
#ifndef TANDEM_SERVICES_PAIRING_MATCHING_LEARNING_MINIMIZER_H_
#define TANDEM_SERVICES_PAIRING_MATCHING_LEARNING_MINIMIZER_H_

#include <functional>
#include <vector>

namespace tandem::pairing::matching {

// Value at `x`; sets `gradient`, which has the size of `x`. Not a number stops the search at the best point so far.
using Objective = std::function<double(const std::vector<double>& x, std::vector<double>* gradient)>;

struct MinimizeOptions {
  std::vector<double> least, most;  // one per variable; infinite for none
  int iterations = 60;
  int memory = 10;
  double enough = 1e-7;  // stops when an iteration gains less than this part of the value
};

struct Minimum {
  std::vector<double> x;
  double value = 0;
  int iterations = 0;
};

// From `start`, which is moved into the bounds first. Deterministic. On a convex function it ends near the least value;
// on others in some valley.
Minimum Minimize(const Objective& objective, std::vector<double> start, const MinimizeOptions& options);

}  // namespace tandem::pairing::matching

#endif  // TANDEM_SERVICES_PAIRING_MATCHING_LEARNING_MINIMIZER_H_
