#include "services/pairing/meetings/breaks/schedule_check.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tandem::breaks {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// Person 0 meets 1, 2 and 3; then 1 meets 2.
BreakProblem Problem() {
  BreakProblem problem{.people = 5, .tables = 2, .slots = 6, .morning_slots = 3};
  problem.meetings = {{.a = 0, .b = 1}, {.a = 0, .b = 2}, {.a = 0, .b = 3}, {.a = 1, .b = 2}};
  return problem;
}

TEST(ScheduleCheckTest, CountsGapsAndNotTheirLength) {
  EXPECT_EQ(CountBreaks({}), 0);
  EXPECT_EQ(CountBreaks({4}), 0);
  EXPECT_EQ(CountBreaks({5, 3, 4}), 0);
  EXPECT_EQ(CountBreaks({0, 9, 3, 4}), 2);
}

TEST(ScheduleCheckTest, AScheduleThatKeepsEveryRuleHasItsBreaksCounted) {
  const ScheduleCheck check = CheckSchedule(Problem(), {0, 1, 5, 2});
  EXPECT_THAT(check.errors, IsEmpty());
  EXPECT_EQ(check.breaks, 2);  // 0 waits for 3, and 1 waits for 2
}

TEST(ScheduleCheckTest, NamesEachRuleThatIsBroken) {
  const auto errors = [](const BreakProblem& problem, const Schedule& schedule) {
    return CheckSchedule(problem, schedule).errors;
  };
  const Schedule good = {0, 1, 2, 2};
  EXPECT_THAT(errors(Problem(), good), IsEmpty());
  EXPECT_THAT(errors(Problem(), {0, 1, 2}), Contains(HasSubstr("3 slots for 4 meetings")));
  EXPECT_THAT(errors(Problem(), {0, 1, 6, 2}), Contains(HasSubstr("out of range")));
  EXPECT_THAT(errors(Problem(), {0, 0, 2, 3}), Contains("person 0 meets twice in slot 0"));
  BreakProblem problem = Problem();
  problem.tables = 1;
  EXPECT_THAT(errors(problem, good), Contains("slot 2 uses 2 of 1 tables"));
  problem = Problem();
  problem.forbidden_slots = {{}, {2}};
  EXPECT_THAT(errors(problem, good), Contains("person 1 cannot use slot 2"));
  problem = Problem();
  problem.meetings[2].session = Session::kAfternoon;
  EXPECT_THAT(errors(problem, good), Contains("meeting 2 is in the wrong session"));
  problem = Problem();
  problem.meetings[2].fixed_slot = 3;
  EXPECT_THAT(errors(problem, good), Contains("meeting 2 is fixed to slot 3"));
  problem = Problem();
  problem.meetings[3].predecessors = {2};
  EXPECT_THAT(errors(problem, good), Contains("meeting 3 must come after meeting 2"));
  problem = Problem();
  problem.max_break_difference = 1;
  EXPECT_THAT(errors(problem, {0, 2, 4, 5}), Contains("breaks differ by 2"));
}

}  // namespace
}  // namespace tandem::breaks
