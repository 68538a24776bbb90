#ifndef TANDEM_SERVICES_PAIRING_MEETINGS_BREAKS_CLAUSES_H_
#define TANDEM_SERVICES_PAIRING_MEETINGS_BREAKS_CLAUSES_H_

#include <initializer_list>
#include <vector>

namespace tandem::breaks {

// A formula in the making. A literal is +-variable as in DIMACS; kTrue and kFalse are literals like any other, and
// clauses are shortened by them, so that encodings need no special case where a value is known.
class Clauses {
 public:
  static constexpr int kTrue = 1;
  static constexpr int kFalse = -1;

  int NewVariable() { return ++variables_; }
  int variables() const { return variables_; }

  void Add(std::initializer_list<int> literals) { Add(literals.begin(), literals.end()); }
  void Add(const std::vector<int>& literals) { Add(literals.data(), literals.data() + literals.size()); }

  // Pairwise: strongest and short enough for our sizes.
  void AddAtMostOne(const std::vector<int>& literals);

  // A variable that is true if and only if one of `literals` is; a literal of them, or a constant, where that is the
  // same.
  int AddOr(const std::vector<int>& literals);

  // counts[k] is true if more than k of `literals` are, for k < limit (one direction: nothing makes it false). At most
  // `limit` entries.
  std::vector<int> AddCounts(const std::vector<int>& literals, std::size_t limit);

  // The counts of two groups together, from those of each.
  std::vector<int> MergeCounts(const std::vector<int>& left, const std::vector<int>& right, std::size_t limit);

  // Clauses one after another, each ended by 0.
  const std::vector<int>& literals() const { return literals_; }

 private:
  void Add(const int* first, const int* last);

  int variables_ = 1;  // kTrue
  std::vector<int> literals_ = {kTrue, 0};
};

}  // namespace tandem::breaks

#endif  // TANDEM_SERVICES_PAIRING_MEETINGS_BREAKS_CLAUSES_H_
