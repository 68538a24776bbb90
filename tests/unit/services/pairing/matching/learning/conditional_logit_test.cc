#include "services/pairing/matching/learning/conditional_logit.h"

#include <cmath>

#include "gtest/gtest.h"

#include "services/pairing/matching/learning/random.h"

namespace tandem::pairing::matching {
namespace {

constexpr size_t kFeatures = 3;
constexpr size_t kRows = 8;

// The third feature says nothing; the second one works above 0.2 only; the chosen row comes first.
double Truth(const float* x) {
  return 1.5 * static_cast<double>(x[0]) + 2.0 * std::max(0.0, static_cast<double>(x[1]) - 0.2);
}

Choices Synthetic(size_t examples) {
  Choices choices;
  choices.features = kFeatures;
  choices.begin.push_back(0);
  Random random(7, 1);
  for (size_t e = 0; e < examples; ++e) {
    float x[kRows][kFeatures];
    double sum = 0, chances[kRows];
    for (size_t r = 0; r < kRows; ++r) {
      for (float& value : x[r]) value = static_cast<float>(random.Unit() * 2 - 1);
      sum += chances[r] = std::exp(Truth(x[r]));
    }
    double left = random.Unit() * sum;
    size_t chosen = 0;
    while (chosen + 1 < kRows && (left -= chances[chosen]) > 0) ++chosen;
    std::swap(x[0], x[chosen]);
    for (const auto& row : x) choices.values.insert(choices.values.end(), row, row + kFeatures);
    choices.corrections.insert(choices.corrections.end(), kRows, 0.0f);
    choices.begin.push_back(choices.corrections.size());
  }
  return choices;
}

const std::vector<Segments>& Pieces() {
  static const auto* const segments = new std::vector<Segments>{{}, {{-1, -0.2, 0.2, 1}}, {}};
  return *segments;
}

Penalty Light() {
  Penalty penalty;
  penalty.strength.assign(5, 1e-4);
  penalty.centre.assign(5, 0);
  penalty.smooth.assign(kFeatures, 0);
  return penalty;
}

TEST(ConditionalLogitTest, FindsTheWeightsThatMadeTheChoices) {
  Work work(2, nullptr);
  const LogitFit fit = FitConditionalLogit(Synthetic(6000), Pieces(), Light(), LogitOptions(), &work);
  EXPECT_NEAR(fit.weights[0], 1.5, 0.1);
  EXPECT_NEAR(fit.weights[1], 0, 0.15);
  EXPECT_NEAR(fit.weights[2], 0, 0.25);
  EXPECT_NEAR(fit.weights[3], 2, 0.2);
  EXPECT_NEAR(fit.weights[4], 0, 0.1);
}

TEST(ConditionalLogitTest, WeightsStayWithinTheirBounds) {
  Work work(1, nullptr);
  LogitOptions options;
  options.most = 1;
  const LogitFit fit = FitConditionalLogit(Synthetic(500), Pieces(), Light(), options, &work);
  for (const double weight : fit.weights) {
    EXPECT_GE(weight, 0);
    EXPECT_LE(weight, 1);
  }
  EXPECT_DOUBLE_EQ(fit.weights[0], 1);
}

TEST(ConditionalLogitTest, TheGradientIsWhatDifferencesSay) {
  Work work(1, nullptr);
  Choices choices = Synthetic(50);
  Random random(3, 3);
  for (float& correction : choices.corrections) correction = static_cast<float>(random.Unit());
  Penalty penalty = Light();
  penalty.strength = {0.1, 0.2, 0.3, 0.4, 0.5};
  penalty.centre = {1, 0, 0.5, 0, 0};
  penalty.smooth = {0.3, 0.7, 0.1};
  const ConditionalLogit logit(&choices, &Pieces(), &penalty, &work);
  std::vector<double> at = {0.3, 1.1, 0.2, 0.7, 0.4}, gradient, unused;
  logit.Evaluate(at, &gradient);
  for (size_t i = 0; i < at.size(); ++i) {
    std::vector<double> more = at, less = at;
    more[i] += 1e-5;
    less[i] -= 1e-5;
    EXPECT_NEAR((logit.Evaluate(more, &unused) - logit.Evaluate(less, &unused)) / 2e-5, gradient[i], 1e-6) << i;
  }
}

TEST(ConditionalLogitTest, ThreadsDoNotChangeASingleBit) {
  Work one(1, nullptr), three(3, nullptr);
  const Choices choices = Synthetic(300);
  EXPECT_EQ(FitConditionalLogit(choices, Pieces(), Light(), LogitOptions(), &one).weights,
            FitConditionalLogit(choices, Pieces(), Light(), LogitOptions(), &three).weights);
}

// On one thread: a second one may do so much of the work that the first, which asks, is never asked to stop.
TEST(ConditionalLogitTest, StopsWhenTold) {
  int asked = 0;
  Work work(1, [&] { return ++asked < 100; });
  FitConditionalLogit(Synthetic(300), Pieces(), Light(), LogitOptions(), &work);
  EXPECT_TRUE(work.stopped());
  EXPECT_LE(asked, 101);
}

}  // namespace
}  // namespace tandem::pairing::matching
