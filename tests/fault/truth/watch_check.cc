#include "tests/fault/truth/watch_check.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"

#include "common/tokens/consistency_token.h"
#include "tests/fault/truth/record_form.h"

namespace tandem::check {

void WatchCheck::Complain(absl::string_view why) { findings_->Add(Broken::kWatch, absl::StrCat(who_, ": ", why)); }

void WatchCheck::Take(feed::Stretch stretch) {
  Stretch taken;
  taken.phase = stretch.phase;
  for (const feed::Item& item : stretch.items) {
    Version version{item.revision, nullptr};
    if (item.message != nullptr) version.bytes = std::make_shared<const std::string>(StoredForm(*item.message));
    taken.entries.push_back({item.name, std::move(version)});
  }
  if (!stretch.resume_token.empty()) {
    const auto token = ConsistencyToken::Decode(*keys_, stretch.resume_token);
    if (!token.ok() || token->positions().count(history_->source()) == 0) {
      return Complain(absl::StrCat("a resume token that is none of ", history_->source()));
    }
    const Position& position = token->positions().at(history_->source());
    taken.epoch = position.epoch;
    taken.through = position.revision;
  }
  MutexLock lock(&mutex_);
  if (!stretch.resume_token.empty()) {
    resume_token_ = std::move(stretch.resume_token);
    told_ = taken.through;
  }
  taken_.push_back(std::move(taken));
}

void WatchCheck::End(const absl::Status& status) {
  const bool expired = status.code() == absl::StatusCode::kOutOfRange;
  Stretch end;
  end.ended = true;
  Revision position = 0;
  {
    MutexLock lock(&mutex_);
    position = told_;
    taken_.push_back(std::move(end));
    if (!expired) return;
    resume_token_.clear();
    ++relists_;
  }
  const Revision floor = history_->log_floor();
  if (floor < 0 || position < floor) return;
  Complain(absl::StrCat("it was told that the log does not reach back to revision ", position, ", but it does to ",
                        floor, ": ", status.message()));
}

std::string WatchCheck::resume_token() const {
  MutexLock lock(&mutex_);
  return resume_token_;
}

Revision WatchCheck::checked() const {
  MutexLock lock(&mutex_);
  return checked_;
}

int64_t WatchCheck::changes() const {
  MutexLock lock(&mutex_);
  return changes_;
}

int64_t WatchCheck::relists() const {
  MutexLock lock(&mutex_);
  return relists_;
}

void WatchCheck::CheckSnapshot(Revision through) {
  for (const auto& [name, version] : snapshot_) {
    if (!history_->Knows(version.revision)) continue;
    const Version right = history_->At(name, std::max(through, version.revision));
    if (right.revision != version.revision && history_->floor() < version.revision) {
      Complain(absl::StrCat("the snapshot of revision ", through, " has ", name, " of ", version.revision, ", not ",
                            right.revision));
    } else if (right.revision == version.revision && right.bytes != nullptr && *right.bytes != *version.bytes) {
      Complain(absl::StrCat("the snapshot of revision ", through, " has another ", name, " than was committed"));
    }
  }
  for (const std::string& name : history_->NamesAt(through)) {
    if (!covers_(name) || snapshot_.count(name) > 0 || history_->Newest(name).revision > through) continue;
    Complain(absl::StrCat("the snapshot of revision ", through, " lacks ", name));
  }
  snapshot_.clear();
}

void WatchCheck::CheckChanges(const Stretch& stretch) {
  if (stretch.through < position_) {
    return Complain(absl::StrCat("it went back from revision ", position_, " to ", stretch.through));
  }
  if (position_ < history_->floor()) return;  // nobody knows what was right
  std::vector<Entry> right = history_->Between(position_, stretch.through);
  right.erase(std::remove_if(right.begin(), right.end(), [&](const Entry& entry) { return !covers_(entry.name); }),
              right.end());
  const std::vector<Entry>& sent = stretch.entries;
  const auto describe = [](const std::vector<Entry>& entries, size_t index) {
    return index < entries.size() ? absl::StrCat(entries[index].name, " at ", entries[index].version.revision)
                                  : std::string("nothing more");
  };
  for (size_t i = 0; i < std::max(right.size(), sent.size()); ++i) {
    const bool both = i < right.size() && i < sent.size();
    if (both && right[i].name == sent[i].name && right[i].version.revision == sent[i].version.revision) {
      const auto& a = right[i].version.bytes;
      const auto& b = sent[i].version.bytes;
      if ((a == nullptr) == (b == nullptr) && (a == nullptr || *a == *b)) continue;
      return Complain(absl::StrCat(describe(sent, i), " is another one than was committed"));
    }
    return Complain(absl::StrCat("after revision ", position_, " it brings ", describe(sent, i), " where the log has ",
                                 describe(right, i)));
  }
}

void WatchCheck::Check() {
  while (true) {
    Stretch stretch;
    {
      const Revision known = history_->through();
      MutexLock lock(&mutex_);
      if (taken_.empty()) return;
      Revision newest = taken_.front().through;
      for (const Entry& entry : taken_.front().entries) newest = std::max(newest, entry.version.revision);
      if (newest > known) return;
      stretch = std::move(taken_.front());
      taken_.pop_front();
    }
    if (stretch.ended) {
      in_snapshot_ = false;
      changes_since_.clear();
      continue;
    }
    if (!stretch.epoch.empty() && !history_->epoch().empty() && stretch.epoch != history_->epoch()) {
      Complain(absl::StrCat("a position of the history ", stretch.epoch, ", the store's is ", history_->epoch()));
    }
    switch (stretch.phase) {
      case feed::Phase::kSnapshot:
        if (!std::exchange(in_snapshot_, true)) snapshot_.clear();
        for (Entry& entry : stretch.entries) {
          Version& held = snapshot_[entry.name];
          if (entry.version.revision >= held.revision) held = std::move(entry.version);
        }
        continue;
      case feed::Phase::kSnapshotEnd:
        CheckSnapshot(stretch.through);
        in_snapshot_ = false;
        begun_ = true;
        break;
      case feed::Phase::kChanges:
      case feed::Phase::kProgress: {
        if (!begun_ || in_snapshot_) {
          Complain("changes before the end of the snapshot");
          continue;
        }
        // Parts of a very large revision carry the position before it.
        std::move(stretch.entries.begin(), stretch.entries.end(), std::back_inserter(changes_since_));
        if (stretch.phase == feed::Phase::kChanges && stretch.through == position_) continue;
        stretch.entries = std::move(changes_since_);
        changes_since_.clear();
        CheckChanges(stretch);
        break;
      }
    }
    position_ = stretch.through;
    MutexLock lock(&mutex_);
    checked_ = position_;
    changes_ += static_cast<int64_t>(stretch.entries.size());
  }
}

}  // namespace tandem::check
