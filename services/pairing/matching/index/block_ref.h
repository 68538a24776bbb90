// A block of postings as the node above it knows it, and what is done with blocks of a version.
#ifndef TANDEM_SERVICES_PAIRING_MATCHING_INDEX_BLOCK_REF_H_
#define TANDEM_SERVICES_PAIRING_MATCHING_INDEX_BLOCK_REF_H_

#include <cstdint>
#include <vector>

#include "services/pairing/matching/index/posting_block.h"
#include "services/pairing/matching/index/versioned_pool.h"

namespace tandem::pairing::matching {

// A block, or a node of the tree, as the node above knows it.
struct TreeRef {
  void* child;
  uint64_t key;       // not above any key inside
  int16_t ask_least;  // of all inside
  int16_t ask_most;
  int16_t last_least;  // of a block: its highest lower end and its lowest upper end
  int16_t first_most;
  uint32_t born;     // of a block
  uint8_t count;     // of a block: postings in it
  uint8_t capacity;  // of a block
  // Of all inside: what they have in kSortedColumn.
  uint8_t code_least;
  uint8_t code_most;

  const uint8_t* block() const { return static_cast<const uint8_t*>(child); }
  uint8_t* block() { return static_cast<uint8_t*>(child); }
};

// The bounds of nothing, and those with what another one has.
void ClearBounds(TreeRef& ref);
void WidenBounds(TreeRef& ref, const TreeRef& other);

// A block of `count` postings, sorted by key.
TreeRef NewBlock(VersionedPool& pool, const Posting* postings, uint32_t count);
void RetireBlock(VersionedPool& pool, const TreeRef& ref);

// Appends the postings of a block, sorted by key.
void TakePostings(const TreeRef& ref, std::vector<Posting>* postings);

// REQUIRES of both: the key belongs there. Room is made.
void AddPosting(VersionedPool& pool, TreeRef& ref, const Posting& posting);
void RemovePosting(VersionedPool& pool, TreeRef& ref, uint32_t lane);

// Where the last key of a block is, or the first.
struct BlockEnd {
  uint64_t key;
  uint32_t lane;
};
BlockEnd LastOf(const TreeRef& ref);
BlockEnd FirstOf(const TreeRef& ref);

}  // namespace tandem::pairing::matching

#endif  // TANDEM_SERVICES_PAIRING_MATCHING_INDEX_BLOCK_REF_H_
