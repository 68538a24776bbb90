// A growing array of pointers of which every version is kept apart: a change copies one short path.
//
// Value type: copying it makes a second name for the same version. Thread safety: as VersionedPool.
#ifndef TANDEM_SERVICES_PAIRING_MATCHING_INDEX_RADIX_ARRAY_H_
#define TANDEM_SERVICES_PAIRING_MATCHING_INDEX_RADIX_ARRAY_H_

#include <cstdint>
#include <cstring>

#include "services/pairing/matching/index/versioned_pool.h"

namespace tandem::pairing::matching {

class RadixArray {
 public:
  // Null where nothing was set.
  void* Get(uint32_t index) const {
    if (root_ == nullptr || (uint64_t{index} >> (kBits * (height_ + 1))) != 0) return nullptr;
    const Node* node = root_;
    for (uint32_t level = height_; level > 0; --level) {
      node = static_cast<const Node*>(node->child[Digit(index, level)]);
      if (node == nullptr) return nullptr;
    }
    return node->child[Digit(index, 0)];
  }

  void Set(VersionedPool& pool, uint32_t index, void* value) {
    if (root_ == nullptr) root_ = NewNode(pool);
    while ((uint64_t{index} >> (kBits * (height_ + 1))) != 0) {
      Node* above = NewNode(pool);
      above->child[0] = root_;
      root_ = above;
      ++height_;
    }
    root_ = Writable(pool, root_);
    Node* node = root_;
    for (uint32_t level = height_; level > 0; --level) {
      void*& child = node->child[Digit(index, level)];
      child = child == nullptr ? NewNode(pool) : Writable(pool, static_cast<Node*>(child));
      node = static_cast<Node*>(child);
    }
    node->child[Digit(index, 0)] = value;
  }

 private:
  static constexpr uint32_t kBits = 6;
  struct Node {
    uint32_t born;
    void* child[1 << kBits];
  };

  static uint32_t Digit(uint32_t index, uint32_t level) { return (index >> (kBits * level)) & ((1u << kBits) - 1); }

  static Node* NewNode(VersionedPool& pool) {
    auto* node = static_cast<Node*>(pool.Allocate(sizeof(Node), VersionedPool::kDirectory));
    std::memset(node, 0, sizeof(Node));
    node->born = pool.version();
    return node;
  }

  static Node* Writable(VersionedPool& pool, Node* node) {
    if (node->born == pool.version()) return node;
    auto* copy = static_cast<Node*>(pool.Allocate(sizeof(Node), VersionedPool::kDirectory));
    std::memcpy(copy, node, sizeof(Node));
    copy->born = pool.version();
    pool.Retire(node, sizeof(Node), VersionedPool::kDirectory, node->born);
    return copy;
  }

  Node* root_ = nullptr;
  uint32_t height_ = 0;
};

}  // namespace tandem::pairing::matching

#endif  // TANDEM_SERVICES_PAIRING_MATCHING_INDEX_RADIX_ARRAY_H_
