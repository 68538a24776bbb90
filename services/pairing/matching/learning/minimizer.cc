#include "services/pairing/matching/learning/minimizer.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <deque>
#include <utility>

namespace tandem::pairing::matching {
namespace {

using Vector = std::vector<double>;

double Dot(const Vector& a, const Vector& b, const std::vector<bool>& free) {
  double sum = 0;
  for (size_t i = 0; i < a.size(); ++i) {
    if (free[i]) sum += a[i] * b[i];
  }
  return sum;
}

struct Step {
  Vector moved, turned;  // of the point, of the gradient
};

// -H * gradient on the free variables by the two-loop recursion.
Vector Direction(const Vector& gradient, const std::vector<bool>& free, const std::deque<Step>& steps) {
  Vector d(gradient.size(), 0);
  for (size_t i = 0; i < d.size(); ++i) d[i] = free[i] ? -gradient[i] : 0;
  std::vector<double> along(steps.size(), 0), curvature(steps.size(), 0);
  double scale = 0;
  for (size_t k = steps.size(); k-- > 0;) {
    curvature[k] = Dot(steps[k].moved, steps[k].turned, free);
    if (curvature[k] <= 1e-14) continue;  // says nothing of the free variables
    if (scale == 0) scale = curvature[k] / Dot(steps[k].turned, steps[k].turned, free);
    along[k] = Dot(steps[k].moved, d, free) / curvature[k];
    for (size_t i = 0; i < d.size(); ++i) d[i] -= free[i] ? along[k] * steps[k].turned[i] : 0;
  }
  if (scale > 0) {
    for (double& value : d) value *= scale;
  }
  for (size_t k = 0; k < steps.size(); ++k) {
    if (curvature[k] <= 1e-14) continue;
    const double back = along[k] - Dot(steps[k].turned, d, free) / curvature[k];
    for (size_t i = 0; i < d.size(); ++i) d[i] += free[i] ? back * steps[k].moved[i] : 0;
  }
  return d;
}

}  // namespace

Minimum Minimize(const Objective& objective, std::vector<double> start, const MinimizeOptions& options) {
  const size_t n = start.size();
  const auto bounded = [&](size_t i, double x) { return std::clamp(x, options.least[i], options.most[i]); };
  Minimum best;
  for (size_t i = 0; i < n; ++i) start[i] = bounded(i, start[i]);
  best.x = std::move(start);
  Vector gradient(n, 0);
  best.value = objective(best.x, &gradient);
  std::deque<Step> steps;
  std::vector<bool> free(n);
  int idle = 0;
  for (; best.iterations < options.iterations && std::isfinite(best.value); ++best.iterations) {
    double slope = 0;
    for (size_t i = 0; i < n; ++i) {
      const bool held =
          (best.x[i] <= options.least[i] && gradient[i] > 0) || (best.x[i] >= options.most[i] && gradient[i] < 0);
      free[i] = !held;
      slope = std::max(slope, held ? 0 : std::abs(gradient[i]));
    }
    if (slope < 1e-9) break;
    Vector d = Direction(gradient, free, steps);
    if (Dot(d, gradient, free) >= 0) {
      steps.clear();
      d = Direction(gradient, free, steps);
    }
    // Backtracking along the projected path; the first step of all is as long as one.
    double length = steps.empty() ? 1 / std::max(1.0, std::sqrt(Dot(d, d, free))) : 1;
    Vector x(n), next_gradient(n, 0);
    double value = 0;
    bool found = false;
    for (int tries = 0; tries < 30 && !found; ++tries, length *= 0.5) {
      double promised = 0;
      for (size_t i = 0; i < n; ++i) {
        x[i] = bounded(i, best.x[i] + length * d[i]);
        promised += gradient[i] * (x[i] - best.x[i]);
      }
      if (promised >= 0) continue;
      value = objective(x, &next_gradient);
      found = std::isfinite(value) && value <= best.value + 1e-4 * promised;
    }
    if (!found) {
      if (steps.empty()) break;
      steps.clear();  // once more, straight down
      continue;
    }
    Step step{Vector(n), Vector(n)};
    for (size_t i = 0; i < n; ++i) {
      step.moved[i] = x[i] - best.x[i];
      step.turned[i] = next_gradient[i] - gradient[i];
    }
    steps.push_back(std::move(step));
    if (steps.size() > static_cast<size_t>(options.memory)) steps.pop_front();
    const double gain = best.value - value;
    best.x = std::move(x);
    best.value = value;
    gradient = std::move(next_gradient);
    idle = gain < options.enough * std::max(1.0, std::abs(value)) ? idle + 1 : 0;
    if (idle >= 3) break;
  }
  return best;
}

}  // namespace tandem::pairing::matching
