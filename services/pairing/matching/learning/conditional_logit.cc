#include "services/pairing/matching/learning/conditional_logit.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "services/pairing/matching/learning/minimizer.h"

namespace tandem::pairing::matching {
namespace {

// Parts are summed in their order: the same sums however many threads made them.
constexpr size_t kParts = 32;

}  // namespace

ConditionalLogit::ConditionalLogit(const Choices* choices, const std::vector<Segments>* segments,
                                   const Penalty* penalty, Work* work)
    : choices_(*choices), segments_(*segments), penalty_(*penalty), work_(work) {
  for (const Segments& each : segments_) {
    first_.push_back(weights_);
    for (size_t i = 0; i < each.count(); ++i) begin_of_.push_back(static_cast<float>(each.Begin(i)));
    weights_ += each.count();
  }
  held_.resize(choices_.values.size());
  for (size_t i = 0; i < held_.size(); ++i) {
    held_[i] = static_cast<uint8_t>(segments_[i % choices_.features].Of(static_cast<double>(choices_.values[i])));
  }
}

void ConditionalLogit::Examine(size_t from, size_t to, const std::vector<double>& weights,
                               const std::vector<double>& before, Part* part) const {
  const size_t features = choices_.features;
  part->loss = 0;
  part->pull.assign(weights_, 0);
  part->pull_along.assign(weights_, 0);
  std::vector<double> scores;
  for (size_t example = from; example < to; ++example) {
    const size_t begin = choices_.begin[example], end = choices_.begin[example + 1];
    scores.assign(end - begin, 0);
    double best = -std::numeric_limits<double>::infinity();
    double chosen = 0;
    for (size_t row = begin; row < end; ++row) {
      double score = 0;
      for (size_t f = 0; f < features; ++f) {
        const size_t at = row * features + f;
        const size_t weight = first_[f] + held_[at];
        score += before[weight] + weights[weight] * static_cast<double>(choices_.values[at] - begin_of_[weight]);
      }
      if (row == begin) chosen = score;
      score += static_cast<double>(choices_.corrections[row]);
      scores[row - begin] = score;
      best = std::max(best, score);
    }
    double sum = 0;
    for (double& score : scores) {
      score = std::exp(score - best);
      sum += score;
    }
    part->loss += std::log(sum) + best - chosen;
    for (size_t row = begin; row < end; ++row) {
      const double residual = scores[row - begin] / sum - (row == begin ? 1 : 0);
      for (size_t f = 0; f < features; ++f) {
        const size_t at = row * features + f;
        const size_t weight = first_[f] + held_[at];
        part->pull[weight] += residual;
        part->pull_along[weight] += residual * static_cast<double>(choices_.values[at] - begin_of_[weight]);
      }
    }
  }
}

double ConditionalLogit::Evaluate(const std::vector<double>& weights, std::vector<double>* gradient) const {
  // What the segments before each one add.
  std::vector<double> before(weights_, 0);
  for (size_t f = 0; f < segments_.size(); ++f) {
    for (size_t i = 1; i < segments_[f].count(); ++i) {
      const size_t w = first_[f] + i;
      before[w] = before[w - 1] + segments_[f].Width(i - 1) * weights[w - 1];
    }
  }
  std::vector<Part> parts(kParts);
  const size_t examples = choices_.examples();
  if (!work_->Each(kParts, [&](size_t i) {
        Examine(examples * i / kParts, examples * (i + 1) / kParts, weights, before, &parts[i]);
      })) {
    return std::numeric_limits<double>::quiet_NaN();
  }
  double loss = 0;
  std::vector<double> pull(weights_, 0);
  gradient->assign(weights_, 0);
  for (const Part& part : parts) {
    loss += part.loss;
    for (size_t w = 0; w < weights_; ++w) {
      pull[w] += part.pull[w];
      (*gradient)[w] += part.pull_along[w];
    }
  }
  const double count = std::max<double>(1, static_cast<double>(examples));
  loss /= count;
  for (size_t f = 0; f < segments_.size(); ++f) {
    double beyond = 0;  // residuals of all that passed through the whole segment
    for (size_t i = segments_[f].count(); i-- > 0;) {
      const size_t w = first_[f] + i;
      double& g = (*gradient)[w];
      g = (g + beyond * segments_[f].Width(i)) / count;
      beyond += pull[w];
      const double off = weights[w] - penalty_.centre[w];
      loss += 0.5 * penalty_.strength[w] * off * off;
      g += penalty_.strength[w] * off;
    }
    for (size_t i = 0; i + 1 < segments_[f].count(); ++i) {
      const size_t w = first_[f] + i;
      const double bend = weights[w] - weights[w + 1];
      loss += 0.5 * penalty_.smooth[f] * bend * bend;
      (*gradient)[w] += penalty_.smooth[f] * bend;
      (*gradient)[w + 1] -= penalty_.smooth[f] * bend;
    }
  }
  return loss;
}

LogitFit FitConditionalLogit(const Choices& choices, const std::vector<Segments>& segments, const Penalty& penalty,
                             const LogitOptions& options, Work* work) {
  const ConditionalLogit logit(&choices, &segments, &penalty, work);
  MinimizeOptions minimize;
  minimize.least = options.least;
  minimize.least.resize(logit.weights(), 0);
  minimize.most.assign(logit.weights(), options.most);
  minimize.iterations = options.iterations;
  const Minimum minimum =
      Minimize([&](const std::vector<double>& w, std::vector<double>* g) { return logit.Evaluate(w, g); },
               std::vector<double>(logit.weights(), options.start), minimize);
  return {minimum.x, minimum.value};
}

}  // namespace tandem::pairing::matching
