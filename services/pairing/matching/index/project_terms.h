// The text of one project, laid out to be compared with the texts of many investors.
#ifndef TANDEM_SERVICES_PAIRING_MATCHING_INDEX_PROJECT_TERMS_H_
#define TANDEM_SERVICES_PAIRING_MATCHING_INDEX_PROJECT_TERMS_H_

#include <cstdint>
#include <vector>

#include "services/pairing/matching/linear_form.h"

namespace tandem::pairing::matching {

// The least whole number that is not below the Euclidean length of the weights.
uint32_t LengthOf(const TextWeights& text);

// Reusable: one owner, one thread.
class ProjectTerms {
 public:
  ProjectTerms() : cells_(kLeastCells) {}

  // Forgets what was there. Null: no text. Time in the number of terms.
  void Assign(const TextWeights* text);
  bool empty() const { return terms_.empty(); }
  uint32_t length() const { return length_; }  // LengthOf the text
  // No more than this for any investor whose weights have that length (Cauchy and Schwarz).
  int32_t MostPoints(uint32_t investor_length) const {
    return static_cast<int32_t>(uint64_t{length_} * investor_length >> 8);
  }
  // Equals TextPoints(project, investor).
  int32_t Points(const TextWeights& investor) const;

 private:
  static constexpr size_t kLeastCells = 256;

  struct Cell {
    uint32_t term = 0;
    int32_t weight = 0;  // 0: a free cell
  };

  size_t HomeOf(uint32_t term) const { return (term * 0x9E3779B1u) >> shift_; }

  std::vector<Cell> cells_;  // open addressing, at most half full
  std::vector<uint32_t> terms_;
  uint32_t shift_ = 24;
  uint32_t length_ = 0;
};

}  // namespace tandem::pairing::matching

#endif  // TANDEM_SERVICES_PAIRING_MATCHING_INDEX_PROJECT_TERMS_H_
