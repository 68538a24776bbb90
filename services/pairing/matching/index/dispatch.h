// Which kernel a query runs.
#ifndef TANDEM_SERVICES_PAIRING_MATCHING_INDEX_DISPATCH_H_
#define TANDEM_SERVICES_PAIRING_MATCHING_INDEX_DISPATCH_H_

#include <optional>
#include <vector>

#include "services/pairing/matching/index/kernels.h"

namespace tandem::pairing::matching {

// In rising order of speed. kV2 is SSE4, kV3 AVX2, kV4 AVX-512, kVbmi the same with
// AVX-512 VBMI; only x86-64 has more than kPortable.
enum class InstructionSet { kPortable, kV2, kV3, kV4, kVbmi };

const char* InstructionSetName(InstructionSet set);

// Those that this machine runs.
std::vector<InstructionSet> InstructionSets();

// Makes all queries from now on use `set`; nothing: the fastest again. For tests and measurements; thread-safe.
// REQUIRES: `set` is one of InstructionSets().
void ForceInstructionSet(std::optional<InstructionSet> set);

// The kernel to use now. Thread-safe.
ScanBlock CurrentScan();

}  // namespace tandem::pairing::matching

#endif  // TANDEM_SERVICES_PAIRING_MATCHING_INDEX_DISPATCH_H_
