#include "services/pairing/effects/effect_worker.h"

#include <algorithm>
#include <cstdio>
#include <utility>

#include "absl/strings/str_cat.h"

#include "common/base/status.h"
#include "common/tokens/consistency_token.h"

namespace tandem::pairing::effects {
namespace {

using SteadyClock = std::chrono::steady_clock;

// When the market has not come as far, or somebody moved meanwhile.
constexpr std::chrono::milliseconds kSoon{20};

bool IsNotYet(const absl::Status& status) {
  return status.code() == absl::StatusCode::kUnavailable && GetErrorDetail(status).reason.empty();
}

}  // namespace

EffectWorker::EffectWorker(Options options)
    : options_(std::move(options)), log_(options_.store), thread_([this] { Run(); }) {}

void EffectWorker::Take(const std::vector<Effect>& effects) {
  MutexLock lock(&mutex_);
  for (const Effect& effect : effects) own_.insert(DueKey(effect));
  woken_ = true;
  wake_.SignalAll();
}

void EffectWorker::Stop() {
  {
    MutexLock lock(&mutex_);
    stopping_ = true;
    wake_.SignalAll();
  }
  MutexLock lock(&joining_);
  if (thread_.joinable()) thread_.join();
}

EffectCounts EffectWorker::counts() const {
  MutexLock lock(&mutex_);
  return counts_;
}

void EffectWorker::Run() {
  while (true) {
    const Time next = Sweep();
    MutexLock lock(&mutex_);
    while (!stopping_ && !woken_ && SteadyClock::now() < next) wake_.WaitUntil(&mutex_, next);
    if (stopping_) return;
    woken_ = false;
  }
}

EffectWorker::Time EffectWorker::Sweep() {
  absl::flat_hash_set<std::string> own;
  {
    MutexLock lock(&mutex_);
    own = std::move(own_);
    own_.clear();
  }
  Time next = SteadyClock::now() + kSweep;
  const auto due = log_.Due();
  if (!due.ok()) {
    MutexLock lock(&mutex_);
    ++counts_.failed;
    own_.insert(own.begin(), own.end());
    return next;
  }
  for (auto& [key, waiting] : waiting_) waiting.listed = false;
  for (const DueEffect& each : *due) {
    {
      MutexLock lock(&mutex_);
      if (stopping_) return next;
      counts_.due = static_cast<int64_t>(due->size());
    }
    const auto [found, is_new] = waiting_.try_emplace(each.row.key);
    Waiting& waiting = found->second;
    waiting.listed = true;
    const bool mine = own.count(each.row.key) > 0;
    if (is_new || mine) waiting.next = SteadyClock::now() + (mine ? std::chrono::milliseconds(0) : kOthersTime);
    if (SteadyClock::now() >= waiting.next) {
      const absl::Status done = Do(each);
      if (done.ok()) {
        waiting.listed = false;
        continue;
      }
      const bool not_yet = IsNotYet(done);
      waiting.next = SteadyClock::now() + (not_yet ? kSoon : waiting.backoff);
      if (!not_yet) {
        waiting.backoff = std::min(waiting.backoff * 2, kLongestBackoff);
        ++waiting.failures;
        Tell(each.effect, waiting, done);
        MutexLock lock(&mutex_);
        ++counts_.failed;
      }
    }
    next = std::min(next, waiting.next);
  }
  for (auto at = waiting_.begin(); at != waiting_.end();) at = at->second.listed ? std::next(at) : waiting_.erase(at);
  MutexLock lock(&mutex_);
  counts_.due = static_cast<int64_t>(waiting_.size());
  return next;
}

absl::Status EffectWorker::Do(const DueEffect& due) {
  const Effect& effect = due.effect;
  ledger::Ledger::PartyEvent event;
  event.party = effect.party;
  event.actor = absl::StrCat("tandem-", effect.source);
  event.detail = effect.detail;
  event.if_absent = effect.kind == Effect::Kind::kMissed;
  event.guard = due.Guard();
  const bool changed = effect.kind == Effect::Kind::kChanged;
  if (changed) {
    // Judged on everything that is noted of both sides, and written only if nothing more was noted: so whichever
    // replica judges last has seen the newest of both records.
    ConsistencyToken needed;
    for (const std::string& source : options_.sources) {
      TANDEM_ASSIGN_OR_RETURN(const Noted noted, log_.Read(source));
      const std::string key = NotedKey(source);
      event.guard.conditions.push_back(noted.row.has_value() ? Condition::AtRevision(key, noted.row->revision)
                                                             : Condition::Absent(key));
      if (noted.row.has_value()) needed.Raise(source, noted.position);
    }
    if (options_.applied != nullptr) {
      if (!options_.applied->Ready()) return absl::UnavailableError("");
      const absl::Status applied = options_.applied->WaitFor(needed, SteadyClock::now());
      if (applied.code() == absl::StatusCode::kUnavailable) return absl::UnavailableError("");
      TANDEM_RETURN_IF_ERROR(applied);
    }
  }
  TANDEM_ASSIGN_OR_RETURN(const ledger::Ledger::EventDone done,
                          changed ? options_.ledger->PartyChanged(event) : options_.ledger->PartyLeft(event));
  // Somebody else did it, or something was noted meanwhile: the next sweep tells which.
  if (done.was_guarded) return absl::UnavailableError("");
  MutexLock lock(&mutex_);
  ++counts_.done;
  return absl::OkStatus();
}

void EffectWorker::Tell(const Effect& effect, const Waiting& waiting, const absl::Status& failure) const {
  if (waiting.failures != 3 && waiting.failures % 100 != 0) return;
  std::fprintf(stderr,
               "tandem-pairing: what revision %lld of %s does to pairings failed %lld times and is tried again: %s\n",
               static_cast<long long>(effect.at.revision), effect.source.c_str(),
               static_cast<long long>(waiting.failures), std::string(failure.message()).c_str());
}

}  // namespace tandem::pairing::effects
