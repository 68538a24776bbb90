#include "services/pairing/meetings/scheduling/reasons.h"

#include "gtest/gtest.h"

#include "services/pairing/meetings/scheduling/board.h"
#include "tests/unit/services/pairing/meetings/scheduling/random_problem.h"

namespace tandem::pairing::scheduling {
namespace {

// Wish 0 (persons 0 and 1) is placed in slot 0, wish 1 is asked for. Two days of one slot each.
struct Case {
  Problem problem;
  Case() {
    problem.slots = SlotsOf(2, 2);
    problem.halls = 2;
    problem.travel_minutes = {0, 20, 20, 0};
    problem.pools = {{0, {2, 2}}};
    problem.people.resize(4);
    for (Person& person : problem.people) person.available = SlotSet::First(2);
    problem.wishes = {{0, 1, 9}, {0, 2, 5}};
  }
  Rule Reason() const {
    EXPECT_TRUE(Validate(problem).ok());
    Board board(problem);
    EXPECT_TRUE(board.TryPlace(0, 0));
    const std::vector<Rule> reasons = ExplainUnplaced(board);
    EXPECT_EQ(reasons[0], Rule::kFits);
    return reasons[1];
  }
};

TEST(ReasonsTest, EveryReasonIsGivenWhereItHolds) {
  Case no_common;
  no_common.problem.people[2].available = SlotSet();
  EXPECT_EQ(no_common.Reason(), Rule::kNoCommonSlot);

  Case limit;
  limit.problem.people[0].most_meetings = 1;
  EXPECT_EQ(limit.Reason(), Rule::kMostMeetings);

  Case full;
  full.problem.people[0].available.Remove(1);
  EXPECT_EQ(full.Reason(), Rule::kCalendarFull);

  Case lost;
  lost.problem.people[2].available.Remove(1);  // and 0 is taken in slot 0
  EXPECT_EQ(lost.Reason(), Rule::kLostToMoreValuable);

  Case day;
  day.problem.slots = SlotsOf(2, 1);
  day.problem.people[0].most_per_day = 1;
  EXPECT_EQ(day.Reason(), Rule::kMostPerDay);

  Case table;
  table.problem.wishes[1] = {2, 3, 5};
  table.problem.pools[0].capacity = {1, 0};
  EXPECT_EQ(table.Reason(), Rule::kNoTable);

  Case interpreter;
  interpreter.problem.interpreters = {{{1, 0}}};
  interpreter.problem.wishes[1].interpreter = 0;
  EXPECT_EQ(interpreter.Reason(), Rule::kNoInterpreter);

  Case travel;
  travel.problem.slots = SlotsOf(2, 1);
  travel.problem.pools = {{0, {2, 0}}, {1, {0, 2}}};
  EXPECT_EQ(travel.Reason(), Rule::kTravel);

  Case order;
  order.problem.precedences = {{1, 0}};
  EXPECT_EQ(order.Reason(), Rule::kOrder);
}

}  // namespace
}  // namespace tandem::pairing::scheduling
