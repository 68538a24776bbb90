// Conditional logit: the weights under which what was chosen looks likeliest among its alternatives.
//
// s = sum over features of a piecewise linear function of the feature's value, its slopes being the weights. Minimised:
// mean over examples of -s_chosen + ln(sum over rows exp(s + correction)), plus a penalty. McFadden (1974); the
// corrections make alternatives that were drawn unevenly stand for all.
#ifndef TANDEM_SERVICES_PAIRING_MATCHING_LEARNING_CONDITIONAL_LOGIT_H_
#define TANDEM_SERVICES_PAIRING_MATCHING_LEARNING_CONDITIONAL_LOGIT_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "common/base/work.h"
#include "services/pairing/matching/learning/shape_fit.h"

namespace tandem::pairing::matching {

// Rows of an example follow each other; its first one is the chosen one.
struct Choices {
  size_t features = 0;
  std::vector<size_t> begin;       // of each example among the rows, and the end of the last: examples + 1
  std::vector<float> values;       // rows times features, in nats
  std::vector<float> corrections;  // by row

  size_t examples() const { return begin.empty() ? 0 : begin.size() - 1; }
  size_t rows() const { return corrections.size(); }
};

// 1/2 sum strength * (w - centre)^2 + 1/2 sum smooth * (w_j - w_{j+1})^2, the latter within a feature.
struct Penalty {
  std::vector<double> strength, centre;  // by weight
  std::vector<double> smooth;            // by feature
};

// Evaluates the function to minimise. The results do not depend on the number of threads.
class ConditionalLogit {
 public:
  // All must outlive this. REQUIRES: one Segments per feature of `choices`, at most 255 segments each.
  ConditionalLogit(const Choices* choices, const std::vector<Segments>* segments, const Penalty* penalty, Work* work);

  size_t weights() const { return weights_; }
  // Value and gradient; not a number once `work` was stopped.
  double Evaluate(const std::vector<double>& weights, std::vector<double>* gradient) const;

 private:
  struct Part {
    double loss = 0;
    std::vector<double> pull, pull_along;  // by weight: residuals, and times the way into the segment
  };
  void Examine(size_t from, size_t to, const std::vector<double>& weights, const std::vector<double>& before,
               Part* part) const;

  const Choices& choices_;
  const std::vector<Segments>& segments_;
  const Penalty& penalty_;
  Work* work_;
  size_t weights_ = 0;
  std::vector<size_t> first_;    // weight of each feature's first segment
  std::vector<uint8_t> held_;    // segment of each value
  std::vector<float> begin_of_;  // begin of each segment, by weight
};

struct LogitOptions {
  double start = 0.3;
  double most = 4;            // weights are up to this, and
  std::vector<double> least;  // from this, by weight; empty: from 0
  int iterations = 60;
};

struct LogitFit {
  std::vector<double> weights;  // of each feature's segments, one after the other
  double value = 0;             // with the penalty
};

LogitFit FitConditionalLogit(const Choices& choices, const std::vector<Segments>& segments, const Penalty& penalty,
                             const LogitOptions& options, Work* work);

}  // namespace tandem::pairing::matching

#endif  // TANDEM_SERVICES_PAIRING_MATCHING_LEARNING_CONDITIONAL_LOGIT_H_
