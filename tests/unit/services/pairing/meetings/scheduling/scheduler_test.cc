#include "services/pairing/meetings/scheduling/scheduler.h"

#include <iostream>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "services/pairing/meetings/scheduling/board.h"
#include "services/pairing/meetings/scheduling/gaps.h"
#include "services/pairing/meetings/scheduling/verify.h"
#include "tests/unit/services/pairing/meetings/scheduling/random_problem.h"

namespace tandem::pairing::scheduling {
namespace {

// Three by three people, so small that everything can be tried.
Shape Tiny() {
  Shape shape;
  shape.slots = 3;
  return shape;
}

Shape Middling() {
  Shape shape;
  shape.slots = 12;
  shape.days = 2;
  shape.projects = 40;
  shape.investors = 12;
  shape.wishes = 300;
  shape.tables = 9;
  return shape;
}

Shape WithEverything(Shape shape) {
  shape.pools = 2;
  shape.own_slots = shape.own_pools = shape.day_limits = shape.travel = shape.overlaps = shape.interpreters = true;
  shape.order = shape.locked = true;
  return shape;
}

// Everybody there all the time, and one table number for all slots.
void MakeFull(Problem* problem, int32_t tables) {
  for (Person& person : problem->people) person.available = SlotSet::First(problem->slots.size());
  problem->pools[0].capacity.assign(problem->slots.size(), tables);
}

Outcome MakeSound(const Problem& problem, const Options& options = {}) {
  const absl::StatusOr<Outcome> made = MakeSchedule(problem, options);
  EXPECT_TRUE(made.ok()) << made.status();
  EXPECT_EQ(Broken(problem, made->schedule), "");
  EXPECT_TRUE(Verify(problem, made->schedule).empty());
  EXPECT_EQ((Best{static_cast<int32_t>(made->people.value), made->value.value}), Judge(problem, made->schedule));
  for (size_t i = 0; i < problem.wishes.size(); ++i) {
    EXPECT_EQ(made->schedule.placements[i].placed(), made->schedule.reasons[i] == Rule::kFits);
  }
  return *made;
}

TEST(SchedulerTest, BoundsHoldAgainstTheTrueOptimumOfTinyProblems) {
  constexpr uint64_t kSeed = 11;
  std::cout << "seed " << kSeed << "\n";
  Random random(kSeed);
  int optimal = 0;
  constexpr int kRounds = 300;
  for (int round = 0; round < kRounds; ++round) {
    Shape shape = Tiny();
    shape.two_sided = round % 3 != 0;
    if (round % 4 == 0) shape = WithEverything(shape);
    const Problem problem = RandomProblem(shape, &random);
    const Outcome made = MakeSound(problem);
    const Best best = TryEverything(problem);
    ASSERT_GE(made.people.bound, best.seated) << "round " << round;
    ASSERT_LE(made.people.value, best.seated);
    ASSERT_LE(made.value.value, made.value.bound);
    if (made.people.value == best.seated) {
      ASSERT_GE(made.value.bound, best.value) << "round " << round;
    }
    if (best == Best{static_cast<int32_t>(made.people.value), made.value.value}) ++optimal;
  }
  std::cout << optimal << " of " << kRounds << " optimal\n";
  EXPECT_GT(optimal, kRounds * 9 / 10);
}

TEST(SchedulerTest, ValueBoundHoldsWhereValueComesFirst) {
  constexpr uint64_t kSeed = 12;
  std::cout << "seed " << kSeed << "\n";
  Random random(kSeed);
  Options options;
  options.people_first = false;
  for (int round = 0; round < 100; ++round) {
    Shape shape = Tiny();
    shape.two_sided = round % 3 != 0;
    Problem problem = RandomProblem(shape, &random);
    const Outcome made = MakeSound(problem, options);
    const Best best = TryEverything(problem);
    ASSERT_LE(made.people.value, made.people.bound);
    ASSERT_GE(made.people.bound, best.seated);
    ASSERT_GE(made.value.bound, best.value);
    ASSERT_GE(made.value.bound, made.value.value);
  }
}

TEST(SchedulerTest, IsOptimalWhenEverybodyIsAlwaysThere) {
  constexpr uint64_t kSeed = 13;
  std::cout << "seed " << kSeed << "\n";
  Random random(kSeed);
  for (int round = 0; round < 150; ++round) {
    Problem problem = RandomProblem(Tiny(), &random);
    MakeFull(&problem, static_cast<int32_t>(Draw(1, 3, &random)));
    const Outcome made = MakeSound(problem);
    ASSERT_EQ(TryEverything(problem), (Best{static_cast<int32_t>(made.people.value), made.value.value}))
        << "round " << round;
  }
  for (int round = 0; round < 100; ++round) {
    Problem problem = RandomProblem(Middling(), &random);
    MakeFull(&problem, static_cast<int32_t>(Draw(1, 12, &random)));
    const Outcome made = MakeSound(problem);
    ASSERT_EQ(made.people.value, made.people.bound) << "round " << round;
    ASSERT_EQ(made.value.value, made.value.bound) << "round " << round;
  }
}

TEST(SchedulerTest, KeepsEveryRule) {
  constexpr uint64_t kSeed = 14;
  std::cout << "seed " << kSeed << "\n";
  Random random(kSeed);
  for (int round = 0; round < 60; ++round) {
    Shape shape = Middling();
    shape.two_sided = round % 3 != 0;
    const Problem problem = RandomProblem(round % 2 == 0 ? WithEverything(shape) : shape, &random);
    const Outcome made = MakeSound(problem);
    EXPECT_LE(made.people.value, made.people.bound);
    EXPECT_LE(made.value.value, made.value.bound);
  }
}

TEST(SchedulerTest, NobodyIsWithoutAMeetingWhomTheBoundWouldSeat) {
  constexpr uint64_t kSeed = 20;
  std::cout << "seed " << kSeed << "\n";
  Random random(kSeed);
  for (int round = 0; round < 40; ++round) {
    Shape shape = Middling();
    shape.available = round % 2 == 0 ? 0.8 : 0.62;
    Problem problem = RandomProblem(shape, &random);
    for (Person& person : problem.people) person.most_meetings = 8;
    // Just as many tables as there are projects to seat.
    problem.pools[0].capacity.assign(problem.slots.size(), 4);
    const Outcome made = MakeSound(problem);
    EXPECT_EQ(made.people.value, made.people.bound) << "round " << round;
  }
}

TEST(SchedulerTest, TheSameSeedAndStepsGiveTheSameSchedule) {
  constexpr uint64_t kSeed = 15;
  std::cout << "seed " << kSeed << "\n";
  Random random(kSeed);
  for (int round = 0; round < 10; ++round) {
    Shape shape = round % 2 == 0 ? Middling() : WithEverything(Middling());
    shape.two_sided = round % 3 != 0;
    const Problem problem = RandomProblem(shape, &random);
    for (const int32_t steps : {0, 5, 400}) {
      Options options;
      options.steps = steps;
      options.seed = static_cast<uint64_t>(round);
      const Outcome one = MakeSound(problem, options);
      const Outcome two = MakeSound(problem, options);
      EXPECT_EQ(one.schedule.placements, two.schedule.placements);
      EXPECT_EQ(one.schedule.reasons, two.schedule.reasons);
      EXPECT_LE(one.steps, 2 * steps);
    }
  }
}

TEST(SchedulerTest, LockedMeetingsStayEvenWhereTheyBreakARule) {
  Random random(16);
  Problem problem = RandomProblem(Middling(), &random);
  problem.wishes[0].locked_slot = 3;
  problem.wishes[0].locked_pool = 0;
  problem.people[static_cast<size_t>(problem.wishes[0].first)].available.Remove(3);
  problem.pools[0].capacity[3] = 0;
  const absl::StatusOr<Outcome> made = MakeSchedule(problem, {});
  ASSERT_TRUE(made.ok()) << made.status();
  EXPECT_EQ(made->schedule.placements[0], (Placement{3, 0}));
  for (const Violation& one : Verify(problem, made->schedule)) {
    EXPECT_EQ(one.slot, 3) << ToString(one);
    EXPECT_THAT(one.rule, ::testing::AnyOf(Rule::kSlot, Rule::kNoTable));
  }
}

TEST(SchedulerTest, StopsWhenAskedToAtEveryStep) {
  Random random(17);
  const Problem problem = RandomProblem(Middling(), &random);
  int calls = 0;
  Options options;
  options.progress = [&](const Progress&) { return ++calls > 0; };
  ASSERT_TRUE(MakeSchedule(problem, options).ok());
  const int all = calls;
  EXPECT_GT(all, 3);
  for (int stop = 1; stop <= all; ++stop) {
    calls = 0;
    options.progress = [&](const Progress&) { return ++calls < stop; };
    EXPECT_EQ(MakeSchedule(problem, options).status().code(), absl::StatusCode::kCancelled) << stop;
  }
}

TEST(SchedulerTest, NothingIsScheduledWhereThereIsNothing) {
  EXPECT_EQ(MakeSound(Problem()).meetings, 0);
  Random random(18);
  const Problem problem = RandomProblem(Middling(), &random);
  Problem no_slots = problem;
  no_slots.slots.clear();
  no_slots.pools[0].capacity.clear();
  for (Person& person : no_slots.people) person.available = SlotSet();
  const Outcome made = MakeSound(no_slots);
  EXPECT_EQ(made.meetings, 0);
  EXPECT_EQ(made.people.bound, 0);
  EXPECT_EQ(made.schedule.reasons[0], Rule::kNoCommonSlot);
  Problem no_places = problem;
  no_places.pools.clear();
  EXPECT_EQ(MakeSound(no_places).value.bound, 0);
  Problem no_wishes = problem;
  no_wishes.wishes.clear();
  EXPECT_EQ(MakeSound(no_wishes).meetings, 0);
}

TEST(SchedulerTest, AHostileProblemIsRefused) {
  Random random(19);
  Problem problem = RandomProblem(Middling(), &random);
  problem.wishes.back().second = 1'000'000;
  EXPECT_EQ(MakeSchedule(problem, {}).status().code(), absl::StatusCode::kInvalidArgument);
}

TEST(SchedulerTest, TwoWishesOfTheSameTwoPeopleAreTwoMeetings) {
  for (uint64_t seed = 0; seed < 20; ++seed) {
    SCOPED_TRACE(seed);
    Random random(seed);
    Problem problem = RandomProblem(Middling(), &random);
    for (size_t i = 0; i < 10; ++i) {
      Wish again = problem.wishes[i];
      again.locked_slot = again.locked_pool = kNone;
      problem.wishes.push_back(again);
    }
    MakeSound(problem);
  }
}

TEST(SchedulerTest, CountsAreOfThePeopleWhoAreWished) {
  Problem problem;
  problem.slots = SlotsOf(2, 1);
  problem.pools = {{kNone, {2, 2}}};
  problem.people.resize(4);
  for (int i = 0; i < 3; ++i) problem.people[static_cast<size_t>(i)].available = SlotSet::First(2);
  problem.wishes = {{0, 1, 5}, {0, 2, 5}};
  const Outcome made = MakeSound(problem);
  EXPECT_EQ(made.meetings, 2);
  EXPECT_EQ(made.counts.minimum, 1);
  EXPECT_EQ(made.counts.median, 1);
  EXPECT_EQ(made.counts.maximum, 2);
  EXPECT_NEAR(made.counts.gini, 1.0 / 6, 1e-9);
  EXPECT_EQ(made.gaps.value, 0);
  EXPECT_EQ(Assess(problem, made.schedule).value.value, 10);
}

}  // namespace
}  // namespace tandem::pairing::scheduling
