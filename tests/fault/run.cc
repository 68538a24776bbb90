#include "tests/fault/run.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <functional>
#include <memory>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

#include "common/base/status.h"
#include "tests/fault/faults/fault.h"
#include "tests/fault/faults/kills.h"
#include "tests/fault/faults/points.h"

namespace tandem::check {
namespace {

using SteadyClock = std::chrono::steady_clock;

constexpr std::chrono::seconds kProgress{5};
constexpr std::chrono::milliseconds kLook{2};
constexpr double kMeanKillPause = 0.8;                      // seconds, beside what a kill itself takes
constexpr absl::Duration kCalm = absl::Milliseconds(1200);  // until the breaker before Redis has closed again
constexpr absl::Duration kRecovery = absl::Seconds(60);     // the most until writes are acknowledged again
constexpr char kCalmPhase[] = "calm";

double SecondsSince(SteadyClock::time_point begin) {
  return std::chrono::duration<double>(SteadyClock::now() - begin).count();
}

class Run {
 public:
  Run(const Plan& plan, uint64_t seed) : plan_(plan), random_(seed) {
    result_.mode = plan.mode;
    result_.seed = seed;
  }

  RunResult Execute() {
    const absl::Status status = Start();
    if (!status.ok()) Complain(absl::StrCat("start: ", status.message()));
    if (status.ok()) Everything();
    if (load_ != nullptr) Judge();
    if (cluster_ != nullptr) {
      for (const std::string& complaint : cluster_->processes().complaints()) Complain(complaint);
      result_.kills = cluster_->processes().kills();
      if (!result_.complaints.empty()) {
        cluster_->KeepFolder();
        Complain(absl::StrCat("logs: ", cluster_->folder()));
      }
    }
    load_.reset();
    cluster_.reset();
    result_.seconds = SecondsSince(begin_);
    return std::move(result_);
  }

 private:
  void Complain(std::string complaint) { result_.complaints.push_back(std::move(complaint)); }
  bool Failed() const { return !result_.complaints.empty(); }

  absl::Status Start() {
    ClusterOptions options;
    options.layout = plan_.layout;
    TANDEM_ASSIGN_OR_RETURN(cluster_, Cluster::Start(options));
    LoadOptions load = LoadFor(*cluster_, result_.seed);
    load.reads_per_second = plan_.reads_per_second;
    load.writes_per_second = plan_.writes_per_second;
    load.writers = plan_.writers;
    TANDEM_ASSIGN_OR_RETURN(load_, Load::Start(std::move(load)));
    return absl::OkStatus();
  }

  void Everything() {
    Calm(absl::Seconds(2));
    if (plan_.redis > 0) Rounds("redis", plan_.redis, RedisFaults(), [this](const Fault& fault) { OfRedis(fault); });
    if (plan_.rolling > 0) Rolling();
    if (plan_.host > 0) Rounds("host", plan_.host, HostFaults(), [this](const Fault& fault) { WithoutFailure(fault); });
    if (plan_.postgres > 0) {
      Rounds("postgres", plan_.postgres, PostgresFaults(), [this](const Fault& fault) { OfAStore(fault); });
    }
    if (plan_.disk > 0) Rounds("disk", plan_.disk, DiskFaults(), [this](const Fault& fault) { OfAStore(fault); });
    if (plan_.kills > 0) Kills();
  }

  // Lets time pass, with a line of progress now and then. What is wrong already ends the run.
  void Sleep(absl::Duration duration) {
    const auto until = SteadyClock::now() + absl::ToChronoNanoseconds(duration);
    while (SteadyClock::now() < until && !Failed()) {
      std::this_thread::sleep_until(std::min(until, SteadyClock::now() + std::chrono::milliseconds(100)));
      Progress();
    }
  }

  void Progress() {
    if (SteadyClock::now() < next_progress_) return;
    next_progress_ = SteadyClock::now() + kProgress;
    const Counters counters = load_->counters();
    const Verdict verdict = load_->CheckSoFar();
    absl::FPrintF(stderr,
                  "%6.1f s  %s seed %d: %s  kills %d  acked %d  reads %d  unchecked %d  failed reads %d writes %d\n",
                  SecondsSince(begin_), plan_.mode, result_.seed, doing_, cluster_->processes().kills(), counters.acked,
                  counters.reads, verdict.unchecked, counters.failed_reads, counters.failed_writes);
    if (!verdict.ok()) Complain("the verdict is not clean already");
    if (!cluster_->processes().complaints().empty()) Complain("a process ended by itself");
  }

  void Calm(absl::Duration duration) {
    doing_ = kCalmPhase;
    load_->BeginPhase(kCalmPhase);
    Sleep(duration);
  }

  void Rounds(const std::string& family, int rounds, std::vector<Fault> faults,
              const std::function<void(const Fault&)>& suffer) {
    for (int round = 1; round <= rounds && !Failed(); ++round) {
      for (size_t i = faults.size(); i > 1; --i) std::swap(faults[i - 1], faults[random_() % i]);
      for (const Fault& fault : faults) {
        if (Failed()) return;
        doing_ = absl::StrCat(family, " ", round, "/", rounds, " ", fault.name);
        suffer(fault);
        ++result_.faults[fault.name].count;
      }
    }
    for (const Fault& fault : faults) {
      FaultRow& row = result_.faults[fault.name];
      row.reads = load_->ReadLatency(fault.name, false);
      row.failed_reads = load_->FailedReads(fault.name);
      row.failed_writes = load_->FailedWrites(fault.name);
    }
  }

  // Injects, holds and heals within the fault's own phase.
  void Hold(const Fault& fault) {
    load_->BeginPhase(fault.name);
    absl::Status status = fault.inject(*cluster_, random_);
    if (!status.ok()) Complain(absl::StrCat(fault.name, " cannot be made: ", status.message()));
    Sleep(fault.hold);
    status = fault.heal(*cluster_, random_);
    if (!status.ok()) Complain(absl::StrCat(fault.name, " does not end: ", status.message()));
  }

  void WithoutFailure(const Fault& fault) {
    Hold(fault);
    Calm(kCalm);
    ExpectNoFailure(fault.name);
  }

  void ExpectNoFailure(const std::string& phase) {
    const int64_t reads = load_->FailedReads(phase), writes = load_->FailedWrites(phase);
    if (reads + writes > 0) {
      Complain(absl::StrCat(phase, ": ", reads, " reads and ", writes, " writes failed, but none may"));
    }
  }

  void OfRedis(const Fault& fault) {
    const uint64_t changed = cluster_->redis_proxy().faults();
    WithoutFailure(fault);
    result_.faults[fault.name].changed += static_cast<int64_t>(cluster_->redis_proxy().faults() - changed);
  }

  // Failures are allowed while the store is away; afterwards writes go on without a restart of anything.
  void OfAStore(const Fault& fault) {
    Hold(fault);
    if (Failed()) return;
    FaultRow& row = result_.faults[fault.name];
    const auto healed = SteadyClock::now();
    const int64_t acked = load_->counters().acked;
    while (load_->counters().acked == acked) {
      if (SecondsSince(healed) > absl::ToDoubleSeconds(kRecovery)) {
        Complain(absl::StrCat(fault.name, ": no write is acknowledged ", absl::FormatDuration(kRecovery), " after it"));
        return;
      }
      std::this_thread::sleep_for(kLook);
    }
    row.first_ack.push_back(SecondsSince(healed));
    // Some of the faults hit one process: it has recovered when every call that was out has its answer.
    const absl::Status paused = load_->Pause();
    row.all_done.push_back(SecondsSince(healed));
    load_->Resume();
    if (!paused.ok()) Complain(absl::StrCat(fault.name, ": calls remain unanswered: ", paused.message()));
    Calm(absl::Milliseconds(500));
  }

  void Rolling() {
    const std::string phase = "rolling-restart";
    for (int i = 1; i <= plan_.rolling && !Failed(); ++i) {
      doing_ = absl::StrCat(phase, " ", i, "/", plan_.rolling);
      load_->BeginPhase(phase);
      const absl::Status status = RollingRestart(*cluster_, [this] { Sleep(absl::Milliseconds(300)); });
      if (!status.ok()) Complain(absl::StrCat(phase, ": ", status.message()));
      Calm(kCalm);
      FaultRow& row = result_.faults[phase];
      ++row.count;
      row.reads = load_->ReadLatency(phase, false);
      row.failed_reads = load_->FailedReads(phase);
      row.failed_writes = load_->FailedWrites(phase);
      ExpectNoFailure(phase);
    }
  }

  void Kills() {
    load_->BeginPhase("kills");
    auto points = FindPoints(TANDEM_SOURCE_DIR, {"common", "services"});
    if (!points.ok()) return Complain(std::string(points.status().message()));
    Killer killer(cluster_.get(), *std::move(points));
    const int64_t before = cluster_->processes().kills();
    while (cluster_->processes().kills() - before < plan_.kills && !Failed()) {
      doing_ = absl::StrCat("kills ", cluster_->processes().kills() - before, "/", plan_.kills);
      // Exponential, so that some come while the last one's process is still starting.
      const double uniform = static_cast<double>(random_() >> 11) * 0x1.0p-53;
      Sleep(absl::Seconds(std::min(3.0, -kMeanKillPause * std::log(1 - uniform))));
      if (random_() % 2 == 0) {
        killer.KillAny(random_);
      } else {
        killer.ArmAny(random_);
      }
    }
    killer.Count();
    result_.points = killer.at_points();
    result_.unpassed = killer.Unpassed();
  }

  void Judge() {
    doing_ = "verdict";
    const absl::Status ready = cluster_->processes().WaitUntilAllReady();
    if (!ready.ok()) Complain(std::string(ready.message()));
    result_.misses = load_->ReadLatency(kCalmPhase, true);
    result_.verdict = load_->Finish();
    for (const std::string& complaint : result_.verdict.complaints) Complain(complaint);
    if (!result_.verdict.ok() && result_.verdict.complaints.empty()) Complain("the verdict is not clean");
  }

  const Plan plan_;
  Random random_;
  RunResult result_;
  std::unique_ptr<Cluster> cluster_;
  std::unique_ptr<Load> load_;
  std::string doing_ = "start";
  const SteadyClock::time_point begin_ = SteadyClock::now();
  SteadyClock::time_point next_progress_ = begin_ + kProgress;
};

}  // namespace

LoadOptions LoadFor(const Cluster& cluster, uint64_t seed) {
  LoadOptions options;
  options.at = {cluster.projects(), cluster.investors(), cluster.pairing()};
  if (cluster.layout() == Layout::kReplicas) {
    const auto store = [&](absl::string_view name) {
      return absl::StrCat("tandem_", name, " ", cluster.postgres().connection());
    };
    options.stores = {store("projects"), store("investors"), store("editions")};
  }
  options.keys_file = cluster.keys_file();
  options.seed = seed;
  return options;
}

RunResult Execute(const Plan& plan, uint64_t seed) { return Run(plan, seed).Execute(); }

}  // namespace tandem::check
