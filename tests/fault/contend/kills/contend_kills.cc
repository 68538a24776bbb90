#include "tests/fault/contend/kills/contend_kills.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <memory>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

#include "common/base/status.h"
#include "common/catalog/fields.h"
#include "common/catalog/names.h"
#include "common/storage/postgres/postgres_store.h"
#include "tandem/investors/v1/investor.pb.h"
#include "tandem/projects/v1/project.pb.h"
#include "tests/fault/cluster/cluster.h"
#include "tests/fault/contend/kills/remote_door.h"
#include "tests/fault/contend/steps.h"
#include "tests/fault/contend/zones.h"
#include "tests/fault/faults/kills.h"
#include "tests/fault/faults/points.h"

namespace tandem::contend {
namespace {

using SteadyClock = std::chrono::steady_clock;

// Of the machine's own time: short, and long enough that some are answered.
constexpr absl::Duration kExpiry = absl::Seconds(3), kCooldown = absl::Seconds(1);
constexpr absl::Duration kSettle = absl::Seconds(60);  // until the last open request has expired
constexpr int64_t kMostOperations = 4'000'000;
constexpr char kPrefix[] = "zone-";

double SecondsSince(SteadyClock::time_point begin) {
  return std::chrono::duration<double>(SteadyClock::now() - begin).count();
}

class Run {
 public:
  explicit Run(const KillOptions& options) : options_(options), promises_(kMostOperations), random_(options.seed) {}

  absl::StatusOr<Report> Execute() {
    TANDEM_RETURN_IF_ERROR(Start());
    const auto begin = SteadyClock::now();
    std::vector<Steps> steps;
    for (int caller = 0; caller < options_.callers; ++caller)
      steps.emplace_back(&scene_, options_.seed * 1000 + static_cast<uint64_t>(caller));
    std::vector<std::thread> callers;
    for (Steps& caller : steps) callers.emplace_back([this, &caller] { Call(&caller); });
    absl::Status status = KillAndFollow(begin);
    stopping_ = true;
    status.Update(cluster_->processes().WaitUntilAllReady());
    for (std::thread& caller : callers) caller.join();
    report_.seconds = SecondsSince(begin);
    TANDEM_RETURN_IF_ERROR(status);
    TANDEM_RETURN_IF_ERROR(failure());
    const auto checking = SteadyClock::now();
    TANDEM_RETURN_IF_ERROR(AwaitExpiry());
    report_.editions = zones_->made();
    report_.kills = cluster_->processes().kills();
    TANDEM_RETURN_IF_ERROR(Conclude(steps, promises_, editions_.get(), kPrefix, witness_.get(), &report_));
    for (const std::string& complaint : cluster_->processes().complaints())
      report_.problems.Add(&pairing::Problems::history, complaint);
    report_.check_seconds = SecondsSince(checking);
    if (report_.problems.all() > 0) {
      cluster_->KeepFolder();
      absl::FPrintF(stderr, "logs: %s\n", cluster_->folder());
    }
    return std::move(report_);
  }

 private:
  absl::StatusOr<std::unique_ptr<RecordStore>> OpenStore(const std::string& schema) {
    PostgresOptions options;
    options.conninfo = cluster_->postgres().connection();
    options.schema = schema;
    return OpenPostgresStore(std::move(options));
  }

  absl::Status Start() {
    TANDEM_ASSIGN_OR_RETURN(cluster_, check::Cluster::Start(check::ClusterOptions()));
    TANDEM_ASSIGN_OR_RETURN(editions_, OpenStore("tandem_editions"));
    TANDEM_ASSIGN_OR_RETURN(projects_, OpenStore("tandem_projects"));
    TANDEM_ASSIGN_OR_RETURN(investors_, OpenStore("tandem_investors"));
    TANDEM_ASSIGN_OR_RETURN(KeyRing keys, KeyRing::LoadOrCreate(cluster_->keys_file()));
    keys_ = std::make_unique<KeyRing>(std::move(keys));
    zones_ = std::make_unique<Zones>(Zones::Options{editions_.get(), SystemClock(), kPrefix, kExpiry, kCooldown,
                                                    [this](const Zone& zone) { return WriteParties(zone); }});
    witness_ = std::make_unique<Witness>(editions_.get(), &promises_, kPrefix, &report_.problems);
    for (const std::string& address : cluster_->pairing()) {
      doors_.push_back(NewRemoteDoor(address, [this](const std::string& key) { return witness_->RecordNow(key); }));
    }
    for (const auto& door : doors_) scene_.doors.push_back(door.get());
    scene_.keys = keys_.get();
    scene_.promises = &promises_;
    scene_.at_least = [this] { return acknowledged_.load(); };
    scene_.at_most = [this] {
      const auto head = editions_->GetHead();
      return head.ok() ? head->revision : INT64_MAX;
    };
    scene_.acknowledged = [this](Revision revision) {
      Revision known = acknowledged_.load();
      while (known < revision && !acknowledged_.compare_exchange_weak(known, revision)) {
      }
    };
    scene_.insist = true;
    scene_.pause = [] { std::this_thread::sleep_for(std::chrono::milliseconds(20)); };
    return zones_->Of(0).status();
  }

  // Everybody of a zone takes part: records as their services would have written them.
  absl::Status WriteParties(const Zone& zone) {
    std::vector<Transaction> projects(1), investors(1);
    for (int i = 0; i < kProjects; ++i) {
      projects::v1::Project project;
      project.set_name(zone.Project(i));
      project.set_state(projects::v1::Project::STATE_PUBLISHED);
      projects[0].writes.push_back(
          Write::Put(catalog::RecordKey("projects", {zone.id, project.name().substr(project.name().rfind('/') + 1)}),
                     catalog::SerializeDeterministically(project)));
    }
    for (int i = 0; i < kInvestors; ++i) {
      investors::v1::Investor investor;
      investor.set_name(zone.Investor(i));
      investor.set_state(investors::v1::Investor::STATE_VERIFIED);
      investors[0].writes.push_back(
          Write::Put(catalog::RecordKey("investors", {zone.id, investor.name().substr(investor.name().rfind('/') + 1)}),
                     catalog::SerializeDeterministically(investor)));
    }
    TANDEM_RETURN_IF_ERROR(projects_->Commit(std::move(projects)).front().status);
    return investors_->Commit(std::move(investors)).front().status;
  }

  void Call(Steps* steps) {
    while (!stopping_) {
      const int64_t operation = next_++;
      if (operation >= kMostOperations) return;
      const auto zone = zones_->Of(operation);
      if (!zone.ok()) return Fail(zone.status());
      steps->Take(**zone, operation);
    }
  }

  absl::Status KillAndFollow(SteadyClock::time_point begin) {
    TANDEM_ASSIGN_OR_RETURN(auto points, check::FindPoints(TANDEM_SOURCE_DIR, {"common", "services"}));
    check::Killer killer(cluster_.get(), std::move(points));
    auto next_kill = begin + std::chrono::seconds(1), next_progress = begin + std::chrono::seconds(10);
    for (;;) {
      const int64_t kills = cluster_->processes().kills();
      if ((kills >= options_.kills && next_ >= options_.operations) || next_ >= kMostOperations)
        return absl::OkStatus();
      TANDEM_RETURN_IF_ERROR(failure());
      const auto now = SteadyClock::now();
      if (now >= next_kill) {
        random_() % 2 == 0 ? killer.KillAny(random_) : killer.ArmAny(random_);
        const double uniform = static_cast<double>(random_() >> 11) * 0x1.0p-53;
        const double pause = std::min(4.0, -std::log(1 - uniform)) * options_.pause;
        next_kill = now + std::chrono::milliseconds(static_cast<int>(pause * 1000));
      }
      TANDEM_RETURN_IF_ERROR(witness_->CatchUp(/*compact=*/false));
      if (now >= next_progress) {
        next_progress += std::chrono::seconds(10);
        absl::FPrintF(stderr, "kills %d/%d, %d operations, %d commits checked, %d problems, %.0f s\n", kills,
                      options_.kills, next_.load(), witness_->commits(), report_.problems.all(), SecondsSince(begin));
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
  }

  // The servers write until the last request has expired: nothing open may be forgotten.
  absl::Status AwaitExpiry() {
    const absl::Time end = absl::Now() + kSettle;
    for (;;) {
      TANDEM_RETURN_IF_ERROR(witness_->CatchUp(/*compact=*/false));
      int64_t open = 0;
      for (const auto& [name, pairing] : witness_->ledger().pairings())
        open += pairing.state() == v1::Pairing::STATE_REQUESTED;
      if (open == 0) return absl::OkStatus();
      if (absl::Now() > end) {
        report_.problems.Add(&pairing::Problems::history, absl::StrCat(open, " requests do not expire"));
        return absl::OkStatus();
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
  }

  void Fail(const absl::Status& status) {
    MutexLock lock(&mutex_);
    failure_.Update(status);
  }
  absl::Status failure() {
    MutexLock lock(&mutex_);
    return failure_;
  }

  const KillOptions options_;
  Report report_;
  std::unique_ptr<check::Cluster> cluster_;
  std::unique_ptr<RecordStore> editions_, projects_, investors_;
  std::unique_ptr<KeyRing> keys_;
  std::vector<std::unique_ptr<Door>> doors_;
  Promises promises_;
  std::unique_ptr<Zones> zones_;
  std::unique_ptr<Witness> witness_;
  Scene scene_;
  check::Random random_;
  std::atomic<int64_t> next_{0};
  std::atomic<Revision> acknowledged_{0};
  std::atomic<bool> stopping_{false};
  Mutex mutex_;
  absl::Status failure_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace

absl::StatusOr<Report> ContendUnderKills(const KillOptions& options) {
  auto report = Run(options).Execute();
  if (!report.ok()) return report.status();
  report->options.callers = options.callers;
  report->options.seed = options.seed;
  report->options.store = "postgres";
  report->options.operations = report->tally.all();
  return report;
}

}  // namespace tandem::contend
