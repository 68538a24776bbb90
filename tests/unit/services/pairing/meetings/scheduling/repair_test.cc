#include "services/pairing/meetings/scheduling/repair.h"

#include <algorithm>
#include <iostream>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "services/pairing/meetings/scheduling/scheduler.h"
#include "services/pairing/meetings/scheduling/verify.h"
#include "tests/unit/services/pairing/meetings/scheduling/random_problem.h"

namespace tandem::pairing::scheduling {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// Persons 0 and 1 seek 2 and 3; two slots, enough tables.
Problem TwoByTwo() {
  Problem problem;
  problem.slots = SlotsOf(2, 1);
  problem.pools = {{kNone, {2, 2}}};
  problem.people.resize(4);
  for (Person& person : problem.people) person.available = SlotSet::First(2);
  problem.wishes = {{0, 2, 9}, {1, 2, 5}, {1, 3, 7}};
  return problem;
}

RepairOutcome Repaired(const Problem& problem, const std::vector<Placement>& placements, const RepairRequest& request) {
  const auto repaired = RepairSchedule(problem, {placements, {}}, request);
  EXPECT_TRUE(repaired.ok()) << repaired.status();
  return *repaired;
}

TEST(RepairTest, ACancellationIsFilledWithoutAMoveIfThatGoes) {
  const RepairOutcome done = Repaired(TwoByTwo(), {{0, 0}, {}, {1, 0}}, {{0}, {}, 0, 3});
  EXPECT_THAT(done.dropped, ElementsAre(0));
  EXPECT_THAT(done.added, ElementsAre(1));
  EXPECT_THAT(done.moved, IsEmpty());
  EXPECT_EQ(done.schedule.placements[1].slot, 0);
}

TEST(RepairTest, ANoShowIsSomebodyWithoutSlots) {
  Problem problem = TwoByTwo();
  problem.people[0].available = SlotSet();
  const RepairOutcome done = Repaired(problem, {{0, 0}, {}, {1, 0}}, {});
  EXPECT_THAT(done.dropped, ElementsAre(0));
  EXPECT_THAT(done.added, ElementsAre(1));
}

TEST(RepairTest, ALateArrivalMovesOneMeetingIfItMust) {
  Problem problem = TwoByTwo();
  problem.people[0].available.Remove(1);  // 0 came late and leaves early; 2 is taken in its only slot
  const RepairOutcome done = Repaired(problem, {{}, {0, 0}, {}}, {{}, {0}, 0, 3});
  EXPECT_THAT(done.added, ElementsAre(0));
  EXPECT_THAT(done.moved, ElementsAre(1));
  EXPECT_THAT(Repaired(problem, {{}, {0, 0}, {}}, {{}, {0}, 0, 0}).added, IsEmpty());
}

TEST(RepairTest, WhatIsPastStays) {
  Problem problem = TwoByTwo();
  // 1 and 2 met in slot 0; nothing can be had there any more.
  const RepairOutcome done = Repaired(problem, {{}, {0, 0}, {1, 0}}, {{2}, {0}, 1, 3});
  EXPECT_EQ(done.schedule.placements[1], (Placement{0, 0}));
  EXPECT_EQ(done.schedule.placements[0].slot, 1);
  EXPECT_THAT(done.dropped, ElementsAre(2));
}

TEST(RepairTest, AMeetingThatIsLostIsMadeUpForFirst) {
  Problem problem = TwoByTwo();
  problem.pools[0].capacity = {1, 0};
  const RepairOutcome done = Repaired(problem, {{0, 0}, {}, {}}, {{0}, {}, 0, 3});
  EXPECT_THAT(done.dropped, ElementsAre(0));
  EXPECT_THAT(done.added, ElementsAre(1));
}

TEST(RepairTest, AFreedTableGoesToPeopleWhoLackedIt) {
  Problem problem = TwoByTwo();
  problem.wishes = {{0, 2, 9}, {1, 3, 7}};
  problem.pools[0].capacity = {1, 0};
  EXPECT_THAT(Repaired(problem, {{0, 0}, {}}, {{0}, {}, 0, 3}).added, ElementsAre(1));
}

TEST(RepairTest, WhatIsOutOfRangeIsRefused) {
  const Problem problem = TwoByTwo();
  const std::vector<Placement> fine = {{0, 0}, {}, {1, 0}};
  const auto code = [&](const std::vector<Placement>& placements, const RepairRequest& request) {
    return RepairSchedule(problem, {placements, {}}, request).status().code();
  };
  EXPECT_EQ(code(fine, {}), absl::StatusCode::kOk);
  EXPECT_EQ(code({}, {}), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(code({{0, 1}, {}, {}}, {}), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(code({{-2, 0}, {}, {}}, {}), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(code(fine, {{3}, {}, 0, 3}), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(code(fine, {{}, {-1}, 0, 3}), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(code(fine, {{}, {}, 3, 3}), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(code(fine, {{}, {}, 0, -1}), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(code({{0, 0}, {0, 0}, {}}, {{}, {}, 1, 3}), absl::StatusCode::kInvalidArgument);
}

TEST(RepairTest, KeepsEveryRuleAndMovesFew) {
  constexpr uint64_t kSeed = 31;
  std::cout << "seed " << kSeed << "\n";
  Random random(kSeed);
  size_t added = 0;
  size_t moved = 0;
  for (int round = 0; round < 200; ++round) {
    Shape shape;
    shape.slots = 12;
    shape.days = 2;
    shape.projects = 40;
    shape.investors = 12;
    shape.wishes = 300;
    shape.tables = 9;
    shape.locked = true;
    shape.two_sided = round % 3 != 0;
    if (round % 2 == 0) {
      shape.pools = 2;
      shape.own_slots = shape.own_pools = shape.day_limits = shape.travel = shape.overlaps = shape.interpreters =
          shape.order = true;
    }
    const Problem problem = RandomProblem(shape, &random);
    Options options;
    options.steps = 0;
    const auto made = MakeSchedule(problem, options);
    ASSERT_TRUE(made.ok());
    std::vector<int32_t> placed;
    for (size_t i = 0; i < problem.wishes.size(); ++i) {
      if (made->schedule.placements[i].placed() && !problem.wishes[i].locked())
        placed.push_back(static_cast<int32_t>(i));
    }
    if (placed.empty()) continue;
    const int32_t cancelled = placed[static_cast<size_t>(Draw(0, static_cast<int64_t>(placed.size()) - 1, &random))];
    const RepairOutcome done = Repaired(problem, made->schedule.placements, {{cancelled}, {}, 0, 3});
    EXPECT_EQ(Broken(problem, done.schedule), "");
    EXPECT_THAT(Verify(problem, done.schedule), IsEmpty());
    EXPECT_THAT(done.dropped, ElementsAre(cancelled));
    EXPECT_LE(done.moved.size(), 3 * done.added.size());
    const RepairOutcome again = Repaired(problem, done.schedule.placements, {{cancelled}, {}, 0, 3});
    EXPECT_THAT(again.dropped, IsEmpty());
    added += done.added.size();
    moved += done.moved.size();
  }
  std::cout << added << " added, " << moved << " moved for 200 cancellations\n";
  EXPECT_GT(added, 50u);
  EXPECT_LT(moved, added);
}

}  // namespace
}  // namespace tandem::pairing::scheduling
