// Which of 64 investors a project may concern: the first thing that is asked of every posting.
#ifndef TANDEM_SERVICES_PAIRING_MATCHING_INDEX_LOSS_SCAN_H_
#define TANDEM_SERVICES_PAIRING_MATCHING_INDEX_LOSS_SCAN_H_

#include <cstddef>
#include <cstdint>

#include "services/pairing/matching/index/dispatch.h"
#include "services/pairing/matching/index/investor_losses.h"

namespace tandem::pairing::matching {

// An array of `capacity` for the slacks, and one for each byte of InvestorLosses. Readable kSpill bytes beyond
// its end.
struct LossBlock {
  static constexpr size_t kMost = 64;
  static constexpr size_t kSpill = 64;

  const int16_t* slacks() const { return reinterpret_cast<const int16_t*>(memory); }
  const uint8_t* bytes(size_t number) const { return memory + (sizeof(int16_t) + number) * capacity; }

  uint8_t* memory = nullptr;
  uint32_t capacity = 0;
  uint32_t count = 0;
};

// Bit by bit: those of the block whose gates may let the project through and whose slack its losses do not exceed.
using LossScan = uint64_t (*)(const LossBlock& block, const LossProbe& probe);

// All give the same. REQUIRES: `set` is one of InstructionSets().
LossScan LossScanOf(InstructionSet set);

// Asks the processor to fetch what a scan reads.
void PrefetchLosses(const LossBlock& block, const LossProbe& probe);

}  // namespace tandem::pairing::matching

#endif  // TANDEM_SERVICES_PAIRING_MATCHING_INDEX_LOSS_SCAN_H_
