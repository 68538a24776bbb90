#include "services/pairing/meetings/breaks/break_problem.h"

#include <functional>
#include <gtest/gtest.h>

namespace tandem::breaks {
namespace {

BreakProblem ThreeInARow() {
  BreakProblem problem{.people = 4, .tables = 2, .slots = 4, .morning_slots = 2};
  problem.meetings = {{.a = 0, .b = 1}, {.a = 1, .b = 2, .predecessors = {0}}, {.a = 2, .b = 3, .predecessors = {1}}};
  return problem;
}

TEST(BreakProblemTest, PrecedencesNarrowTheSlotsOfTheWholeChain) {
  const SlotDomains domains = ComputeSlotDomains(ThreeInARow());
  EXPECT_FALSE(domains.empty);
  EXPECT_EQ(domains.allowed[0], (std::vector<char>{1, 1, 0, 0}));
  EXPECT_EQ(domains.allowed[1], (std::vector<char>{0, 1, 1, 0}));
  EXPECT_EQ(domains.allowed[2], (std::vector<char>{0, 0, 1, 1}));
}

TEST(BreakProblemTest, ForbiddenFixedAndSessionLeaveTheirSlotsOnly) {
  BreakProblem problem = ThreeInARow();
  for (Meeting& meeting : problem.meetings) meeting.predecessors.clear();
  problem.forbidden_slots = {{0}};
  problem.meetings[1].fixed_slot = 3;
  problem.meetings[2].session = Session::kMorning;
  const SlotDomains domains = ComputeSlotDomains(problem);
  EXPECT_EQ(domains.allowed[0], (std::vector<char>{0, 1, 1, 1}));
  EXPECT_EQ(domains.allowed[1], (std::vector<char>{0, 0, 0, 1}));
  EXPECT_EQ(domains.allowed[2], (std::vector<char>{1, 1, 0, 0}));
}

TEST(BreakProblemTest, ACycleOfPrecedencesLeavesNoSlot) {
  BreakProblem problem = ThreeInARow();
  problem.meetings[0].predecessors = {2};
  EXPECT_TRUE(ComputeSlotDomains(problem).empty);
}

TEST(BreakProblemTest, AMeetingWithOneselfLeavesNoSlot) {
  BreakProblem problem = ThreeInARow();
  problem.meetings[0].b = 0;
  EXPECT_TRUE(ComputeSlotDomains(problem).empty);
}

TEST(BreakProblemTest, NumbersOutOfRangeAreRefused) {
  EXPECT_TRUE(ValidateBreakProblem(ThreeInARow()).ok());
  const std::vector<std::function<void(BreakProblem*)>> faults = {
      [](BreakProblem* p) { p->meetings[0].a = 4; },
      [](BreakProblem* p) { p->meetings[0].b = -1; },
      [](BreakProblem* p) { p->meetings[0].fixed_slot = 4; },
      [](BreakProblem* p) { p->meetings[0].predecessors = {3}; },
      [](BreakProblem* p) { p->forbidden_slots = {{4}}; },
      [](BreakProblem* p) { p->forbidden_slots.resize(5); },
      [](BreakProblem* p) { p->slots = -1; },
  };
  for (std::size_t i = 0; i < faults.size(); ++i) {
    BreakProblem problem = ThreeInARow();
    faults[i](&problem);
    EXPECT_EQ(ValidateBreakProblem(problem).code(), absl::StatusCode::kInvalidArgument) << i;
  }
}

}  // namespace
}  // namespace tandem::breaks
