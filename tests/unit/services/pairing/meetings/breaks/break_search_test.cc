#include "services/pairing/meetings/breaks/break_search.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <optional>
#include <random>
#include <thread>

#include "services/pairing/meetings/breaks/schedule_check.h"

namespace tandem::breaks {
namespace {

using State = BreakResult::State;

// The fewest breaks of any schedule, by trying them all.
class Oracle {
 public:
  explicit Oracle(const BreakProblem& problem) : problem_(problem), schedule_(problem.meetings.size(), 0) { Try(0); }
  std::optional<int> fewest() const { return fewest_; }

 private:
  void Try(std::size_t meeting) {
    if (meeting == schedule_.size()) {
      const ScheduleCheck check = CheckSchedule(problem_, schedule_);
      if (check.errors.empty() && (!fewest_.has_value() || check.breaks < *fewest_)) fewest_ = check.breaks;
      return;
    }
    for (int slot = 0; slot < problem_.slots; ++slot) {
      schedule_[meeting] = slot;
      Try(meeting + 1);
    }
  }

  const BreakProblem& problem_;
  Schedule schedule_;
  std::optional<int> fewest_;
};

int Draw(std::mt19937* random, int below) { return static_cast<int>((*random)() % static_cast<unsigned>(below)); }

// Two to four people so that everybody has meetings and fairness binds, or more; each rule in some of the problems
// only.
BreakProblem RandomProblem(unsigned seed) {
  std::mt19937 random(seed);
  BreakProblem problem;
  problem.people = 2 + Draw(&random, 4);
  problem.slots = 3 + Draw(&random, 3);
  problem.morning_slots = Draw(&random, problem.slots + 1);
  problem.tables = 1 + Draw(&random, 3);
  problem.max_break_difference = Draw(&random, 3);
  problem.forbidden_slots.resize(static_cast<std::size_t>(problem.people));
  for (std::vector<int>& slots : problem.forbidden_slots) {
    for (int slot = 0; slot < problem.slots; ++slot) {
      if (Draw(&random, 8) == 0) slots.push_back(slot);
    }
  }
  const int meetings = 2 + Draw(&random, 4);
  for (int m = 0; m < meetings; ++m) {
    Meeting meeting;
    meeting.a = Draw(&random, problem.people);
    meeting.b = (meeting.a + 1 + Draw(&random, problem.people - 1)) % problem.people;
    if (Draw(&random, 8) == 0) meeting.session = Draw(&random, 2) == 0 ? Session::kMorning : Session::kAfternoon;
    if (Draw(&random, 7) == 0) meeting.fixed_slot = Draw(&random, problem.slots);
    if (Draw(&random, 6) == 0) meeting.predecessors.push_back(Draw(&random, meetings));
    problem.meetings.push_back(meeting);
  }
  return problem;
}

// Whether the search says of the problem what the oracle says, with a schedule to show.
void ExpectSolved(const BreakProblem& problem, const BreakResult& result) {
  const std::optional<int> fewest = Oracle(problem).fewest();
  if (!fewest.has_value()) {
    EXPECT_EQ(result.state, State::kInfeasible);
    EXPECT_TRUE(result.schedule.empty());
    return;
  }
  ASSERT_EQ(result.state, State::kOptimal);
  EXPECT_EQ(result.breaks, *fewest);
  EXPECT_EQ(result.lower_bound, *fewest);
  const ScheduleCheck check = CheckSchedule(problem, result.schedule);
  EXPECT_THAT(check.errors, ::testing::IsEmpty());
  EXPECT_EQ(check.breaks, *fewest);
}

TEST(BreakSearchTest, FindsTheFewestBreaksOfRandomProblemsOrProvesThatThereIsNoSchedule) {
  int feasible = 0, with_breaks = 0;
  for (unsigned seed = 0; seed < 1000; ++seed) {
    SCOPED_TRACE(seed);
    const BreakProblem problem = RandomProblem(seed);
    const absl::StatusOr<BreakResult> result = SolveBreaks(problem, {});
    ASSERT_TRUE(result.ok()) << result.status();
    ExpectSolved(problem, *result);
    feasible += result->state == State::kOptimal;
    with_breaks += result->breaks > 0;
  }
  // The problems are worth something.
  EXPECT_GT(feasible, 150);
  EXPECT_LT(feasible, 850);
  EXPECT_GT(with_breaks, 50);
}

TEST(BreakSearchTest, SearchesFromBothSidesOfOneBoardAgreeWithTheOracle) {
  for (unsigned seed = 1000; seed < 1100; ++seed) {
    SCOPED_TRACE(seed);
    const BreakProblem problem = RandomProblem(seed);
    BoundsBoard board;
    absl::Status up;
    std::thread thread([&] { up = SearchBreaks(problem, {.direction = Direction::kUp, .seed = 7}, &board); });
    const absl::Status down = SearchBreaks(problem, {}, &board);
    thread.join();
    EXPECT_TRUE(up.ok()) << up;
    EXPECT_TRUE(down.ok()) << down;
    ExpectSolved(problem, ResultOf(board));
  }
}

TEST(BreakSearchTest, NothingToPlaceNeedsNoBreaks) {
  const absl::StatusOr<BreakResult> result = SolveBreaks({}, {});
  ASSERT_TRUE(result.ok());
  EXPECT_EQ(result->state, State::kOptimal);
  EXPECT_EQ(result->breaks, 0);
}

TEST(BreakSearchTest, AStopAtOnceLeavesTheQuestionOpen) {
  const absl::StatusOr<BreakResult> result = SolveBreaks(RandomProblem(1), {.stop = [] { return true; }});
  ASSERT_TRUE(result.ok());
  EXPECT_NE(result->state, State::kOptimal);
}

TEST(BreakSearchTest, NoStepsLeaveTheQuestionOpen) {
  const absl::StatusOr<BreakResult> result = SolveBreaks(RandomProblem(1), {.max_conflicts = 0});
  ASSERT_TRUE(result.ok());
  EXPECT_NE(result->state, State::kOptimal);
}

TEST(BreakSearchTest, TheSameSeedAndStepsGiveTheSameSchedule) {
  for (unsigned seed = 0; seed < 20; ++seed) {
    const BreakProblem problem = RandomProblem(seed);
    const SearchOptions options = {.seed = 3, .max_conflicts = 30'000};
    EXPECT_EQ(SolveBreaks(problem, options)->schedule, SolveBreaks(problem, options)->schedule);
  }
}

TEST(BreakSearchTest, AProblemWithNumbersOutOfRangeIsRefused) {
  BreakProblem problem = RandomProblem(1);
  problem.meetings[0].a = -1;
  EXPECT_EQ(SolveBreaks(problem, {}).status().code(), absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace tandem::breaks
