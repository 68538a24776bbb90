#include "services/pairing/meetings/breaks/clauses.h"

#include <algorithm>
#include <cstddef>
#include <iterator>

namespace tandem::breaks {

void Clauses::Add(const int* first, const int* last) {
  if (std::find(first, last, kTrue) != last) return;
  for (const int* literal = first; literal != last; ++literal) {
    if (*literal != kFalse) literals_.push_back(*literal);
  }
  literals_.push_back(0);
}

void Clauses::AddAtMostOne(const std::vector<int>& literals) {
  for (std::size_t i = 0; i < literals.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) Add({-literals[i], -literals[j]});
  }
}

int Clauses::AddOr(const std::vector<int>& literals) {
  std::vector<int> some;
  for (int literal : literals) {
    if (literal == kTrue) return kTrue;
    if (literal != kFalse) some.push_back(literal);
  }
  if (some.empty()) return kFalse;
  if (some.size() == 1) return some.front();
  const int any = NewVariable();
  for (int literal : some) Add({-literal, any});
  some.push_back(-any);
  Add(some);
  return any;
}

std::vector<int> Clauses::AddCounts(const std::vector<int>& literals, std::size_t limit) {
  std::vector<int> some;
  std::copy_if(literals.begin(), literals.end(), std::back_inserter(some),
               [](int literal) { return literal != kFalse; });
  if (some.size() <= 1 || limit == 0) {
    some.resize(std::min(some.size(), limit));
    return some;
  }
  const auto middle = some.begin() + static_cast<std::ptrdiff_t>(some.size() / 2);
  return MergeCounts(AddCounts({some.begin(), middle}, limit), AddCounts({middle, some.end()}, limit), limit);
}

std::vector<int> Clauses::MergeCounts(const std::vector<int>& left, const std::vector<int>& right, std::size_t limit) {
  std::vector<int> counts(std::min(limit, left.size() + right.size()));
  for (int& count : counts) count = NewVariable();
  for (std::size_t i = 0; i <= left.size(); ++i) {
    for (std::size_t j = 0; j <= right.size(); ++j) {
      if (i + j == 0 || i + j > limit) continue;
      Add({i > 0 ? -left[i - 1] : kFalse, j > 0 ? -right[j - 1] : kFalse, counts[i + j - 1]});
    }
  }
  return counts;
}

}  // namespace tandem::breaks
