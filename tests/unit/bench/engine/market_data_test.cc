#include "tests/bench/engine/market_data.h"

#include "gtest/gtest.h"

namespace tandem::bench {
namespace {

TEST(NameOrder, FollowsTheNamesAndNotTheSlots) {
  const NameOrder order({"b", "c", "a"});
  EXPECT_TRUE(order.Before(2, 0));
  EXPECT_TRUE(order.Before(0, 1));
  EXPECT_FALSE(order.Before(1, 2));
  for (uint32_t slot = 0; slot < 3; ++slot) EXPECT_EQ(order.slot(order.place(slot)), slot);
  EXPECT_EQ(order.place(2), 0u);
}

}  // namespace
}  // namespace tandem::bench
