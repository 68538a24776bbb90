// tandem-contend: contended operations over few slots, and proof that nobody and nothing was twice anywhere.
#include <cstdio>
#include <random>
#include <string>
#include <sys/utsname.h>
#include <thread>
#include <vector>

#include "CLI/CLI.hpp"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/time/clock.h"

#include "tests/fault/contend/contend.h"

namespace tandem::contend {
namespace {

constexpr int kSkipped = 77;
constexpr int64_t kEachKind = 5000;  // operations of which some of each kind are done

void PrintHead(const Options& options) {
  utsname machine{};
  uname(&machine);
  absl::PrintF("machine: %s %s %s, %d cores\n", machine.sysname, machine.release, machine.machine,
               std::thread::hardware_concurrency());
  absl::PrintF("date:    %s\n", absl::FormatTime("%Y-%m-%d %H:%M UTC", absl::Now(), absl::UTCTimeZone()));
  absl::PrintF("input:   %d operations of %d callers on two replicas over %s; seed %d\n", options.operations,
               options.callers, options.store, options.seed);
  std::fflush(stdout);
}

// True when nothing is wrong.
bool Print(const Report& report) {
  report.tally.Print(stdout);
  absl::PrintF("log: %d commits in %d editions checked:", report.commits, report.editions);
  for (const auto& [cause, count] : report.causes) absl::PrintF(" %s %d", cause, count);
  absl::PrintF(
      "\nacknowledged changes found in the log: %d; refusals for quotas checked: %d; %.1f s of checks at the end\n",
      report.acked, report.refusals, report.check_seconds);
  const auto& problems = report.problems;
  for (const std::string& text : problems.texts) absl::PrintF("VIOLATION %s\n", text);
  const std::vector<std::string> idle = report.tally.Idle();
  const bool all_kinds = idle.empty() || report.options.operations < kEachKind;
  if (!all_kinds) absl::PrintF("VIOLATION nothing was done by: %s\n", absl::StrJoin(idle, ", "));
  if (problems.all() > 0) {
    absl::PrintF("again, as far as timing allows: tools/check --contend %d --store %s --seed %d\n",
                 report.options.operations, report.options.store, report.options.seed);
  }
  absl::PrintF("contend operations=%d store=%s double=%d pairs=%d quotas=%d reports=%d history=%d seconds=%.1f\n",
               report.tally.all(), report.options.store, problems.doubled, problems.pairs, problems.quotas,
               problems.reports, problems.history, report.seconds);
  std::fflush(stdout);
  return problems.all() == 0 && all_kinds;
}

int RunAll(Options options) {
  std::vector<std::string> stores = {options.store};
  if (options.store == "all") stores = {"memory", "sqlite", "postgres"};
  int result = 0;
  for (const std::string& store : stores) {
    options.store = store;
    PrintHead(options);
    const auto report = Contend(options);
    if (!report.ok()) {
      const bool lacks = report.status().code() == absl::StatusCode::kUnavailable && store == "postgres";
      absl::FPrintF(stderr, "%s: %s\n", lacks ? "SKIPPED" : "FAILED", report.status().message());
      result = lacks && result != 1 ? kSkipped : 1;
      continue;
    }
    if (!Print(*report)) result = 1;
  }
  return result;
}

}  // namespace
}  // namespace tandem::contend

int main(int argc, char** argv) {
  CLI::App app("Contended operations on pairings and meetings over few slots; every commit is checked.",
               "tools/check --contend");
  tandem::contend::Options options;
  options.seed = std::random_device{}();
  app.add_option("--contend", options.operations, "So many operations")->check(CLI::PositiveNumber);
  app.add_option("--store", options.store, "memory, sqlite, postgres or all")->capture_default_str();
  app.add_option("--callers", options.callers, "So many callers")->capture_default_str()->check(CLI::Range(1, 1000));
  app.add_option("--seed", options.seed, "What callers choose; without, a random one");
  CLI11_PARSE(app, argc, argv);
  return tandem::contend::RunAll(options);
}
