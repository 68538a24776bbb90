// One project's place in a cell, and the blocks of up to 64 of them.
#ifndef TANDEM_SERVICES_PAIRING_MATCHING_INDEX_POSTING_BLOCK_H_
#define TANDEM_SERVICES_PAIRING_MATCHING_INDEX_POSTING_BLOCK_H_

#include <cstdint>
#include <cstring>

#include "services/pairing/matching/index/kernels.h"

namespace tandem::pairing::matching {

// Asks that are not stated meet every ticket.
inline constexpr int16_t kNoAskLeast = INT16_MIN, kNoAskMost = INT16_MAX;

struct Posting {
  uint32_t slot = 0;
  int16_t ask_least = kNoAskLeast, ask_most = kNoAskMost;
  int16_t points = 0;
  uint8_t flags = 0;  // PostingFlag
  uint8_t norm = 0;
  uint8_t codes[kPostingColumns] = {};
  uint8_t others_low[kOthers] = {};
  uint8_t others_high[kOthers / 2] = {};
};

// The byte that stands for a code: its own number below 256; others share the upper half.
inline uint8_t FoldCode(uint32_t code) { return static_cast<uint8_t>(code < 256 ? code : 128 | (code & 127)); }

// The column that stands in the order of a cell: the gate that refuses the most.
inline constexpr int kSortedColumn = 10;  // languages
// Lower ends of asks that differ in so many lower bits only, by a quarter, stand together.
inline constexpr int kBucketShift = 9;

// Order of a cell: asks of one amount first, as they meet a ticket side by side, while a range may begin far below;
// then by the lower end of the ask, coarsely, then by the code of one column, then by slot. A ticket skips whole
// blocks, and so does a form that refuses what all of a block have there.
inline uint64_t PostingKey(int16_t ask_least, int16_t ask_most, uint8_t sorted_code, uint32_t slot) {
  const bool range = ask_least != ask_most && ask_least != kNoAskLeast;
  const auto bucket = static_cast<uint16_t>(ask_least ^ INT16_MIN) >> kBucketShift;
  return uint64_t{range} << 56 | static_cast<uint64_t>(bucket) << 40 | uint64_t{sorted_code} << 32 | slot;
}
inline uint64_t PostingKey(const Posting& posting) {
  return PostingKey(posting.ask_least, posting.ask_most, posting.codes[kSortedColumn], posting.slot);
}

inline constexpr uint32_t kMostPostings = 64;

// Capacity of the smallest block for so many postings.
inline uint32_t BlockCapacity(uint32_t postings) { return postings <= 16 ? 16 : postings <= 32 ? 32 : kMostPostings; }
inline size_t BlockBytes(uint32_t capacity) { return size_t{kPostingBytes} * capacity; }

template <typename T>
T ReadPart(const uint8_t* block, uint32_t capacity, BlockPart part, uint32_t lane) {
  T value;
  std::memcpy(&value, block + part * capacity + lane * sizeof(T), sizeof(T));
  return value;
}

// Where a posting's slot stands.
inline const uint32_t* SlotPlace(const uint8_t* block, uint32_t capacity, uint32_t lane) {
  return reinterpret_cast<const uint32_t*>(block + kSlotPart * capacity) + lane;
}

Posting ReadPosting(const uint8_t* block, uint32_t capacity, uint32_t lane);
void WritePosting(uint8_t* block, uint32_t capacity, uint32_t lane, const Posting& posting);

}  // namespace tandem::pairing::matching

#endif  // TANDEM_SERVICES_PAIRING_MATCHING_INDEX_POSTING_BLOCK_H_
