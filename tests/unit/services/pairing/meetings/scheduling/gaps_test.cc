#include "services/pairing/meetings/scheduling/gaps.h"

#include <iostream>

#include "gtest/gtest.h"

#include "services/pairing/meetings/scheduling/first_fit.h"
#include "services/pairing/meetings/scheduling/verify.h"
#include "tests/unit/services/pairing/meetings/scheduling/random_problem.h"

namespace tandem::pairing::scheduling {
namespace {

// Person 0 meets 1, 2, ... in the slots given.
int32_t GapsOf(const std::vector<int32_t>& slots, const SlotSet& available) {
  Problem problem;
  problem.slots = SlotsOf(6, 2);
  problem.pools = {{kNone, {9, 9, 9, 9, 9, 9}}};
  problem.people.resize(slots.size() + 1);
  for (Person& person : problem.people) person.available = SlotSet::First(6);
  problem.people[0].available = available;
  for (size_t i = 0; i < slots.size(); ++i) problem.wishes.push_back({0, static_cast<int32_t>(i) + 1, 1});
  Board board(problem);
  for (size_t i = 0; i < slots.size(); ++i) EXPECT_TRUE(board.TryPlace(static_cast<int32_t>(i), slots[i]));
  EXPECT_EQ(CountGaps(board).gaps, CountGaps(board, 0));
  return CountGaps(board, 0);
}

TEST(GapsTest, AGapIsAWaitBetweenTwoMeetingsOfADay) {
  const SlotSet all = SlotSet::First(6);
  EXPECT_EQ(GapsOf({}, all), 0);
  EXPECT_EQ(GapsOf({1}, all), 0);
  EXPECT_EQ(GapsOf({0, 1, 2}, all), 0);
  EXPECT_EQ(GapsOf({0, 2}, all), 1);
  EXPECT_EQ(GapsOf({1, 4}, all), 0);  // another day
  EXPECT_EQ(GapsOf({0, 2, 3, 5}, all), 2);
  SlotSet but_one = all;
  but_one.Remove(1);
  EXPECT_EQ(GapsOf({0, 2}, but_one), 0);  // not waiting, but away
}

TEST(GapsTest, ClosingGapsKeepsTheMeetingsAndTheRules) {
  constexpr uint64_t kSeed = 21;
  std::cout << "seed " << kSeed << "\n";
  Random random(kSeed);
  int32_t before = 0;
  int32_t after = 0;
  for (int round = 0; round < 50; ++round) {
    Shape shape;
    shape.slots = 12;
    shape.days = 2;
    shape.projects = 20;
    shape.investors = 8;
    shape.wishes = 70;
    shape.tables = 6;
    shape.available = 0.9;
    shape.locked = true;
    shape.two_sided = round % 3 != 0;
    shape.day_limits = round % 4 == 0;
    if (round % 5 == 0) {
      shape.pools = 2;
      shape.travel = shape.own_pools = shape.order = shape.interpreters = shape.overlaps = true;
    }
    const Problem problem = RandomProblem(shape, &random);
    Board board(problem);
    FirstFit(&board);
    const Schedule was = board.ToSchedule();
    const int32_t gaps = CountGaps(board).gaps;
    GapCloser(&board).Close(0, board.people(), round % 2 == 0);
    EXPECT_EQ(Broken(problem, board.ToSchedule()), "");
    for (size_t i = 0; i < was.placements.size(); ++i) {
      EXPECT_EQ(was.placements[i].placed(), board.placed(static_cast<int32_t>(i)));
    }
    before += gaps;
    after += CountGaps(board).gaps;
  }
  std::cout << "gaps " << before << " -> " << after << "\n";
  EXPECT_LT(after, before / 2);
}

}  // namespace
}  // namespace tandem::pairing::scheduling
