// tandem-check: real processes under load and faults, and proof that nothing acknowledged is lost and no answer wrong.
#include <algorithm>
#include <cstdio>
#include <iostream>
#include <random>
#include <string>
#include <vector>

#include "CLI/CLI.hpp"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"

#include "tests/fault/results.h"
#include "tests/fault/run.h"
#include "tests/fault/sabotages/sabotages.h"
#include "tests/support/postgres/server.h"
#include "tests/support/redis_server.h"

namespace tandem::check {
namespace {

struct Flags {
  bool quick = false;
  int kills = 0, redis = 0, postgres = 0, rolling = 0, host = 0, disk = 0, all_in_one = 0;
  std::string sabotage;
  std::string seeds;
  std::string results;
};

struct Seeds {
  uint64_t from = 0;
  uint64_t to = 0;  // 0: as many as the mode's number asks for
};

// One mode: what one run of it does, and in how many runs its number is reached.
struct Mode {
  Plan plan;
  std::string flag;
  int runs = 0;
};

Plan NewPlan(std::string mode, Layout layout = Layout::kReplicas) {
  Plan plan;
  plan.mode = std::move(mode);
  plan.layout = layout;
  return plan;
}

// What a run does never depends on how many are asked for, so that its seed alone repeats it.
constexpr int kKillsARun = 60;

std::vector<Mode> ModesOf(const Flags& flags) {
  std::vector<Mode> modes;
  const auto add = [&](Plan plan, int Plan::*field, int a_run, int wanted) {
    if (wanted <= 0) return;
    plan.*field = a_run;
    modes.push_back({plan, absl::StrCat("--", plan.mode, " ", a_run), (wanted + a_run - 1) / a_run});
  };
  if (flags.quick) {
    Plan services = NewPlan("quick");
    services.kills = 40;
    services.redis = services.postgres = services.rolling = services.host = 1;
    // Of these no call may fail: a small machine has to have some time left.
    services.reads_per_second = 500;
    services.writes_per_second = 200;
    Plan all_in_one = NewPlan("quick-all-in-one", Layout::kAllInOne);
    all_in_one.kills = 12;
    all_in_one.disk = 2;
    modes.push_back({services, "--quick", 1});
    modes.push_back({all_in_one, "--quick", 1});
  }
  Plan kills = NewPlan("kills");
  kills.reads_per_second = 700;  // or reads, which are quicker, would leave the writes no processor
  kills.writers = 48;            // many of them wait for a replica that comes back
  add(kills, &Plan::kills, kKillsARun, flags.kills);
  Plan redis = NewPlan("redis");
  redis.reads_per_second = 500;
  redis.writes_per_second = 150;
  add(redis, &Plan::redis, 5, flags.redis);
  add(NewPlan("postgres"), &Plan::postgres, 2, flags.postgres);
  add(NewPlan("rolling"), &Plan::rolling, 2, flags.rolling);
  add(NewPlan("host"), &Plan::host, 5, flags.host);
  add(NewPlan("disk", Layout::kAllInOne), &Plan::disk, 10, flags.disk);
  add(NewPlan("all-in-one", Layout::kAllInOne), &Plan::kills, kKillsARun, flags.all_in_one);
  return modes;
}

bool ParseSeeds(const std::string& text, Seeds* seeds) {
  if (text.empty()) {
    seeds->from = std::random_device{}();
    return true;
  }
  const std::vector<std::string> ends = absl::StrSplit(text, absl::MaxSplits('-', 1));
  if (!absl::SimpleAtoi(ends[0], &seeds->from)) return false;
  return ends.size() == 1 || (absl::SimpleAtoi(ends[1], &seeds->to) && seeds->to >= seeds->from);
}

// One run, unless the file of results has it. False when the results cannot be kept.
bool RunOnce(const Mode& mode, uint64_t seed, Results* results) {
  if (results->Has(mode.plan.mode, seed)) return true;
  const std::string replay = absl::StrCat("tools/check ", mode.flag, " --seed ", seed);
  absl::FPrintF(stderr, "== %s\n", replay);
  const RunResult result = Execute(mode.plan, seed);
  for (const std::string& complaint : result.complaints) absl::FPrintF(stdout, "VIOLATION %s\n", complaint);
  if (!result.complaints.empty()) absl::FPrintF(stdout, "again, as far as timing allows: %s\n", replay);
  const Verdict& verdict = result.verdict;
  absl::FPrintF(stdout, "%s seed %d: kills %d acked %d lost %d reads %d stale %d wrong %d in %.0f s\n", result.mode,
                seed, result.kills, verdict.acked, verdict.lost + verdict.half, verdict.reads, verdict.stale,
                verdict.wrong, result.seconds);
  std::fflush(stdout);
  const absl::Status added = results->Add(result);
  if (!added.ok()) absl::FPrintF(stderr, "%s\n", added.message());
  return added.ok();
}

// Every rule broken on purpose, or one; who is not caught gets a second try. False as RunOnce, or when there is no such
// rule.
bool Sabotage(const std::string& which, uint64_t seed, Results* results) {
  const auto known = [&](const check::Sabotage& sabotage) { return results->Has("sabotage", seed, sabotage.rule); };
  if (which == "all" ? std::all_of(AllSabotages().begin(), AllSabotages().end(), known)
                     : results->Has("sabotage", seed, which)) {
    return true;
  }
  absl::FPrintF(stderr, "== tools/check --sabotage %s --seed %d\n", which, seed);
  absl::Status added;
  std::vector<std::string> again;
  bool last_try = false;
  SabotageOptions options;
  options.which = which;
  options.seed = seed;
  options.load_for = LoadFor;
  options.done = [&](const SabotageOutcome& outcome) {
    absl::FPrintF(stdout, "%s %-28s %5.1f s  %s\n", outcome.caught ? "caught" : "MISSED", outcome.rule, outcome.seconds,
                  outcome.how);
    std::fflush(stdout);
    if (results->Has("sabotage", seed, outcome.rule)) return;
    if (!outcome.caught && !last_try) return again.push_back(outcome.rule);
    added.Update(results->Add({outcome.rule, seed, outcome.caught, outcome.seconds, outcome.how}));
  };
  added.Update(RunSabotages(options).status());
  // Whether a breach shows within its time is a matter of chance and of who else uses the machine: once more, alone on
  // a new cluster.
  last_try = true;
  for (const std::string& rule : again) {
    options.which = rule;
    added.Update(RunSabotages(options).status());
  }
  if (!added.ok()) absl::FPrintF(stderr, "%s\n", added.message());
  return added.ok();
}

int RunAll(const Flags& flags) {
  Seeds seeds;
  if (!ParseSeeds(flags.seeds, &seeds)) {
    absl::FPrintF(stderr, "--seed %s is neither a number nor FROM-TO\n", flags.seeds);
    return 2;
  }
  auto results = Results::Open(flags.results);
  if (!results.ok()) {
    absl::FPrintF(stderr, "%s\n", results.status().message());
    return 2;
  }
  const std::vector<Mode> modes = ModesOf(flags);
  if (modes.empty() && flags.sabotage.empty() && flags.results.empty()) {
    absl::FPrintF(stderr, "nothing to do: see --help\n");
    return 2;
  }
  for (const Mode& mode : modes) {
    const uint64_t last = seeds.to > 0 ? seeds.to : seeds.from + static_cast<uint64_t>(mode.runs) - 1;
    for (uint64_t seed = seeds.from; seed <= last; ++seed) {
      if (!RunOnce(mode, seed, &*results)) return 2;
    }
  }
  const std::string sabotage = flags.quick ? "all" : flags.sabotage;
  for (uint64_t seed = seeds.from; !sabotage.empty() && seed <= std::max(seeds.from, seeds.to); ++seed) {
    if (!Sabotage(sabotage, seed, &*results)) return 2;
  }
  results->Print(stdout);
  return results->ok() ? 0 : 1;
}

void AddFlags(CLI::App* app, Flags* flags) {
  app->add_flag("--quick", flags->quick, "A bit of everything, in about five minutes");
  app->add_option("--kills", flags->kills, "So many kill -9, of processes at random and at named points");
  app->add_option("--redis", flags->redis, "Every fault of Redis so many times");
  app->add_option("--postgres", flags->postgres, "Every fault of PostgreSQL so many times");
  app->add_option("--rolling", flags->rolling,
                  "So many restarts of all replicas, one after the other, without a failed call");
  app->add_option("--host", flags->host, "So many times: a pairing replica stopped and started, clocks stepped");
  app->add_option("--disk", flags->disk,
                  "So many times a full disk, under the three services in one process on SQLite");
  app->add_option("--all-in-one", flags->all_in_one, "So many kill -9 of the three services in one process on SQLite");
  app->add_option("--sabotage", flags->sabotage, "Break this rule on purpose (or `all`, one by one) and see it caught");
  app->add_option("--seed", flags->seeds, "FROM or FROM-TO: one run for each; without, a random one");
  app->add_option("--results", flags->results,
                  "File of runs, one JSON line each: what stands there is not run again, and the totals are its");
}

constexpr int kSkipped = 77;

}  // namespace
}  // namespace tandem::check

int main(int argc, char** argv) {
  CLI::App app("Kills, cuts and confuses the services under load, and checks every write and answer.", "tandem-check");
  tandem::check::Flags flags;
  tandem::check::AddFlags(&app, &flags);
  CLI11_PARSE(app, argc, argv);
  // What a machine lacks is no violation.
  for (const absl::Status& installed :
       {tandem::PostgresServer::Installed(), tandem::testing::RedisServer::Installed()
                                                 ? absl::OkStatus()
                                                 : absl::UnavailableError("install the package `redis-server`")}) {
    if (installed.ok()) continue;
    std::fprintf(stderr, "SKIPPED: %s\n", std::string(installed.message()).c_str());
    return tandem::check::kSkipped;
  }
  return tandem::check::RunAll(flags);
}
