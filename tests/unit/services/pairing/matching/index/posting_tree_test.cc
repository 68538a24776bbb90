#include "services/pairing/matching/index/posting_tree.h"

#include <algorithm>
#include <set>
#include <utility>
#include <vector>

#include "gtest/gtest.h"

#include "tests/differential/random_market.h"

namespace tandem::pairing::matching {
namespace {

using Keys = std::set<std::pair<int16_t, uint32_t>>;  // ask, slot

Posting PostingOf(int16_t ask, uint32_t slot) {
  Posting posting;
  posting.ask_least = ask;
  posting.ask_most = static_cast<int16_t>(ask + static_cast<int>(slot % 3) * 5);  // an amount or a range
  posting.slot = slot;
  return posting;
}

Keys KeysOf(const PostingTree& tree, int16_t low, int16_t high, size_t* blocks = nullptr) {
  std::vector<TreeRef> refs;
  PostingTree::Wanted wanted = {low, high, {}};
  for (uint16_t code = 0; code < 256; ++code) wanted.next_code[code] = code;
  tree.Blocks(wanted, refs);
  Keys keys;
  for (const TreeRef& ref : refs) {
    int16_t last_least = INT16_MIN, first_most = INT16_MAX;
    for (uint32_t i = 0; i < ref.count; ++i) {
      const Posting posting = ReadPosting(static_cast<const uint8_t*>(ref.child), ref.capacity, i);
      EXPECT_TRUE(keys.emplace(posting.ask_least, posting.slot).second);
      last_least = std::max(last_least, posting.ask_least);
      first_most = std::min(first_most, posting.ask_most);
    }
    EXPECT_EQ(ref.last_least, last_least);
    EXPECT_EQ(ref.first_most, first_most);
  }
  if (blocks != nullptr) *blocks = refs.size();
  return keys;
}

TEST(PostingTree, RandomChangesKeepTheSetAndOldVersions) {
  for (const uint32_t asks : {1u, 5u, 20'000u}) {
    VersionedPool pool;
    PostingTree tree, old;
    Keys expected, old_expected;
    Random random(asks);
    for (int step = 0; step < 30'000; ++step) {
      const bool grow = (step / 7000) % 2 == 0;
      const uint32_t slot = random.Below(1'000'000);  // once in a cell
      const auto ask = static_cast<int16_t>(slot * 7919 % asks);
      if (random.Chance(grow ? 80 : 15)) {
        const std::pair<int16_t, uint32_t> key(ask, slot);
        if (expected.insert(key).second) tree.Insert(pool, PostingOf(key.first, key.second));
      } else if (!expected.empty()) {
        auto it = expected.lower_bound({ask, slot});
        if (it == expected.end()) it = expected.begin();
        tree.Remove(pool, PostingKey(PostingOf(it->first, it->second)));
        expected.erase(it);
      }
      if (step % 3000 == 0) {
        ASSERT_EQ(KeysOf(old, INT16_MIN, INT16_MAX), old_expected);
        old = tree;
        old_expected = expected;
        pool.Seal();
        ASSERT_EQ(KeysOf(tree, INT16_MIN, INT16_MAX), expected) << step;
      }
    }
    while (!expected.empty()) {
      tree.Remove(pool, PostingKey(PostingOf(expected.begin()->first, expected.begin()->second)));
      expected.erase(expected.begin());
    }
    EXPECT_TRUE(tree.empty());
    EXPECT_EQ(KeysOf(old, INT16_MIN, INT16_MAX), old_expected);
  }
}

TEST(PostingTree, ATicketSkipsBlocksOutOfItsRange) {
  VersionedPool pool;
  PostingTree tree;
  for (uint32_t slot = 0; slot < 19'200; slot += 3) tree.Insert(pool, PostingOf(static_cast<int16_t>(slot), slot));
  size_t all = 0, some = 0;
  KeysOf(tree, INT16_MIN, INT16_MAX, &all);
  EXPECT_EQ(all, 100u) << "what arrives in order fills its blocks";
  const Keys keys = KeysOf(tree, 3000, 3300, &some);
  for (int16_t ask = 3000; ask <= 3300; ask += 3) EXPECT_TRUE(keys.count({ask, static_cast<uint32_t>(ask)}));
  EXPECT_LE(some, 3u);
}

TEST(PostingTree, AFormSkipsBlocksOfCodesThatItRefuses) {
  VersionedPool pool;
  PostingTree tree;
  Random random(4);
  for (uint32_t slot = 0; slot < 10'000; ++slot) {
    Posting posting = PostingOf(7, slot);
    posting.codes[kSortedColumn] = static_cast<uint8_t>(random.Chance(50) ? 1 : 3 + random.Below(200));
    tree.Insert(pool, posting);
    if (random.Chance(30)) tree.Remove(pool, PostingKey(posting));
  }
  PostingTree::Wanted wanted = {INT16_MIN, INT16_MAX, {}};
  for (uint16_t code = 0; code < 256; ++code) wanted.next_code[code] = code;
  std::vector<TreeRef> all, some, none;
  tree.Blocks(wanted, all);
  size_t with_one = 0;
  for (const TreeRef& ref : all) {
    bool has = false;
    for (uint32_t i = 0; i < ref.count; ++i) {
      const uint8_t code = ReadPart<uint8_t>(ref.block(), ref.capacity, BlockPart(kCodesPart + kSortedColumn), i);
      EXPECT_TRUE(ref.code_least <= code && code <= ref.code_most);
      has = has || code == 1;
    }
    with_one += has;
  }
  for (uint16_t code = 0; code < 256; ++code) wanted.next_code[code] = code <= 1 ? 1 : 256;
  tree.Blocks(wanted, some);
  EXPECT_EQ(some.size(), with_one);
  EXPECT_LT(some.size(), all.size() * 2 / 3);
  wanted.next_code.fill(256);
  tree.Blocks(wanted, none);
  EXPECT_TRUE(none.empty());
}

TEST(PostingTree, RandomArrivalAndChangesKeepBlocksFull) {
  VersionedPool pool;
  PostingTree tree;
  Random random(3);
  std::vector<Posting> inside;
  for (uint32_t slot = 0; slot < 50'000; ++slot) {
    inside.push_back(PostingOf(static_cast<int16_t>(random.Below(30'000)), slot));
    tree.Insert(pool, inside.back());
  }
  const auto expect_blocks = [&](double fill) {
    size_t blocks = 0;
    EXPECT_EQ(KeysOf(tree, INT16_MIN, INT16_MAX, &blocks).size(), 50'000u);
    EXPECT_LE(static_cast<double>(blocks), 50'000 / (fill * kMostPostings) + 1) << fill;
  };
  expect_blocks(0.88);
  std::vector<Posting> all;
  tree.TakeAll(pool, &all);
  EXPECT_TRUE(tree.empty());
  EXPECT_TRUE(std::is_sorted(all.begin(), all.end(),
                             [](const Posting& a, const Posting& b) { return PostingKey(a) < PostingKey(b); }));
  tree.Fill(pool, all.data(), all.size());
  expect_blocks(1);
  for (uint32_t slot = 50'000; slot < 150'000; ++slot) {
    Posting& one = inside[random.Below(50'000)];
    tree.Remove(pool, PostingKey(one));
    one = PostingOf(static_cast<int16_t>(random.Below(30'000)), slot);
    tree.Insert(pool, one);
  }
  expect_blocks(0.88);
}

TEST(PostingTree, PackingKeepsEveryPostingAndOldVersions) {
  for (const uint32_t count : {0u, 1u, 64u, 65u, 2'048u, 2'049u, 140'000u}) {
    VersionedPool pool;
    PostingTree tree;
    for (uint32_t slot = 0; slot < count; ++slot)
      tree.Insert(pool, PostingOf(static_cast<int16_t>(slot * 7919 % 1000), slot));
    const PostingTree old = tree;
    const Keys keys = KeysOf(old, INT16_MIN, INT16_MAX);
    pool.Seal();
    std::vector<Posting> all;
    tree.TakeAll(pool, &all);
    pool.SortFree();
    tree.Fill(pool, all.data(), all.size());
    EXPECT_EQ(KeysOf(tree, INT16_MIN, INT16_MAX), keys);
    for (const Posting& posting : all) tree.Remove(pool, PostingKey(posting));
    EXPECT_TRUE(tree.empty());
    EXPECT_EQ(KeysOf(old, INT16_MIN, INT16_MAX), keys);
  }
}

}  // namespace
}  // namespace tandem::pairing::matching
