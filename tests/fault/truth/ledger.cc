#include "tests/fault/truth/ledger.h"

#include <algorithm>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"

#include "tests/fault/truth/record_form.h"

namespace tandem::check {

int64_t Ledger::Open(std::vector<std::string> names, std::string what) {
  auto write = std::make_shared<Write>(Write{std::move(names), std::move(what)});
  MutexLock lock(&mutex_);
  open_[next_] = std::move(write);
  return next_++;
}

std::shared_ptr<const Ledger::Write> Ledger::Close(int64_t write) {
  const auto found = open_.find(write);
  std::shared_ptr<const Write> closed = std::move(found->second);
  open_.erase(found);
  return closed;
}

void Ledger::Acknowledge(int64_t write, std::vector<Effect> effects) {
  MutexLock lock(&mutex_);
  const std::shared_ptr<const Write> closed = Close(write);
  for (Effect& effect : effects) {
    if (!effect.maybe) ++acknowledged_;
    if (effect.revision > 0 && !effect.maybe) {
      Revision& told = told_[effect.name];
      told = std::max(told, effect.revision);
    }
    const Revision decides = std::max(effect.revision, effect.at_most);
    promises_.emplace(decides, Promise{closed, std::move(effect)});
  }
}

void Ledger::Refuse(int64_t write) {
  MutexLock lock(&mutex_);
  Close(write);
}

void Ledger::GiveUp(int64_t write) {
  MutexLock lock(&mutex_);
  given_up_.push_back(Close(write));
}

Revision Ledger::Told(absl::string_view name) const {
  MutexLock lock(&mutex_);
  const auto found = told_.find(name);
  return found == told_.end() ? 0 : found->second;
}

void Ledger::Note(const std::vector<Entry>& entries) {
  MutexLock lock(&mutex_);
  for (const Entry& entry : entries) unclaimed_[entry.name].emplace(entry.version.revision, entry.version.bytes);
}

void Ledger::Complain(Broken broken, const Promise& promise, absl::string_view why) {
  findings_->Add(
      broken, absl::StrCat(history_->source(), " ", promise.write->what, " of ", promise.effect.name,
                           " acknowledged at ", std::max(promise.effect.revision, promise.effect.at_most), ": ", why));
}

void Ledger::CheckByContent(const Promise& promise) {
  const Effect& effect = promise.effect;
  const auto found = unclaimed_.find(effect.name);
  if (found != unclaimed_.end()) {
    for (auto entry = found->second.begin(); entry != found->second.end() && entry->first <= effect.at_most; ++entry) {
      if (entry->second == nullptr) continue;
      const auto record = ParseRecord(effect.name, *entry->second);
      if (record == nullptr || SentForm(*record) != effect.sent) continue;
      Revision& told = told_[effect.name];
      told = std::max(told, entry->first);
      found->second.erase(entry);
      return;
    }
  }
  Complain(Broken::kLost, promise, "the log has nothing up to there that says what was sent");
}

void Ledger::CheckOne(const Promise& promise) {
  const Effect& effect = promise.effect;
  if (effect.revision == 0) return CheckByContent(promise);
  const auto found = unclaimed_.find(effect.name);
  const auto entry = found == unclaimed_.end() ? Entries::iterator() : found->second.find(effect.revision);
  if (found == unclaimed_.end() || entry == found->second.end()) {
    if (effect.maybe) return;
    const bool taken = history_->At(effect.name, effect.revision).revision == effect.revision;
    return Complain(Broken::kLost, promise, taken ? "that revision is another write's" : "the log has nothing there");
  }
  const bool gone = entry->second == nullptr;
  const bool same = gone == effect.gone && (gone || effect.stored.empty() || *entry->second == effect.stored);
  found->second.erase(entry);
  if (!same) return Complain(Broken::kLost, promise, "the log has another content there");
  if (effect.based_on == 0) return;
  const Revision before = history_->Before(effect.name, effect.revision).revision;
  if (before == effect.based_on) return;
  Complain(Broken::kLost, promise,
           absl::StrCat("its etag was that of revision ", effect.based_on, ", but it overwrote revision ", before));
}

void Ledger::CheckReached(Revision through) {
  while (!promises_.empty() && promises_.begin()->first <= through) {
    CheckOne(promises_.begin()->second);
    promises_.erase(promises_.begin());
  }
}

void Ledger::Check() {
  const Revision through = history_->through();
  MutexLock lock(&mutex_);
  CheckReached(through);
}

void Ledger::CheckAll() {
  // Whatever is in history by now was written by a write that was opened before.
  const Revision through = history_->through();
  MutexLock lock(&mutex_);
  CheckReached(through);
  std::set<absl::string_view> possible;
  const auto allow = [&](const Write& write) { possible.insert(write.names.begin(), write.names.end()); };
  for (const auto& [id, write] : open_) allow(*write);
  for (const auto& write : given_up_) allow(*write);
  for (const auto& [revision, promise] : promises_) allow(*promise.write);
  for (auto found = unclaimed_.begin(); found != unclaimed_.end();) {
    Entries& entries = found->second;
    const std::string owner = OwnerOf(found->first);
    while (!entries.empty() && entries.begin()->first <= through && possible.count(owner) == 0) {
      findings_->Add(Broken::kHalf,
                     absl::StrCat(history_->source(), " has ", found->first, " at revision ", entries.begin()->first,
                                  entries.begin()->second == nullptr ? ", removed," : "",
                                  " of which no write was told, or a second time"));
      entries.erase(entries.begin());
    }
    if (entries.empty()) {
      unclaimed_.erase(found++);
    } else {
      ++found;
    }
  }
}

int64_t Ledger::acknowledged() const {
  MutexLock lock(&mutex_);
  return acknowledged_;
}

int64_t Ledger::waiting() const {
  MutexLock lock(&mutex_);
  return static_cast<int64_t>(promises_.size());
}

}  // namespace tandem::check
