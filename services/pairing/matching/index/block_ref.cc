#include "services/pairing/matching/index/block_ref.h"

#include <algorithm>

namespace tandem::pairing::matching {
namespace {

constexpr auto kUse = VersionedPool::kStructured;
constexpr auto kSortedPart = static_cast<BlockPart>(kCodesPart + kSortedColumn);

uint64_t KeyAt(const TreeRef& ref, uint32_t lane) {
  return PostingKey(ReadPart<int16_t>(ref.block(), ref.capacity, kAskLeastPart, lane),
                    ReadPart<int16_t>(ref.block(), ref.capacity, kAskMostPart, lane),
                    ReadPart<uint8_t>(ref.block(), ref.capacity, kSortedPart, lane),
                    ReadPart<uint32_t>(ref.block(), ref.capacity, kSlotPart, lane));
}

void Widen(TreeRef& ref, int16_t least, int16_t most, uint8_t code) {
  ref.ask_least = std::min(ref.ask_least, least);
  ref.ask_most = std::max(ref.ask_most, most);
  ref.last_least = std::max(ref.last_least, least);
  ref.first_most = std::min(ref.first_most, most);
  ref.code_least = std::min(ref.code_least, code);
  ref.code_most = std::max(ref.code_most, code);
}

void FindBounds(TreeRef& ref) {
  ClearBounds(ref);
  for (uint32_t i = 0; i < ref.count; ++i) {
    Widen(ref, ReadPart<int16_t>(ref.block(), ref.capacity, kAskLeastPart, i),
          ReadPart<int16_t>(ref.block(), ref.capacity, kAskMostPart, i),
          ReadPart<uint8_t>(ref.block(), ref.capacity, kSortedPart, i));
  }
}

// Makes the block changeable, with room for `postings`.
void MakeWritable(VersionedPool& pool, TreeRef& ref, uint32_t postings) {
  const uint32_t capacity = BlockCapacity(postings);
  if (ref.born == pool.version() && ref.capacity >= capacity) return;
  auto* copy = static_cast<uint8_t*>(pool.Allocate(BlockBytes(capacity), kUse));
  const uint8_t* block = ref.block();
  if (capacity == ref.capacity) {
    std::memcpy(copy, block, BlockBytes(capacity));
  } else {
    for (uint32_t i = 0; i < ref.count; ++i) WritePosting(copy, capacity, i, ReadPosting(block, ref.capacity, i));
  }
  RetireBlock(pool, ref);
  ref.child = copy;
  ref.capacity = static_cast<uint8_t>(capacity);
  ref.born = pool.version();
}

}  // namespace

void ClearBounds(TreeRef& ref) {
  ref.ask_least = ref.first_most = INT16_MAX;
  ref.ask_most = ref.last_least = INT16_MIN;
  ref.code_least = UINT8_MAX;
  ref.code_most = 0;
}

void WidenBounds(TreeRef& ref, const TreeRef& other) {
  Widen(ref, other.ask_least, other.ask_most, other.code_least);
  ref.code_most = std::max(ref.code_most, other.code_most);
}

TreeRef NewBlock(VersionedPool& pool, const Posting* postings, uint32_t count) {
  TreeRef ref = {};
  ref.capacity = static_cast<uint8_t>(BlockCapacity(count));
  ref.count = static_cast<uint8_t>(count);
  ref.born = pool.version();
  ref.child = pool.Allocate(BlockBytes(ref.capacity), kUse);
  ref.key = PostingKey(postings[0]);
  for (uint32_t i = 0; i < count; ++i) WritePosting(ref.block(), ref.capacity, i, postings[i]);
  FindBounds(ref);
  return ref;
}

void RetireBlock(VersionedPool& pool, const TreeRef& ref) {
  pool.Retire(ref.child, BlockBytes(ref.capacity), kUse, ref.born);
}

void TakePostings(const TreeRef& ref, std::vector<Posting>* postings) {
  for (uint32_t i = 0; i < ref.count; ++i) postings->push_back(ReadPosting(ref.block(), ref.capacity, i));
  std::sort(postings->end() - ref.count, postings->end(),
            [](const Posting& a, const Posting& b) { return PostingKey(a) < PostingKey(b); });
}

void AddPosting(VersionedPool& pool, TreeRef& ref, const Posting& posting) {
  MakeWritable(pool, ref, ref.count + 1u);
  WritePosting(ref.block(), ref.capacity, ref.count++, posting);
  Widen(ref, posting.ask_least, posting.ask_most, posting.codes[kSortedColumn]);
}

void RemovePosting(VersionedPool& pool, TreeRef& ref, uint32_t lane) {
  MakeWritable(pool, ref, ref.count);
  --ref.count;
  WritePosting(ref.block(), ref.capacity, lane, ReadPosting(ref.block(), ref.capacity, ref.count));
  FindBounds(ref);
}

BlockEnd LastOf(const TreeRef& ref) {
  BlockEnd end = {KeyAt(ref, 0), 0};
  for (uint32_t i = 1; i < ref.count; ++i) end = KeyAt(ref, i) > end.key ? BlockEnd{KeyAt(ref, i), i} : end;
  return end;
}

BlockEnd FirstOf(const TreeRef& ref) {
  BlockEnd end = {KeyAt(ref, 0), 0};
  for (uint32_t i = 1; i < ref.count; ++i) end = KeyAt(ref, i) < end.key ? BlockEnd{KeyAt(ref, i), i} : end;
  return end;
}

}  // namespace tandem::pairing::matching
