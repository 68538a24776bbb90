#include "services/pairing/matching/index/score_floor.h"

#include "gtest/gtest.h"

namespace tandem::pairing::matching {
namespace {

TEST(ScoreFloor, IsTheKthBest) {
  ScoreFloor floor;
  floor.Reset(2);
  floor.Offer(5);
  EXPECT_EQ(floor.Floor(), INT64_MIN);
  floor.Offer(9);
  EXPECT_EQ(floor.Floor(), 5);
  floor.Offer(7);
  EXPECT_EQ(floor.Floor(), 7);
  floor.Offer(1);
  EXPECT_EQ(floor.Floor(), 7);
}

TEST(ScoreFloor, OfNoneNothingEnters) {
  ScoreFloor floor;
  floor.Reset(0);
  floor.Offer(5);
  EXPECT_EQ(floor.Floor(), INT64_MAX);
}

}  // namespace
}  // namespace tandem::pairing::matching
