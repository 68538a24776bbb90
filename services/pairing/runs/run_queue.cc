#include "services/pairing/runs/run_queue.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <utility>

#include "absl/strings/str_cat.h"

#include "common/base/status.h"
#include "common/catalog/fields.h"

namespace tandem::pairing {
namespace {

using type::v1::Run;

constexpr int kAllDone = 1000;

// A run of another process is asked for this often by who waits for it.
constexpr std::chrono::milliseconds kPollOthers(200);

void SetTimeOf(const Clock& clock, const char* field, Run* run) {
  catalog::SetTime(run, Run::descriptor()->FindFieldByName(field), clock.Now());
}

absl::Status Interrupted(const std::string& name) {
  return MakeError(absl::StatusCode::kAborted, "RUN_INTERRUPTED",
                   absl::StrCat("the process ended before ", name, " was done: start it again"), {{"run", name}});
}

absl::Status Stopping() {
  return MakeError(absl::StatusCode::kUnavailable, "NOT_READY", "the service is stopping; retry",
                   {{"cause", "stopping"}});
}

// An answer takes time to travel.
std::chrono::steady_clock::time_point EarlierThan(std::chrono::steady_clock::time_point deadline) {
  const auto left = deadline - std::chrono::steady_clock::now();
  return deadline - std::clamp<std::chrono::steady_clock::duration>(
                        left / 5, std::chrono::steady_clock::duration::zero(), std::chrono::milliseconds(100));
}

bool Newer(const Run& a, const Run& b) {
  const auto& x = a.create_time();
  const auto& y = b.create_time();
  if (x.seconds() != y.seconds()) return x.seconds() > y.seconds();
  if (x.nanos() != y.nanos()) return x.nanos() > y.nanos();
  return a.name() > b.name();
}

}  // namespace

// A run that has not ended. Its state is guarded by a mutex of its own, so that progress disturbs nobody.
class RunQueue::Entry final : public Progress {
 public:
  Entry(Run run, Work work) : run_(std::move(run)), work_(std::move(work)) {}

  void Report(int thousandths, absl::string_view phase) const override {
    MutexLock lock(&mutex_);
    run_.set_progress_thousandths(std::clamp(thousandths, run_.progress_thousandths(), kAllDone));
    run_.set_phase(std::string(phase));
  }
  bool Cancelled() const override { return cancelled_; }
  std::string run() const override { return Now().name(); }

  Run Now() const {
    MutexLock lock(&mutex_);
    return run_;
  }
  void Cancel() {
    cancelled_ = true;
    MutexLock lock(&mutex_);
    run_.set_cancel_requested(true);
  }
  // Stops without anybody having asked to cancel.
  void Interrupt() {
    interrupted_ = true;
    cancelled_ = true;
  }
  bool interrupted() const { return interrupted_; }

  template <typename Change>
  Run Set(const Change& change) {
    MutexLock lock(&mutex_);
    change(&run_);
    return run_;
  }
  absl::StatusOr<std::string> Do() { return work_(*this); }
  // What the work holds on to is given back as soon as it has ended, though readers may still hold the entry.
  void Forget() { work_ = nullptr; }

 private:
  mutable Mutex mutex_;
  mutable Run run_ ABSL_GUARDED_BY(mutex_);
  Work work_;
  std::atomic<bool> cancelled_{false};
  std::atomic<bool> interrupted_{false};
};

absl::StatusOr<std::unique_ptr<RunQueue>> RunQueue::Open(Options options) {
  auto queue = std::unique_ptr<RunQueue>(new RunQueue(std::move(options)));
  TANDEM_RETURN_IF_ERROR(queue->LookAtOthers());
  MutexLock lock(&queue->stop_mutex_);
  queue->thread_ = std::thread([queue = queue.get()] { queue->WorkOff(); });
  queue->keeper_ = std::thread([queue = queue.get()] { queue->Keep(); });
  return queue;
}

RunQueue::~RunQueue() { Stop(); }

absl::StatusOr<Run> RunQueue::Submit(Submission submission) {
  {
    MutexLock lock(&mutex_);
    if (stopping_) return Stopping();
    if (waiting_.size() + admitted_ >= options_.most_waiting) {
      ErrorDetail detail;
      detail.reason = "LIMIT_EXCEEDED";
      detail.metadata = {{"limit", "waiting runs"}, {"value", absl::StrCat(options_.most_waiting)}};
      detail.retry_delay = absl::Seconds(10);
      return MakeError(absl::StatusCode::kResourceExhausted,
                       absl::StrCat(options_.most_waiting, " runs wait already: cancel one, or retry later"),
                       std::move(detail));
    }
    ++admitted_;
  }
  bool repeated = false;
  absl::StatusOr<Run> run = log_.Create(submission.edition, submission.id, std::move(submission.described), &repeated);
  bool late = false;
  {
    MutexLock lock(&mutex_);
    --admitted_;
    late = stopping_;
    if (run.ok() && !repeated && !late) {
      auto entry = std::make_shared<Entry>(*run, std::move(submission.work));
      live_[run->name()] = entry;
      waiting_.push_back(std::move(entry));
      changed_.SignalAll();
    }
  }
  if (!run.ok()) return run;
  if (repeated) return Get(run->name());
  if (!late) return run;
  Entry entry(*run, nullptr);
  entry.Interrupt();
  End(&entry, absl::CancelledError());
  return Stopping();
}

std::shared_ptr<RunQueue::Entry> RunQueue::FindLive(const std::string& name) const {
  MutexLock lock(&mutex_);
  const auto found = live_.find(name);
  return found == live_.end() ? nullptr : found->second;
}

absl::StatusOr<Run> RunQueue::Get(const std::string& name) const {
  if (const auto entry = FindLive(name); entry != nullptr) return entry->Now();
  return log_.Find(name);
}

absl::StatusOr<std::vector<Run>> RunQueue::List(const std::string& edition) const {
  TANDEM_ASSIGN_OR_RETURN(std::vector<Run> runs, log_.List(edition));
  for (Run& run : runs) {
    if (const auto entry = FindLive(run.name()); entry != nullptr) run = entry->Now();
  }
  std::sort(runs.begin(), runs.end(), Newer);
  return runs;
}

absl::StatusOr<Run> RunQueue::Cancel(const std::string& name) {
  std::shared_ptr<Entry> entry;
  bool waits = false;
  {
    MutexLock lock(&mutex_);
    const auto found = live_.find(name);
    if (found != live_.end()) {
      entry = found->second;
      const auto place = std::find(waiting_.begin(), waiting_.end(), entry);
      waits = place != waiting_.end();
      if (waits) waiting_.erase(place);
    }
  }
  if (entry == nullptr) {
    return log_.Update(name, [](Run* run) {
      if (HasEnded(*run) || run->cancel_requested()) return false;
      run->set_cancel_requested(true);
      return true;
    });
  }
  entry->Cancel();
  if (waits) End(entry.get(), absl::CancelledError());
  return entry->Now();
}

absl::StatusOr<Run> RunQueue::Wait(const std::string& name, std::chrono::steady_clock::time_point deadline) const {
  const auto earlier = EarlierThan(deadline);
  while (true) {
    const auto now = std::chrono::steady_clock::now();
    {
      MutexLock lock(&mutex_);
      const auto found = live_.find(name);
      if (found != live_.end() && !HasEnded(found->second->Now()) && now < earlier) {
        if (stopping_) return Stopping();
        changed_.WaitUntil(&mutex_, earlier);
        continue;
      }
    }
    absl::StatusOr<Run> run = Get(name);
    if (!run.ok() || HasEnded(*run) || now >= earlier) return run;
    MutexLock lock(&mutex_);
    if (stopping_) return Stopping();
    if (live_.count(name) == 0) changed_.WaitUntil(&mutex_, std::min(earlier, now + kPollOthers));
  }
}

void RunQueue::WorkOff() {
  while (true) {
    std::shared_ptr<Entry> entry;
    bool stopping = false;
    {
      MutexLock lock(&mutex_);
      while (waiting_.empty() && !stopping_) changed_.Wait(&mutex_);
      if (waiting_.empty()) return;
      entry = std::move(waiting_.front());
      waiting_.pop_front();
      stopping = stopping_;
    }
    if (stopping) {
      entry->Interrupt();
      End(entry.get(), absl::CancelledError());
    } else {
      Execute(entry.get());
    }
  }
}

void RunQueue::Execute(Entry* entry) {
  entry->Set([&](Run* run) {
    run->set_state(Run::STATE_RUNNING);
    SetTimeOf(*options_.clock, "start_time", run);
  });
  const absl::Status begun = Renew(entry);
  if (!begun.ok()) return End(entry, begun);
  absl::StatusOr<std::string> outcome = absl::CancelledError();
  try {
    if (!entry->Cancelled()) outcome = entry->Do();
  } catch (const std::exception& exception) {
    outcome = MakeError(absl::StatusCode::kInternal, "INTERNAL", absl::StrCat("exception: ", exception.what()));
  }
  End(entry, outcome);
}

void RunQueue::End(Entry* entry, const absl::StatusOr<std::string>& outcome) {
  const Run ended = entry->Set([&](Run* run) {
    SetTimeOf(*options_.clock, "end_time", run);
    if (outcome.ok()) {
      run->set_state(Run::STATE_SUCCEEDED);
      run->set_progress_thousandths(kAllDone);
      run->set_result(*outcome);
      run->clear_phase();
    } else if (absl::IsCancelled(outcome.status()) && entry->Cancelled() && !entry->interrupted()) {
      run->set_state(Run::STATE_CANCELLED);
    } else {
      run->set_state(Run::STATE_FAILED);
      const bool interrupted = absl::IsCancelled(outcome.status()) && entry->interrupted();
      *run->mutable_error() = options_.to_proto(interrupted ? Interrupted(run->name()) : outcome.status());
    }
  });
  entry->Forget();
  // When the row cannot be written, this process goes on to show what came of it and to try; when it ends before that
  // works, others show that it was interrupted. What a successful one made is there all the same.
  const bool written = Renew(entry).ok();
  MutexLock lock(&mutex_);
  if (written) live_.erase(ended.name());
  changed_.SignalAll();
}

absl::Status RunQueue::Renew(Entry* entry) {
  const Run now = entry->Now();
  TANDEM_ASSIGN_OR_RETURN(const Run row, log_.Update(now.name(), [&](Run* stored) {
    if (HasEnded(*stored)) return false;
    const bool cancel = stored->cancel_requested() || now.cancel_requested();
    *stored = now;
    stored->set_cancel_requested(cancel);
    return true;
  }));
  if (HasEnded(now)) return absl::OkStatus();
  if (HasEnded(row)) {
    entry->Interrupt();  // this process was silent for too long
  } else if (row.cancel_requested() && !now.cancel_requested()) {
    Cancel(now.name()).IgnoreError();
  }
  return absl::OkStatus();
}

absl::Status RunQueue::LookAtOthers() {
  const auto now = std::chrono::steady_clock::now();
  // After a pause of this process, or of the store, nobody's silence says anything.
  if (now - last_look_ >= options_.lease) seen_.clear();
  TANDEM_ASSIGN_OR_RETURN(const auto unended, log_.Unended());
  last_look_ = now;
  std::map<std::string, Seen> seen;
  for (const auto& [name, revision] : unended) {
    if (FindLive(name) != nullptr) continue;
    const auto before = seen_.find(name);
    const bool still = before != seen_.end() && before->second.revision == revision;
    const Seen row{revision, still ? before->second.since : now};
    if (now - row.since < options_.lease) {
      seen[name] = row;
    } else {
      // When it moved after all it is looked at again.
      log_.FailIfAt(name, revision, options_.to_proto(Interrupted(name))).IgnoreError();
    }
  }
  seen_ = std::move(seen);
  return absl::OkStatus();
}

void RunQueue::Keep() {
  while (true) {
    const auto next = std::chrono::steady_clock::now() + options_.lease / 4;
    std::vector<std::shared_ptr<Entry>> live;
    {
      MutexLock lock(&mutex_);
      while (!worked_off_ && std::chrono::steady_clock::now() < next) kept_.WaitUntil(&mutex_, next);
      if (worked_off_) return;
      for (const auto& [name, entry] : live_) live.push_back(entry);
    }
    for (const auto& entry : live) {
      const bool ended = HasEnded(entry->Now());
      if (!Renew(entry.get()).ok() || !ended) continue;  // a failure is made up for by the next time
      MutexLock lock(&mutex_);
      live_.erase(entry->run());
    }
    LookAtOthers().IgnoreError();
  }
}

void RunQueue::Stop() {
  {
    MutexLock lock(&mutex_);
    stopping_ = true;
    for (const auto& [name, entry] : live_) entry->Interrupt();
    changed_.SignalAll();
  }
  MutexLock stop_lock(&stop_mutex_);
  if (thread_.joinable()) thread_.join();
  {
    MutexLock lock(&mutex_);
    worked_off_ = true;
    kept_.SignalAll();
  }
  if (keeper_.joinable()) keeper_.join();
}

}  // namespace tandem::pairing
