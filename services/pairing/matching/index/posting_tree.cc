#include "services/pairing/matching/index/posting_tree.h"

#include <algorithm>
#include <array>

namespace tandem::pairing::matching {
namespace {

constexpr auto kUse = VersionedPool::kStructured;
constexpr TreeRef kNone = {};

// The postings of up to two blocks on their way to other blocks.
struct Batch {
  std::array<Posting, 2 * kMostPostings> postings;
  uint32_t count = 0;

  void Take(const TreeRef& ref) {
    for (uint32_t i = 0; i < ref.count; ++i) {
      postings[count++] = ReadPosting(static_cast<const uint8_t*>(ref.child), ref.capacity, i);
    }
  }
  void Sort() {
    std::sort(postings.begin(), postings.begin() + count,
              [](const Posting& a, const Posting& b) { return PostingKey(a) < PostingKey(b); });
  }
};

void Widen(TreeRef& ref, int16_t least, int16_t most) {
  ref.ask_least = std::min(ref.ask_least, least);
  ref.ask_most = std::max(ref.ask_most, most);
  ref.last_least = std::max(ref.last_least, least);
  ref.first_most = std::min(ref.first_most, most);
}

// Of nothing.
void ClearAsks(TreeRef& ref) {
  ref.ask_least = ref.first_most = INT16_MAX;
  ref.ask_most = ref.last_least = INT16_MIN;
}

void FindAsks(TreeRef& ref) {
  const auto* block = static_cast<const uint8_t*>(ref.child);
  ClearAsks(ref);
  for (uint32_t i = 0; i < ref.count; ++i) {
    Widen(ref, ReadPart<int16_t>(block, ref.capacity, kAskLeastPart, i),
          ReadPart<int16_t>(block, ref.capacity, kAskMostPart, i));
  }
}

void RetireBlock(VersionedPool& pool, const TreeRef& ref) {
  pool.Retire(ref.child, BlockBytes(ref.capacity), kUse, ref.born);
}

// A block of postings [from, to) of `batch`, which is sorted.
TreeRef NewBlock(VersionedPool& pool, const Batch& batch, uint32_t from, uint32_t to) {
  TreeRef ref = {};
  ref.capacity = static_cast<uint8_t>(BlockCapacity(to - from));
  ref.count = static_cast<uint8_t>(to - from);
  ref.born = pool.version();
  auto* block = static_cast<uint8_t*>(pool.Allocate(BlockBytes(ref.capacity), kUse));
  ref.child = block;
  ref.key = PostingKey(batch.postings[from]);
  for (uint32_t i = from; i < to; ++i) WritePosting(block, ref.capacity, i - from, batch.postings[i]);
  FindAsks(ref);
  return ref;
}

// Makes the block changeable, with room for `postings`.
void MakeWritable(VersionedPool& pool, TreeRef& ref, uint32_t postings) {
  const uint32_t capacity = BlockCapacity(postings);
  if (ref.born == pool.version() && ref.capacity >= capacity) return;
  auto* copy = static_cast<uint8_t*>(pool.Allocate(BlockBytes(capacity), kUse));
  const auto* block = static_cast<const uint8_t*>(ref.child);
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

PostingTree::Node* PostingTree::NewNode(VersionedPool& pool, uint8_t level, uint8_t capacity) {
  auto* node = static_cast<Node*>(pool.Allocate(NodeBytes(capacity), VersionedPool::kDirectory));
  *node = Node{pool.version(), level, 0, capacity};
  return node;
}

void PostingTree::Retire(VersionedPool& pool, Node* node) {
  pool.Retire(node, NodeBytes(node->capacity), VersionedPool::kDirectory, node->born);
}

PostingTree::Node* PostingTree::Writable(VersionedPool& pool, Node* node) {
  uint8_t capacity = 1;
  while (capacity < kMostRefs && capacity <= node->count) capacity = static_cast<uint8_t>(2 * capacity);
  if (node->born == pool.version() && node->capacity >= capacity) return node;
  Node* copy = NewNode(pool, node->level, capacity);
  copy->count = node->count;
  std::memcpy(copy->refs(), node->refs(), node->count * sizeof(TreeRef));
  Retire(pool, node);
  return copy;
}

TreeRef PostingTree::RefOf(Node* node) {
  TreeRef ref = {};
  ref.child = node;
  ref.key = node->refs()[0].key;
  ClearAsks(ref);
  for (uint32_t i = 0; i < node->count; ++i) Widen(ref, node->refs()[i].ask_least, node->refs()[i].ask_most);
  return ref;
}

uint32_t PostingTree::Find(const Node& node, uint64_t key) {
  const TreeRef* end = node.refs() + node.count;
  const TreeRef* after =
      std::upper_bound(node.refs() + 1, end, key, [](uint64_t k, const TreeRef& ref) { return k < ref.key; });
  return static_cast<uint32_t>(after - node.refs() - 1);
}

void PostingTree::Insert(VersionedPool& pool, const Posting& posting) {
  const uint64_t key = PostingKey(posting);
  if (root_ == nullptr) {
    Batch batch;
    batch.postings[batch.count++] = posting;
    root_ = NewNode(pool, 0, 1);
    root_->refs()[root_->count++] = NewBlock(pool, batch, 0, 1);
    return;
  }
  const TreeRef beside = InsertInto(pool, root_, key, posting);
  if (beside.child == nullptr) return;
  Node* above = NewNode(pool, static_cast<uint8_t>(root_->level + 1), 2);
  above->refs()[0] = RefOf(root_);
  above->refs()[1] = beside;
  above->count = 2;
  root_ = above;
}

TreeRef PostingTree::InsertInto(VersionedPool& pool, Node*& node, uint64_t key, const Posting& posting) {
  node = Writable(pool, node);
  const uint32_t at = Find(*node, key);
  if (node->level == 0) return InsertIntoBlock(pool, node, at, key, posting);
  TreeRef& ref = node->refs()[at];
  auto* child = static_cast<Node*>(ref.child);
  const TreeRef beside = InsertInto(pool, child, key, posting);
  ref = RefOf(child);
  return beside.child == nullptr ? kNone : AddRef(pool, node, at + 1, beside);
}

TreeRef PostingTree::AddRef(VersionedPool& pool, Node* node, uint32_t at, const TreeRef& added) {
  TreeRef* refs = node->refs();
  if (node->count < kMostRefs) {
    std::memmove(refs + at + 1, refs + at, (node->count - at) * sizeof(TreeRef));
    refs[at] = added;
    ++node->count;
    return kNone;
  }
  // What arrives in order fills its nodes; anything else halves them.
  const uint32_t stay = at == node->count ? node->count : node->count / 2;
  Node* beside = NewNode(pool, node->level, kMostRefs);
  beside->count = static_cast<uint8_t>(node->count - stay);
  std::memcpy(beside->refs(), refs + stay, beside->count * sizeof(TreeRef));
  node->count = static_cast<uint8_t>(stay);
  if (at <= stay && stay < kMostRefs) {
    AddRef(pool, node, at, added);
  } else {
    AddRef(pool, beside, at - stay, added);
  }
  return RefOf(beside);
}

TreeRef PostingTree::InsertIntoBlock(VersionedPool& pool, Node* node, uint32_t at, uint64_t key,
                                     const Posting& posting) {
  TreeRef* refs = node->refs();
  TreeRef& ref = refs[at];
  ref.key = std::min(ref.key, key);
  if (ref.count < kMostPostings) {
    MakeWritable(pool, ref, ref.count + 1u);
    WritePosting(static_cast<uint8_t*>(ref.child), ref.capacity, ref.count++, posting);
    Widen(ref, posting.ask_least, posting.ask_most);
    return kNone;
  }
  Batch batch;
  batch.postings[batch.count++] = posting;
  const bool last = at + 1u == node->count;
  if (last) {
    bool after_all = true;
    for (uint32_t i = 0; i < ref.count; ++i) {
      const Posting other = ReadPosting(static_cast<const uint8_t*>(ref.child), ref.capacity, i);
      after_all = after_all && PostingKey(other) < key;
    }
    if (after_all) return AddRef(pool, node, at + 1, NewBlock(pool, batch, 0, 1));
  }
  // A neighbour with room takes some, which keeps blocks fuller than halving alone.
  const auto has_room = [&](uint32_t i) { return i < node->count && refs[i].count <= kMostPostings - 8; };
  const bool share_next = has_room(at + 1), share_last = !share_next && at > 0 && has_room(at - 1);
  const uint32_t first = share_last ? at - 1 : at;
  const uint64_t first_key = refs[first].key;
  batch.Take(refs[first]);
  RetireBlock(pool, refs[first]);
  if (share_next || share_last) {
    batch.Take(refs[first + 1]);
    RetireBlock(pool, refs[first + 1]);
  }
  batch.Sort();
  refs[first] = NewBlock(pool, batch, 0, batch.count / 2);
  refs[first].key = first_key;
  const TreeRef second = NewBlock(pool, batch, batch.count / 2, batch.count);
  if (!share_next && !share_last) return AddRef(pool, node, at + 1, second);
  refs[first + 1] = second;
  return kNone;
}

void PostingTree::Remove(VersionedPool& pool, uint64_t key) {
  RemoveFrom(pool, root_, key);
  while (root_ != nullptr && root_->level > 0 && root_->count == 1) {
    Node* only = static_cast<Node*>(root_->refs()[0].child);
    Retire(pool, root_);
    root_ = only;
  }
}

void PostingTree::RemoveFrom(VersionedPool& pool, Node*& node, uint64_t key) {
  node = Writable(pool, node);
  TreeRef* refs = node->refs();
  const uint32_t at = Find(*node, key);
  TreeRef& ref = refs[at];
  uint32_t gone = node->count;  // the reference that is no longer needed
  if (node->level > 0) {
    auto* child = static_cast<Node*>(ref.child);
    RemoveFrom(pool, child, key);
    if (child == nullptr) {
      gone = at;
    } else {
      const uint64_t least = ref.key;
      ref = RefOf(child);
      ref.key = least;
    }
  } else {
    const auto slot = static_cast<uint32_t>(key);
    uint32_t lane = 0;
    while (ReadPart<uint32_t>(static_cast<const uint8_t*>(ref.child), ref.capacity, kSlotPart, lane) != slot) ++lane;
    const uint32_t left = ref.count - 1u;
    if (left == 0) {
      RetireBlock(pool, ref);
      gone = at;
    } else {
      MakeWritable(pool, ref, ref.count);
      auto* block = static_cast<uint8_t*>(ref.child);
      WritePosting(block, ref.capacity, lane, ReadPosting(block, ref.capacity, left));
      ref.count = static_cast<uint8_t>(left);
      FindAsks(ref);
      const uint32_t first = at + 1u < node->count ? at : at - 1;  // of a pair of neighbours; past the end: none
      if (node->count > 1 && left <= 16 && refs[first].count + refs[first + 1].count <= 48) {
        Batch batch;
        batch.Take(refs[first]);
        batch.Take(refs[first + 1]);
        batch.Sort();
        RetireBlock(pool, refs[first]);
        RetireBlock(pool, refs[first + 1]);
        const uint64_t least = refs[first].key;
        refs[first] = NewBlock(pool, batch, 0, batch.count);
        refs[first].key = least;
        gone = first + 1;
      }
    }
  }
  if (gone == node->count) return;
  std::memmove(refs + gone, refs + gone + 1, (node->count - gone - 1) * sizeof(TreeRef));
  if (--node->count == 0) {
    Retire(pool, node);
    node = nullptr;
  }
}

void PostingTree::Blocks(int16_t ask_low, int16_t ask_high, std::vector<TreeRef>& blocks) const {
  if (root_ != nullptr) Collect(*root_, ask_low, ask_high, blocks);
}

void PostingTree::Collect(const Node& node, int16_t ask_low, int16_t ask_high, std::vector<TreeRef>& blocks) {
  const auto meets = [&](const TreeRef& ref) { return ref.ask_least <= ask_high && ref.ask_most >= ask_low; };
  for (uint32_t i = 0; i < node.count; ++i) {
    const TreeRef& ref = node.refs()[i];
    if (!meets(ref)) continue;
    if (node.level == 0) {
      blocks.push_back(ref);
    } else {
      // The next node comes from memory while this one is read.
      if (i + 1u < node.count && meets(node.refs()[i + 1])) PrefetchNode(node.refs()[i + 1].child);
      Collect(*static_cast<const Node*>(ref.child), ask_low, ask_high, blocks);
    }
  }
}

}  // namespace tandem::pairing::matching
