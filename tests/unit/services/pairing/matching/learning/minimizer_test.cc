#include "services/pairing/matching/learning/minimizer.h"

#include <cmath>
#include <limits>

#include "gtest/gtest.h"

namespace tandem::pairing::matching {
namespace {

MinimizeOptions Bounds(size_t n, double least, double most) {
  MinimizeOptions options;
  options.least.assign(n, least);
  options.most.assign(n, most);
  options.iterations = 200;
  options.enough = 1e-14;
  return options;
}

TEST(MinimizeTest, FindsTheBottomOfABentBowl) {
  // Rosenbrock's valley: 0 at (1, 1).
  const auto valley = [](const std::vector<double>& x, std::vector<double>* g) {
    const double a = 1 - x[0], b = x[1] - x[0] * x[0];
    *g = {-2 * a - 400 * x[0] * b, 200 * b};
    return a * a + 100 * b * b;
  };
  const double infinite = std::numeric_limits<double>::infinity();
  const Minimum minimum = Minimize(valley, {-1.2, 1}, Bounds(2, -infinite, infinite));
  EXPECT_NEAR(minimum.x[0], 1, 1e-4);
  EXPECT_NEAR(minimum.x[1], 1, 1e-4);
}

TEST(MinimizeTest, StopsAtABoundThatIsInTheWayAndGoesOnAlongIt) {
  // |x - (2, -1, 0.5)|^2 with a cross term, in [0, 1]^3.
  const auto bowl = [](const std::vector<double>& x, std::vector<double>* g) {
    const double a = x[0] - 2, b = x[1] + 1, c = x[2] - 0.5;
    *g = {2 * a + c, 2 * b, 2 * c + a};
    return a * a + b * b + c * c + a * c;
  };
  const Minimum minimum = Minimize(bowl, {0.5, 0.5, 5}, Bounds(3, 0, 1));
  EXPECT_DOUBLE_EQ(minimum.x[0], 1);
  EXPECT_DOUBLE_EQ(minimum.x[1], 0);
  EXPECT_NEAR(minimum.x[2], 1, 1e-6);  // 0.5 + 1 / 2
}

TEST(MinimizeTest, ReturnsTheBestSoFarWhenTheFunctionGivesUp) {
  int calls = 0;
  const auto breaks = [&](const std::vector<double>& x, std::vector<double>* g) {
    *g = {2 * x[0]};
    return ++calls > 2 ? std::numeric_limits<double>::quiet_NaN() : x[0] * x[0];
  };
  const Minimum minimum = Minimize(breaks, {3}, Bounds(1, -10, 10));
  EXPECT_LT(minimum.value, 9);
  EXPECT_TRUE(std::isfinite(minimum.value));
}

}  // namespace
}  // namespace tandem::pairing::matching
