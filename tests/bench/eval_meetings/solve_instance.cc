#include "tests/bench/eval_meetings/solve_instance.h"

#include <thread>
#include <vector>

#include "common/base/status.h"

namespace tandem::eval_meetings {

absl::StatusOr<breaks::BreakResult> SolveInstance(const breaks::BreakProblem& problem, int threads,
                                                  std::chrono::steady_clock::time_point deadline) {
  breaks::BoundsBoard board;
  std::vector<absl::Status> statuses(static_cast<std::size_t>(threads));
  const auto search = [&](int thread) {
    breaks::SearchOptions options;
    options.direction = thread % 2 == 0 ? breaks::Direction::kDown : breaks::Direction::kUp;
    options.seed = thread * 1'000'000;
    options.stop = [deadline] { return std::chrono::steady_clock::now() >= deadline; };
    statuses[static_cast<std::size_t>(thread)] = SearchBreaks(problem, options, &board);
  };
  std::vector<std::thread> others;
  for (int thread = 1; thread < threads; ++thread) others.emplace_back(search, thread);
  search(0);
  for (std::thread& other : others) other.join();
  for (const absl::Status& status : statuses) TANDEM_RETURN_IF_ERROR(status);
  return ResultOf(board);
}

}  // namespace tandem::eval_meetings
