#include "services/pairing/meetings/scheduling/problem.h"

#include <functional>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "common/base/status.h"
#include "tests/unit/services/pairing/meetings/scheduling/random_problem.h"

namespace tandem::pairing::scheduling {
namespace {

Problem Sound() {
  Problem problem;
  problem.slots = SlotsOf(4, 2);
  problem.halls = 1;
  problem.travel_minutes = {0};
  problem.pools = {{0, {1, 1, 1, 1}}};
  problem.interpreters = {{{1, 1, 1, 1}}};
  problem.people.resize(4);
  for (Person& person : problem.people) person.available = SlotSet::First(4);
  problem.wishes = {{0, 2, 5}, {1, 3, 7}, {0, 3, 1}};
  problem.slot_sets = {SlotSet::First(2)};
  problem.pool_sets = {{0}};
  problem.precedences = {{0, 1}};
  return problem;
}

struct Break {
  std::string field;
  std::function<void(Problem*)> apply;
};

TEST(ProblemTest, ASoundProblemAndAnEmptyOneAreValid) {
  EXPECT_TRUE(Validate(Sound()).ok());
  EXPECT_TRUE(Validate(Problem()).ok());
}

TEST(ProblemTest, EveryUnsoundProblemIsRefusedByTheFieldThatIsWrong) {
  const Break breaks[] = {
      {"slots", [](Problem* p) { p->slots.resize(kMostSlots + 1); }},
      {"slots[0].duration_minutes", [](Problem* p) { p->slots[0].duration_minutes = 0; }},
      {"slots[1].day", [](Problem* p) { p->slots[1].day = -1; }},
      {"slots[1]", [](Problem* p) { p->slots[1].start_minute = 0; }},
      {"slots[3]", [](Problem* p) { p->slots[3].day = 0; }},
      {"halls", [](Problem* p) { p->halls = -1; }},
      {"travel_minutes",
       [](Problem* p) {
         p->travel_minutes = {0, 1};
       }},
      {"travel_minutes[0]", [](Problem* p) { p->travel_minutes = {-1}; }},
      {"pools[0].hall", [](Problem* p) { p->pools[0].hall = 1; }},
      {"pools[0].capacity", [](Problem* p) { p->pools[0].capacity = {1}; }},
      {"pools[0].capacity", [](Problem* p) { p->pools[0].capacity[2] = -1; }},
      {"interpreters[0].capacity", [](Problem* p) { p->interpreters[0].capacity = {}; }},
      {"pool_sets[0]", [](Problem* p) { p->pool_sets[0] = {1}; }},
      {"slot_sets[0]", [](Problem* p) { p->slot_sets[0].Add(4); }},
      {"people[2].available", [](Problem* p) { p->people[2].available.Add(64); }},
      {"people[2].most_meetings", [](Problem* p) { p->people[2].most_meetings = -1; }},
      {"people[2].most_per_day", [](Problem* p) { p->people[2].most_per_day = -1; }},
      {"wishes[1]", [](Problem* p) { p->wishes[1].first = 4; }},
      {"wishes[1]", [](Problem* p) { p->wishes[1].second = -1; }},
      {"wishes[1]", [](Problem* p) { p->wishes[1].second = p->wishes[1].first; }},
      {"wishes[1].value", [](Problem* p) { p->wishes[1].value = 0; }},
      {"wishes[1].value", [](Problem* p) { p->wishes[1].value = kMostValue + 1; }},
      {"wishes[1].slots", [](Problem* p) { p->wishes[1].slots = 1; }},
      {"wishes[1].pools", [](Problem* p) { p->wishes[1].pools = -2; }},
      {"wishes[1].interpreter", [](Problem* p) { p->wishes[1].interpreter = 1; }},
      {"wishes[1].locked_slot", [](Problem* p) { p->wishes[1].locked_slot = 4; }},
      {"wishes[1].locked_pool", [](Problem* p) { p->wishes[1].locked_pool = 1; }},
      {"wishes[1]", [](Problem* p) { p->wishes[1].locked_slot = 0; }},
      {"wishes",
       [](Problem* p) {
         for (const size_t i : {0, 2}) p->wishes[i].locked_slot = p->wishes[i].locked_pool = 0;
       }},
      {"precedences[0]", [](Problem* p) { p->precedences[0].later = 3; }},
      {"precedences",
       [](Problem* p) {
         p->precedences = {{0, 1}, {1, 2}, {2, 0}};
       }},
  };
  for (const Break& one : breaks) {
    Problem problem = Sound();
    one.apply(&problem);
    const absl::Status status = Validate(problem);
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << one.field;
    ASSERT_EQ(GetErrorDetail(status).violations.size(), 1u) << one.field;
    EXPECT_EQ(GetErrorDetail(status).violations[0].field, one.field);
  }
}

TEST(ProblemTest, WhatComesAfterACircleIsNotInIt) {
  Problem problem = Sound();
  EXPECT_EQ(FindInCircle(problem), kNone);
  problem.precedences = {{1, 2}, {2, 1}, {1, 0}};
  EXPECT_NE(FindInCircle(problem), kNone);
  EXPECT_NE(FindInCircle(problem), 0);
  problem.precedences = {{1, 2}, {1, 0}, {2, 0}};
  EXPECT_EQ(FindInCircle(problem), kNone);
}

}  // namespace
}  // namespace tandem::pairing::scheduling
