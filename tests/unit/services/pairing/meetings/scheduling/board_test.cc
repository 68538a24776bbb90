#include "services/pairing/meetings/scheduling/board.h"

#include <iostream>

#include "gtest/gtest.h"

#include "services/pairing/meetings/scheduling/first_fit.h"
#include "services/pairing/meetings/scheduling/verify.h"
#include "tests/unit/services/pairing/meetings/scheduling/random_problem.h"

namespace tandem::pairing::scheduling {
namespace {

Shape Everything() {
  Shape shape;
  shape.slots = 6;
  shape.days = shape.pools = 2;
  shape.projects = shape.investors = 5;
  shape.wishes = 25;
  shape.own_slots = shape.own_pools = shape.day_limits = shape.travel = shape.interpreters = shape.order =
      shape.locked = true;
  return shape;
}

TEST(BoardTest, AllowsExactlyWhatBreaksNoRule) {
  constexpr uint64_t kSeed = 7;
  std::cout << "seed " << kSeed << "\n";
  Random random(kSeed);
  Shape shape = Everything();
  for (int round = 0; round < 300; ++round) {
    shape.overlaps = round % 2 == 0;
    shape.two_sided = round % 3 != 0;
    const Problem problem = RandomProblem(shape, &random);
    ASSERT_TRUE(Validate(problem).ok());
    Board board(problem);
    for (int step = 0; step < 100 && !problem.wishes.empty(); ++step) {
      const int32_t wish = static_cast<int32_t>(Draw(0, static_cast<int64_t>(problem.wishes.size()) - 1, &random));
      const int32_t slot = static_cast<int32_t>(Draw(0, 5, &random));
      if (board.placed(wish)) {
        if (board.movable(wish)) board.Remove(wish);
        continue;
      }
      bool possible = false;
      for (int32_t pool = 0; pool < 2; ++pool) {
        Schedule with = board.ToSchedule();
        with.placements[static_cast<size_t>(wish)] = {slot, pool};
        possible = possible || Broken(problem, with).empty();
      }
      ASSERT_EQ(board.TryPlace(wish, slot), possible) << "round " << round << " step " << step;
      ASSERT_EQ(Broken(problem, board.ToSchedule()), "");
      ASSERT_TRUE(Verify(problem, board.ToSchedule()).empty());
      ASSERT_EQ((Best{board.seated(), board.value()}), Judge(problem, board.ToSchedule()));
    }
  }
}

TEST(FirstFitTest, PlacesAllThatFitsByValueAndBreaksNothing) {
  constexpr uint64_t kSeed = 8;
  std::cout << "seed " << kSeed << "\n";
  Random random(kSeed);
  for (int round = 0; round < 200; ++round) {
    const Problem problem = RandomProblem(Everything(), &random);
    Board board(problem);
    FirstFit(&board);
    EXPECT_EQ(Broken(problem, board.ToSchedule()), "");
    for (const int32_t wish : OpenWishesByValue(board)) EXPECT_FALSE(PlaceFirst(wish, &board));
  }
}

}  // namespace
}  // namespace tandem::pairing::scheduling
