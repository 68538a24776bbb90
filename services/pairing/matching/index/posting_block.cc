#include "services/pairing/matching/index/posting_block.h"

namespace tandem::pairing::matching {
namespace {

template <typename T>
void WritePart(uint8_t* block, uint32_t capacity, BlockPart part, uint32_t lane, const T& value) {
  std::memcpy(block + part * capacity + lane * sizeof(T), &value, sizeof(T));
}

}  // namespace

Posting ReadPosting(const uint8_t* block, uint32_t capacity, uint32_t lane) {
  Posting posting;
  posting.slot = ReadPart<uint32_t>(block, capacity, kSlotPart, lane);
  posting.ask_least = ReadPart<int16_t>(block, capacity, kAskLeastPart, lane);
  posting.ask_most = ReadPart<int16_t>(block, capacity, kAskMostPart, lane);
  posting.points = ReadPart<int16_t>(block, capacity, kPointsPart, lane);
  posting.flags = ReadPart<uint8_t>(block, capacity, kFlagsPart, lane);
  posting.norm = ReadPart<uint8_t>(block, capacity, kNormPart, lane);
  for (uint32_t c = 0; c < kPostingColumns; ++c) posting.codes[c] = block[(kCodesPart + c) * capacity + lane];
  for (uint32_t i = 0; i < kOthers; ++i) posting.others_low[i] = block[(kOtherLowPart + i) * capacity + lane];
  for (uint32_t i = 0; i < kOthers / 2; ++i) posting.others_high[i] = block[(kOtherHighPart + i) * capacity + lane];
  return posting;
}

void WritePosting(uint8_t* block, uint32_t capacity, uint32_t lane, const Posting& posting) {
  WritePart(block, capacity, kSlotPart, lane, posting.slot);
  WritePart(block, capacity, kAskLeastPart, lane, posting.ask_least);
  WritePart(block, capacity, kAskMostPart, lane, posting.ask_most);
  WritePart(block, capacity, kPointsPart, lane, posting.points);
  WritePart(block, capacity, kFlagsPart, lane, posting.flags);
  WritePart(block, capacity, kNormPart, lane, posting.norm);
  for (uint32_t c = 0; c < kPostingColumns; ++c) block[(kCodesPart + c) * capacity + lane] = posting.codes[c];
  for (uint32_t i = 0; i < kOthers; ++i) block[(kOtherLowPart + i) * capacity + lane] = posting.others_low[i];
  for (uint32_t i = 0; i < kOthers / 2; ++i) block[(kOtherHighPart + i) * capacity + lane] = posting.others_high[i];
}

}  // namespace tandem::pairing::matching
