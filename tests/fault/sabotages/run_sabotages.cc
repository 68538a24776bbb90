#include <chrono>
#include <sys/wait.h>
#include <thread>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"

#include "common/base/status.h"
#include "tests/e2e/server_process.h"
#include "tests/fault/sabotages/provocation.h"
#include "tests/fault/sabotages/sabotages.h"
#include "tests/fault/switches/control_page.h"
#include "tests/support/child.h"

namespace tandem::check {
namespace {

using SteadyClock = std::chrono::steady_clock;

constexpr std::chrono::seconds kLimit{
    60};  // until a breach must have shown: most do within a second of a quiet machine
constexpr std::chrono::milliseconds kLook{20};
constexpr std::chrono::milliseconds kClean{700};  // of each provocation without a breach

// Writes a second; 0: as many as there can be.
double WritesOf(Pace pace) { return pace == Pace::kCalm ? 40 : pace == Pace::kBusy ? 200 : 0; }

double SecondsSince(SteadyClock::time_point begin) {
  return std::chrono::duration<double>(SteadyClock::now() - begin).count();
}

int64_t CountOf(const Verdict& verdict, Shows shows) {
  switch (shows) {
    case Shows::kLost:
      return verdict.lost;
    case Shows::kHalf:
      return verdict.half;
    case Shows::kWrites:
      return verdict.lost + verdict.half;
    case Shows::kAnswers:
      return verdict.stale + verdict.wrong;
    case Shows::kStale:
      return verdict.stale;
    case Shows::kWrong:
      return verdict.wrong;
    case Shows::kWatchFaults:
      return verdict.watch_faults;
    case Shows::kAny:
      break;
  }
  return verdict.lost + verdict.half + verdict.stale + verdict.wrong + verdict.watch_faults;
}

// Which counts rose, as text.
std::string Rise(const Verdict& before, const Verdict& now) {
  std::vector<std::string> words;
  const auto add = [&](const char* name, int64_t rise) {
    if (rise > 0) words.push_back(absl::StrCat(name, " ", rise));
  };
  add("lost", now.lost - before.lost);
  add("half", now.half - before.half);
  add("stale", now.stale - before.stale);
  add("wrong", now.wrong - before.wrong);
  add("watch faults", now.watch_faults - before.watch_faults);
  return absl::StrJoin(words, ", ");
}

bool InCluster(const Sabotage& sabotage) { return *sabotage.test == '\0'; }

// One cluster and, as long as what is stored is right, one load.
class Ground {
 public:
  explicit Ground(const SabotageOptions& options) : options_(options) {}

  // Ready for the next sabotage: everything runs, nothing wrong is kept anywhere, and the check has caught up.
  absl::Status Prepare(Pace pace) {
    if (cluster_ == nullptr) {
      TANDEM_ASSIGN_OR_RETURN(cluster_, Cluster::Start(ClusterOptions()));
    }
    TANDEM_RETURN_IF_ERROR(cluster_->processes().WaitUntilAllReady());
    if (pace != pace_) load_.reset();
    if (load_ == nullptr) {
      LoadOptions load = options_.load_for(*cluster_, options_.seed);
      load.edition = absl::StrCat("sabotage-", ++editions_);
      load.writes_per_second = WritesOf(pace);
      pace_ = pace;
      TANDEM_ASSIGN_OR_RETURN(load_, Load::Start(std::move(load)));
    }
    return absl::OkStatus();
  }

  // Without any breach: what the provocations by themselves do must be no finding.
  absl::Status ExpectClean(const std::vector<Sabotage>& sabotages) {
    for (const Sabotage& sabotage : sabotages) {
      Provocation provocation(cluster_.get(), sabotage, "");
      Watch(&provocation, kClean, [] { return false; });
    }
    TANDEM_RETURN_IF_ERROR(cluster_->processes().WaitUntilAllReady());
    TANDEM_RETURN_IF_ERROR(load_->Pause());
    TANDEM_RETURN_IF_ERROR(Settle());
    load_->Resume();
    const Verdict verdict = load_->CheckSoFar();
    if (verdict.ok()) return absl::OkStatus();
    return absl::InternalError(absl::StrCat("the run is not clean while no rule is broken: ", Rise(Verdict(), verdict),
                                            "; ", absl::StrJoin(verdict.complaints, "; ")));
  }

  SabotageOutcome Break(const Sabotage& sabotage) {
    SabotageOutcome outcome;
    const Verdict before = load_->CheckSoFar();
    Verdict now = before;
    const auto begin = SteadyClock::now();
    uint64_t breaks = 0;
    {
      Provocation provocation(cluster_.get(), sabotage, sabotage.rule);
      outcome.caught = Watch(&provocation, kLimit, [&] {
        now = load_->CheckSoFar();
        return provocation.breaks() > 0 && CountOf(now, sabotage.shows) > CountOf(before, sabotage.shows);
      });
      breaks = provocation.breaks();
    }
    outcome.seconds = SecondsSince(begin);
    outcome.how = absl::StrCat(outcome.caught ? Rise(before, now) : "nothing noticed", " after ", breaks, " breaches");
    if (outcome.caught && now.complaints.size() > before.complaints.size()) {
      absl::StrAppend(&outcome.how, ": ", now.complaints[before.complaints.size()].substr(0, 300));
    }
    return outcome;
  }

  // Forgets what a breach left behind in processes and Redis, or in the store.
  absl::Status CleanUp(const Sabotage& sabotage) {
    if (sabotage.spoils_store) load_.reset();
    if (load_ != nullptr) TANDEM_RETURN_IF_ERROR(load_->Pause());
    for (const size_t process : cluster_->ProcessesOf("pairing")) cluster_->processes().Kill(process);
    TANDEM_RETURN_IF_ERROR(cluster_->processes().WaitUntilAllReady());
    // After the end of who wrote it, and of what was on its way.
    TANDEM_RETURN_IF_ERROR(cluster_->redis().Command({"FLUSHALL"}).status());
    if (load_ == nullptr) return absl::OkStatus();
    TANDEM_RETURN_IF_ERROR(Settle());
    load_->Resume();
    return absl::OkStatus();
  }

  void Drop() {
    load_.reset();
    cluster_.reset();
  }

 private:
  template <typename Done>
  bool Watch(Provocation* provocation, std::chrono::milliseconds limit, const Done& done) {
    const auto end = SteadyClock::now() + limit;
    while (SteadyClock::now() < end) {
      provocation->Step();
      if (done()) return true;
      std::this_thread::sleep_for(kLook);
    }
    return false;
  }

  // Waits until the check has looked at everything: no count moves any more.
  absl::Status Settle() {
    Verdict last = load_->CheckSoFar();
    int same = 0;
    for (const auto end = SteadyClock::now() + std::chrono::seconds(20); same < 15;) {
      if (SteadyClock::now() > end) return absl::DeadlineExceededError("the check does not catch up");
      std::this_thread::sleep_for(kLook);
      Verdict now = load_->CheckSoFar();
      const bool still = now.unchecked == last.unchecked && now.reads == last.reads &&
                         CountOf(now, Shows::kAny) == CountOf(last, Shows::kAny);
      same = still ? same + 1 : 0;
      last = std::move(now);
    }
    return absl::OkStatus();
  }

  const SabotageOptions& options_;
  std::unique_ptr<Cluster> cluster_;
  std::unique_ptr<Load> load_;
  Pace pace_ = Pace::kCalm;  // of load_
  int editions_ = 0;
};

// The exit code of a test program under the control page.
absl::StatusOr<int> RunTest(const std::string& test, const std::string& folder) {
  const std::pair<std::string, std::string> parts = absl::StrSplit(test, absl::MaxSplits(':', 1));
  testing::ChildOptions child;
  child.words = {e2e::BinaryPath(parts.first), "--gtest_brief=1", absl::StrCat("--gtest_filter=", parts.second)};
  child.out = folder + "/test.log";
  child.environment = {absl::StrCat(kControlPageVariable, "=", folder, "/page")};
  int status = 0;
  const pid_t pid = testing::StartChild(child);
  if (pid < 0 || waitpid(pid, &status, 0) != pid) return absl::InternalError(absl::StrCat("cannot run ", test));
  if (WIFEXITED(status) && (WEXITSTATUS(status) == 126 || WEXITSTATUS(status) == 127)) {
    return absl::NotFoundError(absl::StrCat("there is no program for ", test, ": build it"));
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

absl::StatusOr<SabotageOutcome> BreakInTest(const Sabotage& sabotage) {
  SabotageOutcome outcome;
  const auto begin = SteadyClock::now();
  const e2e::TempFolder folder;
  TANDEM_ASSIGN_OR_RETURN(const auto page, ControlPage::Create(folder.File("page")));
  TANDEM_ASSIGN_OR_RETURN(const int clean, RunTest(sabotage.test, folder.path()));
  if (clean != 0) return absl::InternalError(absl::StrCat(sabotage.test, " fails while no rule is broken"));
  page->BreakRule(sabotage.rule);
  TANDEM_ASSIGN_OR_RETURN(const int broken, RunTest(sabotage.test, folder.path()));
  outcome.caught = broken == 1 && page->breaks() > 0;  // what GoogleTest ends with when a test fails
  outcome.seconds = SecondsSince(begin);
  outcome.how = absl::StrCat(sabotage.test, " ended with ", broken, " after ", page->breaks(), " breaches");
  return outcome;
}

}  // namespace

absl::StatusOr<std::vector<SabotageOutcome>> RunSabotages(const SabotageOptions& options) {
  std::vector<Sabotage> wanted;
  for (const Sabotage& sabotage : AllSabotages()) {
    const bool named = options.which == sabotage.rule || absl::StartsWith(sabotage.rule, options.which + "/");
    if (options.which == "all" || named) wanted.push_back(sabotage);
  }
  if (wanted.empty()) return absl::InvalidArgumentError(absl::StrCat("there is no rule ", options.which));
  std::vector<Sabotage> provocations;
  for (const Sabotage& sabotage : wanted) {
    if (InCluster(sabotage)) provocations.push_back(sabotage);
  }
  std::vector<SabotageOutcome> outcomes;
  Ground ground(options);
  bool clean = false;  // was shown to be
  const auto try_one = [&](const Sabotage& sabotage) -> absl::StatusOr<SabotageOutcome> {
    if (!InCluster(sabotage)) return BreakInTest(sabotage);
    TANDEM_RETURN_IF_ERROR(ground.Prepare(sabotage.pace));
    if (!std::exchange(clean, true)) TANDEM_RETURN_IF_ERROR(ground.ExpectClean(provocations));
    SabotageOutcome outcome = ground.Break(sabotage);
    TANDEM_RETURN_IF_ERROR(ground.CleanUp(sabotage));
    return outcome;
  };
  for (const Sabotage& sabotage : wanted) {
    absl::StatusOr<SabotageOutcome> outcome = try_one(sabotage);
    if (!outcome.ok()) {
      ground.Drop();
      SabotageOutcome failed;
      failed.how = std::string(outcome.status().message());
      outcome = std::move(failed);
    }
    outcome->rule = sabotage.rule;
    if (options.done) options.done(*outcome);
    outcomes.push_back(*std::move(outcome));
  }
  return outcomes;
}

}  // namespace tandem::check
