#include "services/pairing/meetings/scheduling/slot_matching.h"

#include <iostream>
#include <vector>

#include "gtest/gtest.h"

#include "services/pairing/meetings/scheduling/board.h"
#include "services/pairing/meetings/scheduling/first_fit.h"
#include "services/pairing/meetings/scheduling/selection_flow.h"
#include "tests/unit/services/pairing/meetings/scheduling/random_problem.h"

namespace tandem::pairing::scheduling {
namespace {

TEST(SlotMatchingTest, OneSlotMadeAnewIsTheBestThatItCanBe) {
  constexpr uint64_t kSeed = 41;
  std::cout << "seed " << kSeed << "\n";
  Random random(kSeed);
  for (int round = 0; round < 200; ++round) {
    Shape shape;
    shape.slots = 1;
    shape.projects = shape.investors = 5;
    shape.wishes = 9;
    shape.tables = 4;
    shape.available = 0.9;
    const Problem problem = RandomProblem(shape, &random);
    Board board(problem);
    if (round % 2 == 0) FirstFit(&board);
    const Best before = Judge(problem, board.ToSchedule());
    const std::vector<uint8_t> sides = FindSides(problem);
    std::vector<int32_t> all;
    for (size_t i = 0; i < problem.wishes.size(); ++i) all.push_back(static_cast<int32_t>(i));
    std::vector<int64_t> prices;
    const bool better = RematchSlot(0, all, sides, SeatBonus(problem), &prices, &board);
    const Best after = Judge(problem, board.ToSchedule());
    EXPECT_EQ(Broken(problem, board.ToSchedule()), "");
    EXPECT_EQ(after, TryEverything(problem)) << "round " << round;
    EXPECT_EQ(better, !(after == before));
  }
}

}  // namespace
}  // namespace tandem::pairing::scheduling
