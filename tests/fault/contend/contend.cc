#include "tests/fault/contend/contend.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

#include "common/base/mutex.h"
#include "common/base/status.h"
#include "tests/fault/contend/audit.h"
#include "tests/fault/contend/local_door.h"
#include "tests/fault/contend/steps.h"
#include "tests/fault/contend/stores.h"
#include "tests/fault/contend/zones.h"

namespace tandem::contend {
namespace {

using SteadyClock = std::chrono::steady_clock;

constexpr absl::Duration kExpiry = absl::Minutes(10), kCooldown = absl::Minutes(2);
constexpr int kMeanStep = 20'000;  // microseconds that pass with an operation
constexpr char kPrefix[] = "zone-";

double SecondsSince(SteadyClock::time_point begin) {
  return std::chrono::duration<double>(SteadyClock::now() - begin).count();
}

// Stands still but for what callers let pass.
class SharedClock final : public Clock {
 public:
  absl::Time Now() const override { return absl::FromUnixMicros(micros_.load()); }
  void Pass(int64_t micros) { micros_ += micros; }
  void PassTo(absl::Time time) {
    const int64_t to = absl::ToUnixMicros(time);
    int64_t now = micros_.load();
    while (now < to && !micros_.compare_exchange_weak(now, to)) {
    }
  }

 private:
  std::atomic<int64_t> micros_{1'800'000'000'000'000};
};

class Run {
 public:
  explicit Run(const Options& options) : promises_(options.operations) { report_.options = options; }

  absl::StatusOr<Report> Execute() {
    const Options& options = report_.options;
    TANDEM_ASSIGN_OR_RETURN(stores_, OpenStores(options.store));
    for (RecordStore* store : stores_->of_replica) {
      TANDEM_ASSIGN_OR_RETURN(doors_.emplace_back(), OpenLocalDoor(store, &keys_, &clock_));
    }
    PrepareScene();
    zones_ = std::make_unique<Zones>(
        Zones::Options{stores_->of_replica[0], &clock_, kPrefix, kExpiry, kCooldown, /*prepare=*/nullptr});
    Witness witness(stores_->of_replica[0], &promises_, kPrefix, &report_.problems);
    TANDEM_RETURN_IF_ERROR(zones_->Of(0).status());
    const auto begin = SteadyClock::now();
    std::vector<Steps> steps;
    for (int caller = 0; caller < options.callers; ++caller)
      steps.emplace_back(&scene_, options.seed * 1000 + static_cast<uint64_t>(caller));
    std::vector<std::thread> callers;
    for (Steps& caller : steps) callers.emplace_back([this, &caller] { Call(&caller); });
    absl::Status followed;
    std::thread follower([&] { followed = Follow(&witness, begin); });
    for (std::thread& caller : callers) caller.join();
    report_.seconds = SecondsSince(begin);
    done_ = true;
    follower.join();
    TANDEM_RETURN_IF_ERROR(followed);
    TANDEM_RETURN_IF_ERROR(failure());
    const auto checking = SteadyClock::now();
    report_.editions = zones_->made();
    TANDEM_RETURN_IF_ERROR(Conclude(steps, promises_, stores_->of_replica[0], kPrefix, &witness, &report_));
    report_.check_seconds = SecondsSince(checking);
    return std::move(report_);
  }

 private:
  void PrepareScene() {
    for (const auto& door : doors_) scene_.doors.push_back(door.get());
    scene_.keys = &keys_;
    scene_.promises = &promises_;
    scene_.at_least = [this] { return acknowledged_.load(); };
    scene_.at_most = [this] {
      const auto head = stores_->of_replica[0]->GetHead();
      return head.ok() ? head->revision : INT64_MAX;
    };
    scene_.acknowledged = [this](Revision revision) {
      Revision known = acknowledged_.load();
      while (known < revision && !acknowledged_.compare_exchange_weak(known, revision)) {
      }
    };
    scene_.pass_to = [this](absl::Time time) { clock_.PassTo(time); };
  }

  void Call(Steps* steps) {
    for (;;) {
      const int64_t operation = next_++;
      if (operation >= report_.options.operations) return;
      const auto zone = zones_->Of(operation);
      if (!zone.ok()) return Fail(zone.status());
      clock_.Pass(operation % (2 * kMeanStep));
      steps->Take(**zone, operation);
    }
  }

  // Until the callers have left, and everything was read.
  absl::Status Follow(Witness* witness, SteadyClock::time_point begin) {
    auto next_progress = begin + std::chrono::seconds(10);
    for (;;) {
      const bool last = done_.load();
      TANDEM_RETURN_IF_ERROR(witness->CatchUp(/*compact=*/true));
      if (last) return absl::OkStatus();
      if (SteadyClock::now() > next_progress) {
        next_progress += std::chrono::seconds(10);
        absl::FPrintF(stderr, "%s: %d of %d operations, %d commits checked, %d problems, %.0f s\n",
                      report_.options.store, std::min(next_.load(), report_.options.operations),
                      report_.options.operations, witness->commits(), report_.problems.all(), SecondsSince(begin));
      }
      stores_->of_replica[0]->WaitForChange(witness->through(), SteadyClock::now() + std::chrono::milliseconds(100));
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

  Report report_;
  const KeyRing keys_ = KeyRing::ForTests();
  SharedClock clock_;
  std::unique_ptr<Stores> stores_;
  std::vector<std::unique_ptr<Door>> doors_;
  std::unique_ptr<Zones> zones_;
  Promises promises_;
  Scene scene_;
  std::atomic<int64_t> next_{0};
  std::atomic<Revision> acknowledged_{0};
  std::atomic<bool> done_{false};
  Mutex mutex_;
  absl::Status failure_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace

absl::Status Conclude(const std::vector<Steps>& steps, const Promises& promises, RecordStore* store,
                      const std::string& prefix, Witness* witness, Report* report) {
  using pairing::Problems;
  Problems* const problems = &report->problems;
  for (const Steps& caller : steps) {
    report->tally.Merge(caller.tally());
    witness->Check(caller.refusals());
    report->refusals += static_cast<int64_t>(caller.refusals().size());
    for (const std::string& text : caller.contradictions()) problems->Add(&Problems::history, text);
  }
  report->acked = promises.Compare(problems);
  report->commits = witness->commits();
  for (const auto& [cause, count] : witness->causes()) report->causes[v1::Change::Cause_Name(cause)] = count;
  for (const auto& [cause, count] : witness->meetings().causes())
    report->causes[absl::StrCat("meeting ", v1::MeetingChange::Cause_Name(cause))] = count;
  return Audit(store, *witness, prefix, problems);
}

absl::StatusOr<Report> Contend(const Options& options) { return Run(options).Execute(); }

}  // namespace tandem::contend
