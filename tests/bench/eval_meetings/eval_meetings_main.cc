// Solves a folder of meeting schedules and compares with the best values known. `tools/eval meetings` builds and starts
// it.
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include "CLI/CLI.hpp"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

#include "common/base/status.h"
#include "services/pairing/meetings/breaks/schedule_check.h"
#include "tests/bench/eval_meetings/meetings_folder.h"
#include "tests/bench/eval_meetings/solve_instance.h"

namespace tandem::eval_meetings {
namespace {

using breaks::BreakResult;
using Clock = std::chrono::steady_clock;

struct Options {
  std::string folder;
  std::string out;
  std::string only;
  double seconds = 60;
  int threads = 2;
};

struct Summary {
  int instances = 0, reached = 0, better = 0, worse = 0, infeasible = 0, unknown = 0, optimal = 0, without_best = 0;
};

double SecondsSince(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

std::string Answer(const BreakResult& result) {
  if (result.state == BreakResult::State::kInfeasible) return "INFEASIBLE";
  return result.state == BreakResult::State::kUnknown ? "UNKNOWN" : absl::StrCat(result.breaks);
}

// An INFEASIBLE that has a schedule is better than known; a known schedule where there is said to be none is worse.
void Count(const BreakResult& result, const std::string& best, Summary* summary) {
  const std::string answer = Answer(result);
  ++summary->instances;
  summary->infeasible += result.state == BreakResult::State::kInfeasible;
  summary->optimal += result.state == BreakResult::State::kOptimal;
  int known = 0;
  if (answer == "UNKNOWN") {
    ++summary->unknown;
  } else if (best == "UNKNOWN") {
    ++summary->without_best;
  } else if (answer == best) {
    summary->reached += best != "INFEASIBLE";
  } else if (answer != "INFEASIBLE" && (!absl::SimpleAtoi(best, &known) || result.breaks < known)) {
    ++summary->better;
  } else {
    ++summary->worse;
  }
}

absl::Status WriteSchedule(const std::string& path, const breaks::Schedule& schedule) {
  std::ofstream file(path);
  file << FormatSchedule(schedule);
  file.flush();
  return file.good() ? absl::OkStatus() : absl::DataLossError(absl::StrCat(path, ": not written whole"));
}

absl::Status SolveOne(const Options& options, const InstanceFile& file, const std::string& best, Summary* summary) {
  const Clock::time_point start = Clock::now();
  TANDEM_ASSIGN_OR_RETURN(const std::string text, ReadWholeFile(file.path));
  const absl::StatusOr<breaks::BreakProblem> problem = ParseInstance(text);
  if (!problem.ok()) return absl::InvalidArgumentError(absl::StrCat(file.path, ": ", problem.status().message()));
  const auto limit = std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(options.seconds));
  TANDEM_ASSIGN_OR_RETURN(const BreakResult result, SolveInstance(*problem, options.threads, start + limit));
  std::printf("instance=%s breaks=%s best=%s seconds=%.1f\n", file.name.c_str(), Answer(result).c_str(), best.c_str(),
              SecondsSince(start));
  std::fflush(stdout);
  Count(result, best, summary);
  const bool found = result.state == BreakResult::State::kOptimal || result.state == BreakResult::State::kFeasible;
  if (options.out.empty() || !found) return absl::OkStatus();
  return WriteSchedule(absl::StrCat(options.out, "/", file.name, ".slots"), result.schedule);
}

absl::Status Run(const Options& options) {
  const Clock::time_point start = Clock::now();
  TANDEM_ASSIGN_OR_RETURN(const std::vector<InstanceFile> files, ListInstances(options.folder, options.only));
  std::map<std::string, std::string> best;
  const std::string best_file = absl::StrCat(options.folder, "/best_known.csv");
  if (std::filesystem::exists(best_file)) {
    TANDEM_ASSIGN_OR_RETURN(const std::string csv, ReadWholeFile(best_file));
    TANDEM_ASSIGN_OR_RETURN(best, ParseBestKnown(csv));
  }
  if (!options.out.empty()) {
    std::error_code error;
    std::filesystem::create_directories(options.out, error);
    if (error) return absl::FailedPreconditionError(absl::StrCat(options.out, ": ", error.message()));
  }
  Summary summary;
  for (const InstanceFile& file : files) {
    const auto known = best.find(file.name);
    TANDEM_RETURN_IF_ERROR(SolveOne(options, file, known == best.end() ? "UNKNOWN" : known->second, &summary));
  }
  std::printf(
      "summary instances=%d best_reached=%d better=%d worse=%d infeasible_proved=%d unknown=%d optimal_proved=%d "
      "without_best=%d "
      "seconds=%.1f\n",
      summary.instances, summary.reached, summary.better, summary.worse, summary.infeasible, summary.unknown,
      summary.optimal, summary.without_best, SecondsSince(start));
  return absl::OkStatus();
}

}  // namespace
}  // namespace tandem::eval_meetings

int main(int argc, char** argv) {
  tandem::eval_meetings::Options options;
  CLI::App app("Solves the meeting schedules of a folder and compares with the best values known.");
  app.add_option("DIR", options.folder, "folder with instances/*.dzn and, if known, best_known.csv")->required();
  app.add_option("--out", options.out, "folder that takes each schedule as NAME.slots; made if it is not there");
  app.add_option("--seconds", options.seconds, "wall limit an instance")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  app.add_option("--only", options.only, "only instances whose name contains this");
  app.add_option("--threads", options.threads, "searches at once")->check(CLI::Range(1, 64))->capture_default_str();
  CLI11_PARSE(app, argc, argv);
  const absl::Status status = tandem::eval_meetings::Run(options);
  if (!status.ok()) std::fprintf(stderr, "tandem-eval-meetings: %s\n", std::string(status.message()).c_str());
  return status.ok() ? 0 : 1;
}
