// Schedules of generated editions beside what no schedule can pass, and beside common practice, in one table.
//
// Two bounds: the flow's, of every row, and on request the time-indexed linear program's, of the smaller editions. Both
// goals are run: `people first` as the service does (and its bound is of schedules that seat as many), `value first`
// for the comparison with methods that know nothing but value. Editions with ways between halls and interpreters have
// bounds that know neither.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <functional>
#include <string>
#include <sys/utsname.h>
#include <thread>
#include <vector>

#include "CLI/CLI.hpp"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"

#include "services/pairing/meetings/scheduling/board.h"
#include "services/pairing/meetings/scheduling/first_fit.h"
#include "services/pairing/meetings/scheduling/repair.h"
#include "services/pairing/meetings/scheduling/scheduler.h"
#include "services/pairing/meetings/scheduling/selection_flow.h"
#include "services/pairing/meetings/scheduling/slot_matching.h"
#include "services/pairing/meetings/scheduling/verify.h"
#include "tests/bench/schedule/generated_edition.h"
#include "tests/bench/schedule/lp_bound.h"

namespace tandem::schedule_bench {
namespace {

using pairing::scheduling::Assess;
using pairing::scheduling::Board;
using pairing::scheduling::MakeSchedule;
using pairing::scheduling::Outcome;
using pairing::scheduling::Problem;
using pairing::scheduling::RepairRequest;
using pairing::scheduling::RepairSchedule;
using pairing::scheduling::Schedule;

struct Flags {
  uint64_t seed = 1;
  double lp_seconds = 0;
  std::string only;
};

std::vector<EditionSpec> Editions() {
  return {
      {"2000x500 full", 2000, 500, 27'000, 1, 0, false, false, false},
      {"2000x500 full, 300 tables", 2000, 500, 27'000, 1, 300, false, false, false},
      {"2000x500 .80, 300 tables", 2000, 500, 27'000, 0.80, 300, false, false, true},
      {"2000x500 .62, 300 tables", 2000, 500, 27'000, 0.62, 300, false, false, true},
      {"2000x500 .62", 2000, 500, 27'000, 0.62, 0, false, false, true},
      {"2000x500 .49 dense, 200 tables", 2000, 500, 110'000, 0.49, 200, false, false, true},
      {"10000x2000 full", 10'000, 2000, 526'000, 1, 0, false, false, false},
      {"10000x2000 .80", 10'000, 2000, 526'000, 0.80, 0, false, false, false},
      {"10000x2000 .80, 1000 tables", 10'000, 2000, 526'000, 0.80, 1000, false, false, false},
      {"10000x2000 .62, 1000 tables", 10'000, 2000, 526'000, 0.62, 1000, false, false, false},
      {"2000x500 .80, 300 tables, travel", 2000, 500, 27'000, 0.80, 300, true, false, false},
      {"2000x500 .80, 300 tables, interpreters", 2000, 500, 27'000, 0.80, 300, false, true, false},
      {"10000x2000 .80, 1000 tables, both", 10'000, 2000, 526'000, 0.80, 1000, true, true, false},
  };
}

double Seconds(const std::function<void()>& work) {
  const auto begin = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

std::string Processor() {
  std::ifstream info("/proc/cpuinfo");
  for (std::string line; std::getline(info, line);) {
    if (line.rfind("model name", 0) == 0) return line.substr(line.find(':') + 2);
  }
  return "unknown processor";
}

struct Bounds {
  int64_t flow = 0;
  double lp = 0;  // 0: not computed
};

void PrintRow(const char* method, const Problem& problem, const Outcome& made, const Bounds& bounds, double seconds) {
  const double value = static_cast<double>(made.value.value);
  const std::string lp = bounds.lp > 0 ? absl::StrFormat("%9.4f", 100 * value / bounds.lp) : "        -";
  const size_t broken = Verify(problem, made.schedule).size();
  std::printf("%s", absl::StrFormat("  %-22s %6d %8d %11d %9.4f %s %6d %6d %7.3f%s\n", method, made.people.value,
                                    made.meetings, made.value.value, 100 * value / static_cast<double>(bounds.flow), lp,
                                    made.gaps.value, made.gap_spread, seconds, broken > 0 ? "  BREAKS RULES" : "")
                        .c_str());
}

// Best meetings of the first slot, then of the second without those, and so on.
Schedule SlotBySlot(const Problem& problem) {
  Board board(problem);
  const std::vector<uint8_t> sides = pairing::scheduling::FindSides(problem);
  const std::vector<int32_t> all = pairing::scheduling::OpenWishesByValue(board);
  std::vector<int64_t> prices;
  for (int32_t slot = 0; slot < board.slots(); ++slot) RematchSlot(slot, all, sides, 0, &prices, &board);
  return board.ToSchedule();
}

// A program that runs out of time often has a bound that is looser than the flow's: then it says nothing.
Bounds BoundsOf(const EditionSpec& spec, const Problem& problem, const Outcome& made, int32_t seated,
                const Flags& flags) {
  Bounds bounds{made.value.bound, 0};
  if (!spec.lp_bound || flags.lp_seconds <= 0 || made.value.value == made.value.bound) return bounds;
  const LpBound lp = SolveLpBound(problem, seated, flags.lp_seconds);
  std::printf("  linear program%s: bound %.0f after %.1f s (limit %.0f s), %d rounds, %s\n",
              seated > 0 ? ", people first" : ", value first", lp.value, lp.seconds, flags.lp_seconds, lp.rounds,
              lp.optimal ? "optimal" : "out of time");
  std::fflush(stdout);
  if (lp.value <= static_cast<double>(bounds.flow)) bounds.lp = lp.value;
  return bounds;
}

// One meeting is cancelled, then another instead, and so on: from all over the schedule.
void RunRepairs(const Problem& problem, const Schedule& schedule) {
  constexpr size_t kRepairs = 20;
  std::vector<int32_t> placed;
  for (size_t i = 0; i < schedule.placements.size(); ++i) {
    if (schedule.placements[i].placed()) placed.push_back(static_cast<int32_t>(i));
  }
  std::vector<double> seconds;
  size_t added = 0;
  size_t moved = 0;
  for (size_t i = 0; i < kRepairs && !placed.empty(); ++i) {
    const RepairRequest request{{placed[i * placed.size() / kRepairs]}, {}, 0, 3};
    seconds.push_back(Seconds([&] {
      const auto done = RepairSchedule(problem, schedule, request);
      if (!done.ok()) return;
      added += done->added.size();
      moved += done->moved.size();
    }));
  }
  if (seconds.empty()) return;
  std::sort(seconds.begin(), seconds.end());
  std::printf(
      "  repair after a cancellation, %zu times: median %.3f s, longest %.3f s; %zu meetings filled in, %zu moved\n",
      kRepairs, seconds[kRepairs / 2], seconds.back(), added, moved);
}

int RunEdition(const EditionSpec& spec, const Flags& flags) {
  const Problem problem = GenerateEdition(spec, flags.seed);
  std::printf("\n%s: %zu wishes\n", spec.name.c_str(), problem.wishes.size());
  std::fflush(stdout);
  Outcome outcomes[2];
  double seconds[2];
  for (const bool people_first : {true, false}) {
    pairing::scheduling::Options options;
    options.people_first = people_first;
    const size_t i = people_first ? 0 : 1;
    seconds[i] = Seconds([&] {
      auto made = MakeSchedule(problem, options);
      if (made.ok()) outcomes[i] = *std::move(made);
    });
    if (outcomes[i].schedule.placements.empty()) return 1;
  }
  Schedule first_fit;
  const double first_fit_seconds = Seconds([&] {
    Board board(problem);
    FirstFit(&board);
    first_fit = board.ToSchedule();
  });
  Schedule slot_by_slot;
  const double slot_by_slot_seconds = Seconds([&] { slot_by_slot = SlotBySlot(problem); });

  const Bounds value_first = BoundsOf(spec, problem, outcomes[1], 0, flags);
  const Bounds people_first =
      BoundsOf(spec, problem, outcomes[0], static_cast<int32_t>(outcomes[0].people.value), flags);
  std::printf("  people who can be seated at most: %lld; value at most, by flow: %lld, and %lld if they are\n",
              static_cast<long long>(outcomes[0].people.bound), static_cast<long long>(value_first.flow),
              static_cast<long long>(people_first.flow));
  std::printf("  %-22s %6s %8s %11s %9s %9s %6s %6s %7s\n", "method", "people", "meetings", "value", "% of flow",
              "% of LP", "gaps", "spread", "s");
  PrintRow("first fit", problem, Assess(problem, first_fit), value_first, first_fit_seconds);
  PrintRow("slot by slot", problem, Assess(problem, slot_by_slot), value_first, slot_by_slot_seconds);
  PrintRow("tandem, value first", problem, outcomes[1], value_first, seconds[1]);
  PrintRow("tandem, people first", problem, outcomes[0], people_first, seconds[0]);
  RunRepairs(problem, outcomes[0].schedule);
  std::fflush(stdout);
  return 0;
}

int Main(int argc, char** argv) {
  Flags flags;
  CLI::App app("Schedules generated editions and prints how near they are to what no schedule can pass.");
  app.add_option("--seed", flags.seed, "what the editions are drawn from");
  app.add_option("--lp-seconds", flags.lp_seconds,
                 "most time for each linear program of the smaller editions; 0: none, the bound is the flow's");
  app.add_option("--only", flags.only, "only editions whose name contains this");
  CLI11_PARSE(app, argc, argv);

  utsname machine{};
  uname(&machine);
  std::printf("%s %s, %s, %u cores, %s UTC\n", machine.sysname, machine.machine, Processor().c_str(),
              std::thread::hardware_concurrency(),
              absl::FormatTime("%Y-%m-%d %H:%M", absl::Now(), absl::UTCTimeZone()).c_str());
  std::printf(
      "editions drawn from seed %llu: 20 slots on 2 days, at most 10 meetings a project and 20 an investor; one run "
      "each\n",
      static_cast<unsigned long long>(flags.seed));
  for (const EditionSpec& spec : Editions()) {
    if (spec.name.find(flags.only) == std::string::npos) continue;
    if (RunEdition(spec, flags) != 0) return 1;
  }
  return 0;
}

}  // namespace
}  // namespace tandem::schedule_bench

int main(int argc, char** argv) { return tandem::schedule_bench::Main(argc, argv); }
