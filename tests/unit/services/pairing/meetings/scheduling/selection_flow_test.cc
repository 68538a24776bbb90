#include "services/pairing/meetings/scheduling/selection_flow.h"

#include <iostream>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "services/pairing/meetings/scheduling/board.h"
#include "services/pairing/meetings/scheduling/colouring.h"
#include "services/pairing/meetings/scheduling/seating.h"
#include "tests/unit/services/pairing/meetings/scheduling/random_problem.h"

namespace tandem::pairing::scheduling {
namespace {

using ::testing::IsEmpty;

TEST(SelectionFlowTest, SidesAreFoundUnlessThereIsAnOddCircle) {
  Problem problem;
  problem.people.resize(5);
  problem.wishes = {{1, 0, 1}, {1, 2, 1}, {3, 2, 1}};
  const std::vector<uint8_t> sides = FindSides(problem);
  ASSERT_EQ(sides.size(), 5u);
  for (const Wish& wish : problem.wishes)
    EXPECT_NE(sides[static_cast<size_t>(wish.first)], sides[static_cast<size_t>(wish.second)]);
  problem.wishes.push_back({0, 2, 1});
  EXPECT_THAT(FindSides(problem), IsEmpty());
}

TEST(SelectionFlowTest, BoundsHoldForWhateverCanBeAndAColouringReachesThemWhenAllAreThere) {
  constexpr uint64_t kSeed = 51;
  std::cout << "seed " << kSeed << "\n";
  Random random(kSeed);
  for (int round = 0; round < 200; ++round) {
    Shape shape;
    shape.slots = 3;
    shape.available = round % 2 == 0 ? 1 : 0.7;
    shape.two_sided = round % 4 < 2;
    shape.locked = round % 3 == 0;
    Problem problem = RandomProblem(shape, &random);
    if (round % 2 == 0) problem.pools[0].capacity.assign(3, static_cast<int32_t>(Draw(1, 3, &random)));
    const std::vector<uint8_t> sides = shape.two_sided ? FindSides(problem) : std::vector<uint8_t>();
    Board board(problem);
    const Best best = TryEverything(problem);
    const Selection people_first = SelectWishes(board, sides, SeatBonus(problem));
    ASSERT_GE(people_first.most_seated, best.seated) << "round " << round;
    if (people_first.most_seated == best.seated) {
      ASSERT_GE(people_first.most_value, best.value) << "round " << round;
    }
    const Selection value_first = SelectWishes(board, sides, 0);
    ASSERT_GE(value_first.most_value, best.value);
    ASSERT_GE(value_first.most_value, people_first.most_value);
    for (const int32_t wish : people_first.chosen) ASSERT_LE(people_first.loss[static_cast<size_t>(wish)], 0);

    ColourSelection(people_first.chosen, &board);
    EXPECT_EQ(Broken(problem, board.ToSchedule()), "");
    if (round % 2 != 0 || !shape.two_sided || shape.locked) continue;
    ASSERT_EQ(Judge(problem, board.ToSchedule()), (Best{people_first.most_seated, people_first.most_value}))
        << "round " << round;
  }
}

TEST(SeatingTest, OthersGiveWayAsLongAsTheyStaySeated) {
  Problem problem;
  problem.slots = SlotsOf(2, 1);
  problem.pools = {{kNone, {1, 1}}};
  problem.people.resize(5);
  for (Person& person : problem.people) person.available = SlotSet::First(2);
  problem.people[4].available.Remove(1);
  // 0 meets 1 and 2; 3 would meet 0, and only in a place that one of the others leaves.
  problem.wishes = {{0, 1, 9}, {0, 2, 9}, {3, 0, 1}, {3, 1, 1}, {4, 3, 1}};
  Board board(problem);
  ASSERT_TRUE(board.TryPlace(0, 0));
  ASSERT_TRUE(board.TryPlace(1, 1));
  EXPECT_EQ(board.seated(), 3);
  EXPECT_EQ(Seating(&board).SeatMore(5), 1);  // 3 with 1 where 0 and 1 were, or with 4 where both were
  EXPECT_EQ(Broken(problem, board.ToSchedule()), "");
  EXPECT_GE(board.seated(), 4);
}

}  // namespace
}  // namespace tandem::pairing::scheduling
