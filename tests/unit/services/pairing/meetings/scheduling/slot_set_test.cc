#include "services/pairing/meetings/scheduling/slot_set.h"

#include <algorithm>
#include <iterator>
#include <random>
#include <set>

#include "gtest/gtest.h"

namespace tandem::pairing::scheduling {
namespace {

constexpr size_t kSlots = 200;

std::set<size_t> SlotsOf(const SlotSet& set) {
  std::set<size_t> slots;
  for (size_t slot = 0; slot < kSlots; ++slot) {
    if (set.Has(slot)) slots.insert(slot);
  }
  return slots;
}

TEST(SlotSetTest, BothEitherAndSameAreThoseOfSets) {
  const uint32_t seed = std::random_device{}();
  SCOPED_TRACE(testing::Message() << "seed " << seed);
  std::mt19937 random(seed);
  int same = 0, empty = 0;
  for (int round = 0; round < 2000; ++round) {
    // Often of other lengths, often without any slot; a removed slot leaves its word.
    SlotSet a, b;
    for (SlotSet* set : {&a, &b}) {
      const size_t most = 1 + random() % kSlots;
      for (size_t left = random() % 4; left > 0; --left) set->Add(random() % most);
      if (random() % 2 == 0) set->Remove(random() % most);
    }
    if (random() % 4 == 0) b = a;
    if (random() % 4 == 0) {
      b.Add(kSlots - 1);
      b.Remove(kSlots - 1);
    }
    const std::set<size_t> in_a = SlotsOf(a), in_b = SlotsOf(b);
    std::set<size_t> both, either;
    std::set_intersection(in_a.begin(), in_a.end(), in_b.begin(), in_b.end(), std::inserter(both, both.end()));
    std::set_union(in_a.begin(), in_a.end(), in_b.begin(), in_b.end(), std::inserter(either, either.end()));
    EXPECT_EQ(SlotsOf(a & b), both);
    EXPECT_EQ(SlotsOf(a | b), either);
    EXPECT_EQ(a == b, in_a == in_b);
    EXPECT_EQ(a.empty(), in_a.empty());
    same += in_a == in_b ? 1 : 0;
    empty += in_a.empty() ? 1 : 0;
  }
  EXPECT_GT(same, 0);
  EXPECT_GT(empty, 0);
}

}  // namespace
}  // namespace tandem::pairing::scheduling
