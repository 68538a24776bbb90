#include "services/pairing/meetings/breaks/bounds_board.h"

#include <gtest/gtest.h>

namespace tandem::breaks {
namespace {

TEST(BoundsBoardTest, KeepsTheBestScheduleAndTheHighestProof) {
  BoundsBoard board;
  EXPECT_FALSE(board.Get().settled());
  board.OfferSchedule({1}, 5);
  board.OfferSchedule({2}, 7);
  board.OfferSchedule({3}, 5);
  board.ProveAtLeast(4);
  board.ProveAtLeast(2);
  EXPECT_EQ(board.Best(), Schedule{1});
  EXPECT_EQ(board.Get().upper, 5);
  EXPECT_EQ(board.Get().lower, 4);
  EXPECT_FALSE(board.Get().settled());
  board.OfferSchedule({4}, 4);
  EXPECT_TRUE(board.Get().settled());
}

TEST(BoundsBoardTest, IsSettledOnceThereIsProvedToBeNoSchedule) {
  BoundsBoard board;
  board.ProveInfeasible();
  EXPECT_TRUE(board.Get().settled());
  EXPECT_TRUE(board.Best().empty());
}

}  // namespace
}  // namespace tandem::breaks
