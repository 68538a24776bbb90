// The postings of one cell: a B+ tree of blocks, of which every version is kept apart.
//
// Value type: copying it makes a second name for the same version. Thread safety: as VersionedPool.
#ifndef TANDEM_SERVICES_PAIRING_MATCHING_INDEX_POSTING_TREE_H_
#define TANDEM_SERVICES_PAIRING_MATCHING_INDEX_POSTING_TREE_H_

#include <array>
#include <cstdint>
#include <vector>

#include "services/pairing/matching/index/block_ref.h"

namespace tandem::pairing::matching {

class PostingTree {
 public:
  bool empty() const { return root_ == nullptr; }
  // Asks the memory for what Blocks reads first.
  void Prefetch() const { PrefetchNode(root_); }

  // REQUIRES: no posting of the same key is in the tree.
  void Insert(VersionedPool& pool, const Posting& posting);
  // REQUIRES: a posting of that key is in the tree.
  void Remove(VersionedPool& pool, uint64_t key);

  // Both parts of packing: appends all postings in order of PostingKey and leaves none in the tree, and fills an empty
  // tree with postings in that order, all blocks but the last one full and one after the other from the pool.
  void TakeAll(VersionedPool& pool, std::vector<Posting>* postings);
  void Fill(VersionedPool& pool, const Posting* postings, size_t count);

  // What a query reads.
  struct Wanted {
    int16_t ask_low, ask_high;
    // For each code the least one from it on that passes in kSortedColumn, 256 for none.
    std::array<uint16_t, 256> next_code;

    bool Meets(const TreeRef& ref) const {
      return ref.ask_least <= ask_high && ref.ask_most >= ask_low && next_code[ref.code_least] <= ref.code_most;
    }
  };
  // Appends the blocks that may hold an ask that meets [ask_low, ask_high] and a code that passes, in order of
  // PostingKey.
  void Blocks(const Wanted& wanted, std::vector<TreeRef>& blocks) const;

 private:
  // `count` references follow, of `capacity`. Level 0 refers to blocks.
  struct Node {
    uint32_t born;
    uint8_t level, count, capacity;

    TreeRef* refs() { return reinterpret_cast<TreeRef*>(reinterpret_cast<char*>(this) + kHead); }
    const TreeRef* refs() const { return const_cast<Node*>(this)->refs(); }
  };
  static constexpr size_t kHead = 16;
  static constexpr uint8_t kMostRefs = 32;
  static constexpr uint8_t kFilledRefs = 28;  // by Fill: the first blocks that are split do not split their node

  // Most of it; what is behind its end is harmless.
  static void PrefetchNode(const void* node) {
    for (size_t at = 0; at < 768; at += 64) __builtin_prefetch(static_cast<const char*>(node) + at);
  }
  static size_t NodeBytes(uint8_t capacity) { return kHead + capacity * sizeof(TreeRef); }
  static Node* NewNode(VersionedPool& pool, uint8_t level, uint8_t capacity);
  static void Retire(VersionedPool& pool, Node* node);
  // A node that may be changed and has room for one more reference where it can.
  static Node* Writable(VersionedPool& pool, Node* node);
  static TreeRef RefOf(Node* node);
  static uint32_t Find(const Node& node, uint64_t key);
  // Both return what came to stand beside, when something did (`child` null: nothing).
  static TreeRef InsertInto(VersionedPool& pool, Node*& node, uint64_t key, const Posting& posting);
  static TreeRef AddRef(VersionedPool& pool, Node* node, uint32_t at, const TreeRef& added);
  static TreeRef InsertIntoBlock(VersionedPool& pool, Node* node, uint32_t at, uint64_t key, const Posting& posting);
  // Inserts into a full block or beside it after postings moved on to a neighbour with room; false: there is none.
  static bool InsertByMoving(VersionedPool& pool, Node* node, uint32_t at, uint64_t key, const Posting& posting);
  // Sets `node` to null when nothing is left.
  static void RemoveFrom(VersionedPool& pool, Node*& node, uint64_t key);
  // Spreads the postings of a node of level 0 over fewer blocks where that leaves room in them.
  static void Repack(VersionedPool& pool, Node* node);
  static void TakeNode(VersionedPool& pool, Node* node, std::vector<Posting>* postings);
  static void Collect(const Node& node, const Wanted& wanted, std::vector<TreeRef>& blocks);

  Node* root_ = nullptr;
};

}  // namespace tandem::pairing::matching

#endif  // TANDEM_SERVICES_PAIRING_MATCHING_INDEX_POSTING_TREE_H_
