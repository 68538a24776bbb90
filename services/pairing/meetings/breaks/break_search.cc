#include "services/pairing/meetings/breaks/break_search.h"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"

#include "common/base/status.h"
#include "services/pairing/meetings/breaks/schedule_check.h"
#include "services/pairing/meetings/breaks/schedule_formula.h"
#include <cadical.hpp>

namespace tandem::breaks {
namespace {

constexpr int kAnyNumber = -1;
// What CaDiCaL answers.
constexpr int kSatisfiable = 10;
constexpr int kUnsatisfiable = 20;

class Search : private CaDiCaL::Terminator {
 public:
  Search(const BreakProblem& problem, const SearchOptions& options, BoundsBoard* board)
      : problem_(problem), options_(options), board_(*board), domains_(ComputeSlotDomains(problem)) {}

  // Internal when a schedule was found that breaks a rule: the encoding is wrong then.
  absl::Status Run() {
    if (domains_.empty) board_.ProveInfeasible();
    while (!Over()) {
      goal_ = Goal(board_.Get());
      TANDEM_ASSIGN_OR_RETURN(const bool answered, Attempt());
      ++attempts_;
      // One that another search made pointless was no miss.
      const bool missed = !answered && !terminate();
      misses_ = missed ? misses_ + 1 : 0;
      all_misses_ += missed;
    }
    return absl::OkStatus();
  }

 private:
  bool Over() {
    return conflicts_ >= options_.max_conflicts || (options_.stop && options_.stop()) || board_.Get().settled();
  }

  // The most breaks that the next attempt allows.
  int Goal(const Bounds& bounds) {
    if (options_.direction == Direction::kUp) return bounds.lower;
    if (!bounds.upper.has_value()) return kAnyNumber;
    // By turns half of the way and all of it: the fewer breaks, the smaller the formula, so that what is best may be
    // found where something between is not. Each half is half as far as the last one that got nowhere, until one break
    // less was too much.
    const int gap = *bounds.upper - 1 - bounds.lower;
    if (attempts_ % 2 == 0) return bounds.lower;
    if ((gap >> (misses_ / 2)) == 0) misses_ = 0;
    return *bounds.upper - 1 - (gap >> (misses_ / 2 + 1));
  }

  // Whether the attempt under way is still worth anything.
  bool terminate() override {
    if (options_.stop && options_.stop()) return true;
    const Bounds bounds = board_.Get();
    return bounds.settled() ||
           (goal_ != kAnyNumber && (bounds.lower > goal_ || (bounds.upper.has_value() && *bounds.upper <= goal_)));
  }

  // Looks for a schedule with at most `goal_` breaks. True when one was found, or none exists; what was learned is on
  // the board.
  absl::StatusOr<bool> Attempt() {
    const ScheduleFormula formula = BuildScheduleFormula(problem_, domains_, goal_);
    CaDiCaL::Solver solver;
    Configure(&solver);
    for (int literal : formula.clauses.literals()) solver.add(literal);
    solver.connect_terminator(this);
    const std::int64_t patience = Patience();
    solver.limit("conflicts", static_cast<int>(patience));
    const int answer = solver.solve();
    solver.disconnect_terminator();
    conflicts_ += patience;
    if (answer == kSatisfiable) {
      const Schedule schedule = Read(formula, &solver);
      const ScheduleCheck check = CheckSchedule(problem_, schedule);
      if (!check.errors.empty())
        return absl::InternalError(absl::StrCat("a schedule breaks a rule: ", check.errors.front()));
      board_.OfferSchedule(schedule, check.breaks);
    } else if (answer == kUnsatisfiable) {
      if (goal_ == kAnyNumber) {
        board_.ProveInfeasible();
      } else {
        board_.ProveAtLeast(goal_ + 1);
      }
    }
    return answer == kSatisfiable || answer == kUnsatisfiable;
  }

  // Searches upwards take turns at being lucky and at a proof, which wants to be left alone for longer.
  bool Proves() const { return options_.direction == Direction::kUp && attempts_ % 2 == 0; }

  std::int64_t Patience() const {
    const std::int64_t first = Proves() ? 150'000 : 50'000;
    const std::int64_t patience = std::min<std::int64_t>(first << std::min(all_misses_ / 8, 12), 1'000'000'000);
    return std::min(patience, options_.max_conflicts - conflicts_);
  }

  void Configure(CaDiCaL::Solver* solver) {
    if (!Proves()) solver->configure("sat");
    solver->set("seed", options_.seed + attempts_);
    solver->set("quiet", 1);
  }

  Schedule Read(const ScheduleFormula& formula, CaDiCaL::Solver* solver) const {
    Schedule schedule;
    for (const std::vector<int>& row : formula.meeting_in_slot) {
      const auto at =
          std::find_if(row.begin(), row.end(), [solver](int x) { return x != Clauses::kFalse && solver->val(x) > 0; });
      schedule.push_back(static_cast<int>(at - row.begin()));
    }
    return schedule;
  }

  const BreakProblem& problem_;
  const SearchOptions& options_;
  BoundsBoard& board_;
  const SlotDomains domains_;
  int goal_ = kAnyNumber;
  int attempts_ = 0;
  int misses_ = 0;  // attempts in a row without an answer
  int all_misses_ = 0;
  std::int64_t conflicts_ = 0;
};

}  // namespace

absl::Status SearchBreaks(const BreakProblem& problem, const SearchOptions& options, BoundsBoard* board) {
  TANDEM_RETURN_IF_ERROR(ValidateBreakProblem(problem));
  return Search(problem, options, board).Run();
}

BreakResult ResultOf(const BoundsBoard& board) {
  const Bounds bounds = board.Get();
  BreakResult result;
  result.lower_bound = bounds.lower;
  if (bounds.infeasible) {
    result.state = BreakResult::State::kInfeasible;
  } else if (bounds.upper.has_value()) {
    result.state = bounds.settled() ? BreakResult::State::kOptimal : BreakResult::State::kFeasible;
    result.breaks = *bounds.upper;
    result.schedule = board.Best();
  }
  return result;
}

absl::StatusOr<BreakResult> SolveBreaks(const BreakProblem& problem, const SearchOptions& options) {
  BoundsBoard board;
  TANDEM_RETURN_IF_ERROR(SearchBreaks(problem, options, &board));
  return ResultOf(board);
}

}  // namespace tandem::breaks
