#include "tests/fault/load/load.h"

#include <chrono>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"

#include "common/base/status.h"
#include "services/pairing/market_feed/market_followers.h"
#include "tests/fault/load/final_reads.h"
#include "tests/fault/load/first_records.h"
#include "tests/fault/load/questions.h"
#include "tests/fault/load/read_session.h"
#include "tests/fault/load/world.h"
#include "tests/fault/load/write_kind.h"

namespace tandem::check {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds kLook{20};

// Spreads the calls of one thread over time.
class Pace {
 public:
  Pace(double per_second, int threads)
      : step_(per_second <= 0
                  ? Clock::duration::zero()
                  : std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(threads / per_second))) {}
  void Wait(Gate* gate) {
    if (step_ == Clock::duration::zero()) return;
    next_ = std::max(next_ + step_, Clock::now() - 10 * step_);
    if (next_ > Clock::now()) gate->Sleep(next_ - Clock::now());
  }

 private:
  const Clock::duration step_;
  Clock::time_point next_ = Clock::now();
};

class RunningLoad final : public Load {
 public:
  RunningLoad(LoadOptions options, KeyRing keys, Templates templates)
      : options_(std::move(options)), keys_(std::move(keys)), templates_(std::move(templates)), clients_(options_.at) {}
  ~RunningLoad() override {
    world_.abandoned = true;
    Stop();
    if (truth_ != nullptr) truth_->Stop();
  }

  absl::Status Begin();

  Counters counters() const override { return world_.meter.counters(); }
  void BeginPhase(const std::string& name) override { world_.meter.BeginPhase(name); }
  Latency ReadLatency(const std::string& phase, bool misses_only) const override {
    return world_.meter.ReadLatency(phase, misses_only);
  }
  int64_t FailedReads(const std::string& phase) const override { return world_.meter.FailedReads(phase); }
  int64_t FailedWrites(const std::string& phase) const override { return world_.meter.FailedWrites(phase); }
  absl::Status Pause() override {
    const auto wait = absl::ToChronoNanoseconds(options_.patience + options_.call_timeout);
    if (world_.gate.Pause(Clock::now() + std::chrono::duration_cast<Clock::duration>(wait))) return absl::OkStatus();
    return absl::DeadlineExceededError("some calls are still out");
  }
  void Resume() override { world_.gate.Resume(); }
  Verdict CheckSoFar() override;
  Verdict Finish() override;

 private:
  absl::Status StartTruth();
  void Write(uint64_t stream);
  void Read(uint64_t stream);
  void Stop();
  Clock::time_point FinishBy() const {
    return Clock::now() +
           std::chrono::duration_cast<Clock::duration>(absl::ToChronoNanoseconds(options_.finish_timeout));
  }

  const LoadOptions options_;
  const KeyRing keys_;
  const Templates templates_;
  const Clients clients_;
  std::unique_ptr<Truth> truth_;
  World world_;
  WriteKinds kinds_;
  std::unique_ptr<Questions> questions_;
  std::vector<std::thread> threads_;
};

absl::Status RunningLoad::StartTruth() {
  Truth::Options truth;
  truth.edition = absl::StrCat("editions/", options_.edition);
  truth.keys = &keys_;
  if (!options_.stores.projects.empty()) {
    truth.stores = {{pairing::kProjectsSource, options_.stores.projects},
                    {pairing::kInvestorsSource, options_.stores.investors},
                    {pairing::kEditionsSource, options_.stores.editions}};
  }
  for (const auto& [source, addresses] : {std::make_pair(pairing::kProjectsSource, &options_.at.projects),
                                          std::make_pair(pairing::kInvestorsSource, &options_.at.investors),
                                          std::make_pair(pairing::kEditionsSource, &options_.at.pairing)}) {
    for (const std::string& address : *addresses) truth.replicas[source].push_back(ChannelTo(address));
  }
  TANDEM_ASSIGN_OR_RETURN(truth_, Truth::Start(std::move(truth)));
  // Nothing is written before it is watched.
  const auto end =
      Clock::now() + std::chrono::duration_cast<Clock::duration>(absl::ToChronoNanoseconds(options_.start_timeout));
  for (const auto& [source, history] : truth_->histories()) {
    while (history->epoch().empty()) {
      if (Clock::now() >= end)
        return absl::UnavailableError(absl::StrCat("the first replica of ", source, " sends no watch"));
      std::this_thread::sleep_for(kLook);
    }
  }
  return absl::OkStatus();
}

absl::Status RunningLoad::Begin() {
  TANDEM_RETURN_IF_ERROR(StartTruth());
  world_.options = &options_;
  world_.keys = &keys_;
  world_.clients = &clients_;
  world_.templates = &templates_;
  world_.truth = truth_.get();
  world_.edition = absl::StrCat("editions/", options_.edition);
  TANDEM_RETURN_IF_ERROR(MakeFirstRecords(&world_));
  kinds_ = AllWriteKinds();
  questions_ = std::make_unique<Questions>(&world_);
  for (int i = 0; i < options_.writers; ++i)
    threads_.emplace_back([this, i] { Write(static_cast<uint64_t>(1000 + i)); });
  for (int i = 0; i < options_.readers; ++i)
    threads_.emplace_back([this, i] { Read(static_cast<uint64_t>(2000 + i)); });
  return absl::OkStatus();
}

void RunningLoad::Write(uint64_t stream) {
  WriteSession session(&world_, stream);
  Pace pace(options_.writes_per_second, options_.writers);
  int sum = 0;
  for (const auto& kind : kinds_) sum += kind->weight();
  while (true) {
    pace.Wait(&world_.gate);
    const Gate::Pass pass(&world_.gate);
    if (!pass.open()) return;
    auto left = static_cast<int>(session.random()->Below(static_cast<size_t>(sum)));
    for (const auto& kind : kinds_) {
      left -= kind->weight();
      if (left >= 0) continue;
      kind->WriteOne(&session);
      break;
    }
  }
}

void RunningLoad::Read(uint64_t stream) {
  ReadSession session(&world_, questions_.get(), stream);
  Pace pace(options_.reads_per_second, options_.readers);
  while (true) {
    pace.Wait(&world_.gate);
    const Gate::Pass pass(&world_.gate);
    if (!pass.open()) return;
    session.ReadOne();
  }
}

void RunningLoad::Stop() {
  world_.gate.Close();
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
}

Verdict RunningLoad::CheckSoFar() {
  const Counters counted = counters();
  const Findings& findings = *truth_->findings();
  Verdict verdict;
  verdict.acked = counted.acked;
  verdict.lost = findings.count(Broken::kLost);
  verdict.half = findings.count(Broken::kHalf);
  verdict.reads = truth_->answers()->checked();
  verdict.stale = findings.count(Broken::kStale);
  verdict.wrong = findings.count(Broken::kWrong);
  verdict.failed_reads = counted.failed_reads;
  verdict.failed_writes = counted.failed_writes;
  verdict.watch_faults = findings.count(Broken::kWatch);
  verdict.unchecked = truth_->answers()->unchecked() + truth_->answers()->waiting();
  verdict.complaints = findings.complaints();
  return verdict;
}

Verdict RunningLoad::Finish() {
  Stop();
  truth_->AwaitEffects(absl::ToChronoNanoseconds(options_.finish_timeout));
  truth_->CatchUp(FinishBy());
  truth_->CompareRows();
  CompareFinalReads(&world_);
  Verdict verdict = CheckSoFar();
  truth_->Stop();
  return verdict;
}

}  // namespace

absl::StatusOr<std::unique_ptr<Load>> Load::Start(LoadOptions options) {
  const bool all =
      !options.stores.projects.empty() && !options.stores.investors.empty() && !options.stores.editions.empty();
  const bool none =
      options.stores.projects.empty() && options.stores.investors.empty() && options.stores.editions.empty();
  if (!all && !none) return absl::InvalidArgumentError("a load reads all three stores beside the services, or none");
  if (options.at.projects.empty() || options.at.investors.empty() || options.at.pairing.empty()) {
    return absl::InvalidArgumentError("a load needs at least one replica of each service");
  }
  TANDEM_ASSIGN_OR_RETURN(KeyRing keys, KeyRing::LoadOrCreate(options.keys_file));
  TANDEM_ASSIGN_OR_RETURN(Templates templates,
                          MakeTemplates(options.seed, options.edition, options.projects, options.investors));
  auto load = std::make_unique<RunningLoad>(std::move(options), std::move(keys), std::move(templates));
  TANDEM_RETURN_IF_ERROR(load->Begin());
  return std::unique_ptr<Load>(std::move(load));
}

}  // namespace tandem::check
