// Nearest neighbours of project texts, by the vectors that matching uses, and whether they are of the same kind.
#ifndef TANDEM_TESTS_BENCH_TEXT_NEIGHBOURS_H_
#define TANDEM_TESTS_BENCH_TEXT_NEIGHBOURS_H_

#include <cstddef>
#include <string>
#include <vector>

namespace tandem::text_bench {

struct Document {
  std::string title;
  std::string abstract;
  std::vector<std::string> keywords;
  std::vector<std::string> labels;  // two documents are of the same kind when they share one
  std::string group;                // others of the same group are no candidates; empty: none
};

struct Variant {
  std::string name;
  bool titles = true;
  bool abstracts = true;
  bool pairs = true;   // of Chinese characters
  bool rarity = true;  // else as before the first count of the statistics
};

struct Neighbourhood {
  // For each document that has at least one candidate of its kind: the share of the kind among its 10 nearest
  // neighbours (a place that stays empty, for want of a common term, is of another kind) and among its candidates.
  std::vector<double> shares;
  std::vector<double> chances;
  double terms = 0;         // of a document, on average
  double texts_second = 0;  // documents turned into vectors a second, on one thread
};

inline constexpr size_t kNeighbours = 10;

// Rarity is counted from the documents themselves. Exact: by the cosine of UnitWeights; equal ones by position.
Neighbourhood FindNeighbours(const std::vector<Document>& documents, const std::string& language,
                             const Variant& variant);

// Mean, and its standard error from 1,000 bootstrap samples (with a fixed seed).
struct Estimate {
  double mean = 0;
  double error = 0;
};
Estimate Bootstrap(const std::vector<double>& values);

}  // namespace tandem::text_bench

#endif  // TANDEM_TESTS_BENCH_TEXT_NEIGHBOURS_H_
