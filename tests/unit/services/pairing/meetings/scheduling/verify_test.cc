#include "services/pairing/meetings/scheduling/verify.h"

#include <iostream>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "tests/unit/services/pairing/meetings/scheduling/random_problem.h"

namespace tandem::pairing::scheduling {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// Four people, two halls 20 minutes apart, four slots on two days; wishes 0 and 1 share person 0, 1 and 2 person 3.
Problem TwoHalls() {
  Problem problem;
  problem.slots = SlotsOf(4, 2);
  problem.halls = 2;
  problem.travel_minutes = {0, 20, 20, 0};
  problem.pools = {{0, {1, 1, 1, 1}}, {1, {2, 2, 2, 2}}};
  problem.people.resize(4);
  for (Person& person : problem.people) person.available = SlotSet::First(4);
  problem.wishes = {{0, 2, 5}, {0, 3, 7}, {1, 3, 1}};
  return problem;
}

std::vector<Rule> Rules(const Problem& problem, const std::vector<Placement>& placements) {
  EXPECT_TRUE(Validate(problem).ok());
  std::vector<Rule> rules;
  for (const Violation& one : Verify(problem, {placements, {}})) rules.push_back(one.rule);
  return rules;
}

TEST(VerifyTest, ASoundScheduleBreaksNothing) {
  EXPECT_THAT(Rules(TwoHalls(), {{0, 0}, {1, 0}, {0, 1}}), ElementsAre(Rule::kTravel));
  EXPECT_THAT(Rules(TwoHalls(), {{0, 0}, {1, 0}, {2, 1}}), IsEmpty());
  EXPECT_THAT(Rules(TwoHalls(), {{}, {}, {}}), IsEmpty());
}

TEST(VerifyTest, NamesEveryRuleThatIsBroken) {
  Problem problem = TwoHalls();
  problem.people[2].available.Remove(0);
  EXPECT_THAT(Rules(problem, {{0, 0}, {}, {}}), ElementsAre(Rule::kSlot));

  problem = TwoHalls();
  problem.slot_sets = {SlotSet::First(1)};
  problem.wishes[0].slots = 0;
  EXPECT_THAT(Rules(problem, {{1, 0}, {}, {}}), ElementsAre(Rule::kSlot));

  EXPECT_THAT(Rules(TwoHalls(), {{1, 0}, {1, 1}, {}}), ElementsAre(Rule::kPersonTwice));
  problem = TwoHalls();
  problem.slots[0].duration_minutes = 45;
  EXPECT_THAT(Rules(problem, {{0, 0}, {1, 0}, {}}), ElementsAre(Rule::kPersonTwice));

  problem = TwoHalls();
  problem.people[0].most_meetings = 1;
  EXPECT_THAT(Rules(problem, {{0, 0}, {2, 0}, {}}), ElementsAre(Rule::kMostMeetings));
  problem = TwoHalls();
  problem.people[0].most_per_day = 1;
  EXPECT_THAT(Rules(problem, {{0, 0}, {2, 0}, {}}), IsEmpty());
  EXPECT_THAT(Rules(problem, {{0, 0}, {1, 0}, {}}), ElementsAre(Rule::kMostPerDay));

  problem = TwoHalls();
  problem.pool_sets = {{1}};
  problem.wishes[2].pools = 0;
  EXPECT_THAT(Rules(problem, {{}, {}, {0, 0}}), ElementsAre(Rule::kPool));
  EXPECT_THAT(Rules(TwoHalls(), {{0, 0}, {}, {0, 0}}), ElementsAre(Rule::kNoTable));
  problem = TwoHalls();
  problem.pools[0].capacity[0] = 0;
  EXPECT_THAT(Rules(problem, {{0, 0}, {}, {}}), ElementsAre(Rule::kNoTable));

  problem = TwoHalls();
  problem.interpreters = {{{1, 1, 1, 1}}};
  problem.wishes[0].interpreter = problem.wishes[2].interpreter = 0;
  EXPECT_THAT(Rules(problem, {{0, 0}, {}, {0, 1}}), ElementsAre(Rule::kNoInterpreter));

  EXPECT_THAT(Rules(TwoHalls(), {{0, 0}, {1, 1}, {}}), ElementsAre(Rule::kTravel));
  EXPECT_THAT(Rules(TwoHalls(), {{0, 0}, {2, 1}, {}}), IsEmpty());

  problem = TwoHalls();
  problem.precedences = {{2, 0}};
  EXPECT_THAT(Rules(problem, {{0, 0}, {}, {1, 1}}), ElementsAre(Rule::kOrder));
  EXPECT_THAT(Rules(problem, {{0, 0}, {}, {0, 1}}), ElementsAre(Rule::kOrder));
  EXPECT_THAT(Rules(problem, {{1, 0}, {}, {0, 1}}), IsEmpty());

  problem = TwoHalls();
  problem.wishes[0].locked_slot = problem.wishes[0].locked_pool = 0;
  EXPECT_THAT(Rules(problem, {{1, 0}, {}, {}}), ElementsAre(Rule::kLocked));
  EXPECT_THAT(Rules(problem, {{}, {}, {}}), ElementsAre(Rule::kLocked));

  EXPECT_THAT(Rules(TwoHalls(), {{4, 0}, {-2, 0}, {0, 7}}), ElementsAre(Rule::kSlot, Rule::kSlot, Rule::kPool));
}

TEST(VerifyTest, AgreesWithTheNaiveJudgeOnRandomSchedules) {
  constexpr uint64_t kSeed = 20261122;
  std::cout << "seed " << kSeed << "\n";
  Random random(kSeed);
  Shape shape;
  shape.days = shape.pools = 2;
  shape.own_slots = shape.own_pools = shape.day_limits = shape.travel = shape.interpreters = shape.order = true;
  shape.available = 0.9;
  int sound = 0;
  for (int round = 0; round < 3000; ++round) {
    shape.overlaps = round % 2 == 0;
    shape.two_sided = round % 3 != 0;
    const Problem problem = RandomProblem(shape, &random);
    Schedule schedule;
    for (size_t i = 0; i < problem.wishes.size(); ++i) {
      const bool placed = Chance(0.4, &random);
      schedule.placements.push_back(
          placed ? Placement{static_cast<int32_t>(Draw(0, 3, &random)), static_cast<int32_t>(Draw(0, 1, &random))}
                 : Placement{});
    }
    const std::string broken = Broken(problem, schedule);
    const std::vector<Violation> found = Verify(problem, schedule);
    ASSERT_EQ(broken.empty(), found.empty())
        << "round " << round << ": " << broken << (found.empty() ? "" : ToString(found[0]));
    if (broken.empty()) ++sound;
  }
  EXPECT_GT(sound, 300);
  EXPECT_LT(sound, 2700);
}

}  // namespace
}  // namespace tandem::pairing::scheduling
