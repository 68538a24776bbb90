#include "services/pairing/matching/index/posting_tree.h"

#include <algorithm>
#include <utility>

namespace tandem::pairing::matching {
namespace {

constexpr TreeRef kNone = {};
// How far a posting may push others on: a block further on costs less than a microsecond, and a block that is split
// costs every query.
constexpr uint32_t kMostMoves = 4;
// Postings of a block after Repack, at most: with less room, the next ones would split it again.
constexpr uint32_t kPacked = 62;

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
  ClearBounds(ref);
  for (uint32_t i = 0; i < node->count; ++i) WidenBounds(ref, node->refs()[i]);
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
    root_ = NewNode(pool, 0, 1);
    root_->refs()[root_->count++] = NewBlock(pool, &posting, 1);
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
  TreeRef& ref = node->refs()[at];
  ref.key = std::min(ref.key, key);
  if (ref.count < kMostPostings) {
    AddPosting(pool, ref, posting);
    return kNone;
  }
  if (InsertByMoving(pool, node, at, key, posting)) return kNone;
  if (at + 1u == node->count && LastOf(ref).key < key) return AddRef(pool, node, at + 1, NewBlock(pool, &posting, 1));
  std::vector<Posting> postings;
  TakePostings(ref, &postings);
  const auto place = std::lower_bound(postings.begin(), postings.end(), key,
                                      [](const Posting& other, uint64_t k) { return PostingKey(other) < k; });
  postings.insert(place, posting);
  RetireBlock(pool, ref);
  const auto half = static_cast<uint32_t>(postings.size() / 2);
  const uint64_t least = ref.key;
  ref = NewBlock(pool, postings.data(), half);
  ref.key = least;
  return AddRef(pool, node, at + 1, NewBlock(pool, &postings[half], static_cast<uint32_t>(postings.size()) - half));
}

bool PostingTree::InsertByMoving(VersionedPool& pool, Node* node, uint32_t at, uint64_t key, const Posting& posting) {
  TreeRef* refs = node->refs();
  const auto has_room = [&](uint32_t i) { return i < node->count && refs[i].count < kMostPostings; };
  const auto move = [&](TreeRef& from, const BlockEnd& end, TreeRef& to) {
    AddPosting(pool, to, ReadPosting(from.block(), from.capacity, end.lane));
    RemovePosting(pool, from, end.lane);
  };
  uint32_t far = 1;
  while (far <= kMostMoves && !has_room(at + far) && !has_room(at - far)) ++far;  // before the start: none
  if (far > kMostMoves) return false;
  if (has_room(at + far)) {
    for (uint32_t to = at + far; to > at; --to) {
      const BlockEnd end = LastOf(refs[to - 1]);
      if (to == at + 1 && key > end.key) {
        refs[to].key = key;
        AddPosting(pool, refs[to], posting);
        return true;
      }
      move(refs[to - 1], end, refs[to]);
      refs[to].key = end.key;
    }
  } else {
    // A block begins right behind what left it.
    for (uint32_t to = at - far; to < at; ++to) {
      const BlockEnd end = FirstOf(refs[to + 1]);
      if (to + 1 == at && key < end.key) {
        refs[at].key = key + 1;
        AddPosting(pool, refs[to], posting);
        return true;
      }
      move(refs[to + 1], end, refs[to]);
      refs[to + 1].key = end.key + 1;
    }
  }
  AddPosting(pool, refs[at], posting);
  return true;
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
    if (ref.count == 1) {
      RetireBlock(pool, ref);
      gone = at;
    } else {
      RemovePosting(pool, ref, lane);
      Repack(pool, node);
      return;
    }
  }
  if (gone == node->count) return;
  std::memmove(refs + gone, refs + gone + 1, (node->count - gone - 1) * sizeof(TreeRef));
  if (--node->count == 0) {
    Retire(pool, node);
    node = nullptr;
  }
}

void PostingTree::Repack(VersionedPool& pool, Node* node) {
  uint32_t count = 0;
  for (uint32_t i = 0; i < node->count; ++i) count += node->refs()[i].count;
  const uint32_t blocks = (count + kPacked - 1) / kPacked;
  if (blocks >= node->count) return;
  std::vector<Posting> postings;
  postings.reserve(count);
  const uint64_t least = node->refs()[0].key;
  for (uint32_t i = 0; i < node->count; ++i) {
    TakePostings(node->refs()[i], &postings);
    RetireBlock(pool, node->refs()[i]);
  }
  for (uint32_t i = 0; i < blocks; ++i) {
    const uint32_t from = count * i / blocks, to = count * (i + 1) / blocks;
    node->refs()[i] = NewBlock(pool, &postings[from], to - from);
  }
  node->refs()[0].key = least;
  node->count = static_cast<uint8_t>(blocks);
}

void PostingTree::TakeNode(VersionedPool& pool, Node* node, std::vector<Posting>* postings) {
  for (uint32_t i = 0; i < node->count; ++i) {
    const TreeRef& ref = node->refs()[i];
    if (node->level > 0) {
      TakeNode(pool, static_cast<Node*>(ref.child), postings);
    } else {
      TakePostings(ref, postings);
      RetireBlock(pool, ref);
    }
  }
  Retire(pool, node);
}

void PostingTree::TakeAll(VersionedPool& pool, std::vector<Posting>* postings) {
  if (root_ != nullptr) TakeNode(pool, root_, postings);
  root_ = nullptr;
}

void PostingTree::Fill(VersionedPool& pool, const Posting* postings, size_t count) {
  std::vector<TreeRef> refs;
  for (size_t from = 0; from < count; from += kMostPostings) {
    refs.push_back(
        NewBlock(pool, postings + from, static_cast<uint32_t>(std::min<size_t>(kMostPostings, count - from))));
  }
  for (uint8_t level = 0; !refs.empty(); ++level) {
    std::vector<TreeRef> above;
    for (size_t from = 0; from < refs.size(); from += kFilledRefs) {
      const auto in_node = static_cast<uint8_t>(std::min<size_t>(kFilledRefs, refs.size() - from));
      root_ = NewNode(pool, level, in_node);
      root_->count = in_node;
      std::memcpy(root_->refs(), &refs[from], in_node * sizeof(TreeRef));
      above.push_back(RefOf(root_));
    }
    if (above.size() == 1) return;
    refs = std::move(above);
  }
}

void PostingTree::Blocks(const Wanted& wanted, std::vector<TreeRef>& blocks) const {
  if (root_ != nullptr) Collect(*root_, wanted, blocks);
}

void PostingTree::Collect(const Node& node, const Wanted& wanted, std::vector<TreeRef>& blocks) {
  for (uint32_t i = 0; i < node.count; ++i) {
    const TreeRef& ref = node.refs()[i];
    if (!wanted.Meets(ref)) continue;
    if (node.level == 0) {
      blocks.push_back(ref);
    } else {
      // The next node comes from memory while this one is read.
      if (i + 1u < node.count && wanted.Meets(node.refs()[i + 1])) PrefetchNode(node.refs()[i + 1].child);
      Collect(*static_cast<const Node*>(ref.child), wanted, blocks);
    }
  }
}

}  // namespace tandem::pairing::matching
