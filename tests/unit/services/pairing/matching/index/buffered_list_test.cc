#include "services/pairing/matching/index/buffered_list.h"

#include <array>
#include <cstdint>

#include "gtest/gtest.h"

namespace tandem::pairing::matching {
namespace {

class BySlot final : public SlotOrder {
 public:
  bool Before(uint32_t a, uint32_t b) const override { return a < b; }
};

TEST(BufferedList, TakesEverythingUntilItIsFull) {
  const BySlot order;
  std::array<uint32_t, 64> memory;
  BufferedList list(memory.data(), 3);
  list.Assign({}, 3);
  EXPECT_EQ(list.Insert({5, 10}, 3, order), 0u);
  EXPECT_EQ(list.Insert({4, 10}, 3, order), 0u);  // equal scores by name
  EXPECT_FALSE(list.floor().has_value());
  EXPECT_EQ(list.Insert({9, 3}, 3, order), 2u);
  EXPECT_EQ(list.floor(), (Scored{9, 3}));
  EXPECT_EQ(list.Insert({10, 3}, 3, order), BufferedList::kNone);
  EXPECT_EQ(list.Insert({8, 3}, 3, order), 2u);
  EXPECT_EQ(list.floor(), (Scored{8, 3}));
  EXPECT_EQ(list.Find(9), BufferedList::kNone);
}

TEST(BufferedList, KeepsItsFloorWhenPlacesAreLost) {
  const BySlot order;
  std::array<uint32_t, 64> memory;
  BufferedList list(memory.data(), 3);
  list.Assign({{1, 9}, {2, 8}, {3, 7}}, 3);
  list.Erase(list.Find(3));
  // What was left out ranks behind (3, 7), so only what does not may enter.
  EXPECT_EQ(list.Insert({4, 7}, 3, order), BufferedList::kNone);
  EXPECT_EQ(list.Insert({3, 7}, 3, order), 2u);
  EXPECT_EQ(list.size(), 3u);
  EXPECT_EQ(list.at(2), (Scored{3, 7}));
}

TEST(BufferedList, AListThatIsNotFullHoldsAll) {
  const BySlot order;
  std::array<uint32_t, 64> memory;
  BufferedList list(memory.data(), 3);
  list.Assign({{1, 9}}, 3);
  EXPECT_EQ(list.Insert({2, -1000}, 3, order), 1u);
}

}  // namespace
}  // namespace tandem::pairing::matching
