#include "services/pairing/matching/index/stage_postings.h"

#include <algorithm>
#include <bit>

namespace tandem::pairing::matching {
namespace {

constexpr uint64_t kStages = (uint64_t{1} << ProjectFilter::kStageBits) - 1;
// Who accepts more stages than that is in the list of most stages, which every project reads.
constexpr int kFewStages = 6;

}  // namespace

template <typename Do>
void StagePostings::ForLists(InvestorFilter filter, const Do& what) {
  const uint64_t accepted = ~filter.bits & kStages;
  if (std::popcount(accepted) > kFewStages) {
    what(lists_.back());
    return;
  }
  for (uint64_t left = accepted; left != 0; left &= left - 1) {
    what(lists_[static_cast<size_t>(std::countr_zero(left))]);
  }
}

void StagePostings::Add(const SectorPosting& posting) {
  ForLists(posting.filter, [&](List& list) {
    list.filters.push_back(posting.filter);
    list.entries.push_back({posting.investor, posting.points, posting.refused});
  });
}

void StagePostings::Remove(uint32_t investor, InvestorFilter filter) {
  ForLists(filter, [&](List& list) {
    const auto it = std::find_if(list.entries.begin(), list.entries.end(),
                                 [&](const Entry& entry) { return entry.investor == investor; });
    if (it == list.entries.end()) return;
    list.filters[static_cast<size_t>(it - list.entries.begin())] = list.filters.back();
    *it = list.entries.back();
    list.filters.pop_back();
    list.entries.pop_back();
  });
}

const StagePostings::List& StagePostings::OfStage(const ProjectFilter& project) const {
  return lists_[static_cast<size_t>(std::countr_zero(project.codes & kStages))];
}

size_t StagePostings::bytes() const {
  size_t bytes = sizeof(*this);
  for (const List& list : lists_) {
    bytes += list.filters.capacity() * sizeof(InvestorFilter) + list.entries.capacity() * sizeof(Entry);
  }
  return bytes;
}

}  // namespace tandem::pairing::matching
