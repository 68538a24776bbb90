// Which of many filters may meet a project: the first thing that is asked of every posting.
#ifndef TANDEM_SERVICES_PAIRING_MATCHING_INDEX_POSTING_FILTER_H_
#define TANDEM_SERVICES_PAIRING_MATCHING_INDEX_POSTING_FILTER_H_

#include <cstddef>
#include <cstdint>

#include "services/pairing/matching/index/dispatch.h"
#include "services/pairing/matching/index/investor_filter.h"

namespace tandem::pairing::matching {

// Room that a scan needs behind the places it writes.
inline constexpr size_t kFilterScanSpill = 16;

// Writes the places of the filters that may meet the project to `places` (room for `size` + kFilterScanSpill), in
// rising order; returns how many.
using FilterScan = size_t (*)(const InvestorFilter* filters, size_t size, const ProjectFilter& project,
                              uint32_t* places);

// All give the same. REQUIRES: `set` is one of InstructionSets().
FilterScan FilterScanOf(InstructionSet set);

}  // namespace tandem::pairing::matching

#endif  // TANDEM_SERVICES_PAIRING_MATCHING_INDEX_POSTING_FILTER_H_
