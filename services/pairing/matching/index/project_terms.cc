#include "services/pairing/matching/index/project_terms.h"

#include <algorithm>
#include <bit>

namespace tandem::pairing::matching {

uint32_t LengthOf(const TextWeights& text) {
  uint64_t square = 0;
  for (const TermWeight& term : text) square += static_cast<uint64_t>(int64_t{term.weight} * term.weight);
  // Whole-number root by bits; at most 65535 terms of 32768 each keep it below 2^23.
  uint64_t root = 0;
  for (uint64_t bit = uint64_t{1} << 31; bit != 0; bit >>= 1) {
    if ((root + bit) * (root + bit) <= square) root += bit;
  }
  return static_cast<uint32_t>(root * root == square ? root : root + 1);
}

void ProjectTerms::Assign(const TextWeights* text) {
  if (terms_.size() * 4 > cells_.size()) {
    std::fill(cells_.begin(), cells_.end(), Cell{});
  } else {
    // Backwards, so that each term is found before what it was put behind is taken away.
    for (auto term = terms_.rbegin(); term != terms_.rend(); ++term) {
      size_t at = HomeOf(*term);
      while (cells_[at].term != *term || cells_[at].weight == 0) at = (at + 1) & (cells_.size() - 1);
      cells_[at] = {};
    }
  }
  terms_.clear();
  length_ = 0;
  if (text == nullptr || text->empty()) return;
  const size_t cells = std::max(kLeastCells, std::bit_ceil(text->size() * 2));
  if (cells != cells_.size()) cells_.assign(cells, Cell{});
  shift_ = 32 - static_cast<uint32_t>(std::countr_zero(cells));
  length_ = LengthOf(*text);
  for (const TermWeight& term : *text) {
    if (term.weight == 0) continue;
    size_t at = HomeOf(term.term);
    while (cells_[at].weight != 0) at = (at + 1) & (cells_.size() - 1);
    cells_[at] = {term.term, term.weight};
    terms_.push_back(term.term);
  }
}

int32_t ProjectTerms::Points(const TextWeights& investor) const {
  if (terms_.empty()) return 0;
  int64_t sum = 0;
  const size_t mask = cells_.size() - 1;
  for (const TermWeight& term : investor) {
    size_t at = HomeOf(term.term);
    while (cells_[at].weight != 0 && cells_[at].term != term.term) at = (at + 1) & mask;
    if (cells_[at].weight != 0) sum += int64_t{cells_[at].weight} * term.weight;
  }
  return static_cast<int32_t>(sum >> 8);
}

}  // namespace tandem::pairing::matching
