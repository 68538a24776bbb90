// The investors whom one sector decides about, by the stages that they accept: a project reads only those of its stage.
#ifndef TANDEM_SERVICES_PAIRING_MATCHING_INDEX_STAGE_POSTINGS_H_
#define TANDEM_SERVICES_PAIRING_MATCHING_INDEX_STAGE_POSTINGS_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "services/pairing/matching/index/investor_filter.h"

namespace tandem::pairing::matching {

// One thread. 16 bytes for each stage that an investor accepts; once for those who accept most stages.
class StagePostings {
 public:
  struct Entry {
    uint32_t investor = 0;
    int16_t points = 0;
    bool refused = false;
  };
  // Filters apart from the rest: most postings are left at their filter.
  struct List {
    std::vector<InvestorFilter> filters;
    std::vector<Entry> entries;
  };

  void Add(const SectorPosting& posting);
  // O(postings of its lists).
  void Remove(uint32_t investor, InvestorFilter filter);
  // An investor is in at most one of these two.
  const List& OfStage(const ProjectFilter& project) const;
  const List& OfMostStages() const { return lists_.back(); }
  size_t bytes() const;

 private:
  template <typename Do>
  void ForLists(InvestorFilter filter, const Do& what);

  std::array<List, ProjectFilter::kStageBits + 1> lists_;
};

}  // namespace tandem::pairing::matching

#endif  // TANDEM_SERVICES_PAIRING_MATCHING_INDEX_STAGE_POSTINGS_H_
