#include "tests/fault/truth/history.h"

#include <algorithm>
#include <utility>

namespace tandem::check {

void History::BeginAt(Revision through, std::string epoch) {
  MutexLock lock(&mutex_);
  log_.clear();
  versions_.clear();
  names_.clear();
  floor_ = through_ = through;
  epoch_ = std::move(epoch);
}

void History::Append(std::vector<Entry> entries, Revision through) {
  MutexLock lock(&mutex_);
  for (Entry& entry : entries) {
    const std::string* name = &*names_.insert(std::move(entry.name)).first;
    std::unique_ptr<Versions>& versions = versions_[*name];
    if (versions == nullptr) versions = std::make_unique<Versions>();
    log_.push_back({entry.version.revision, name});
    versions->push_back(std::move(entry.version));
  }
  through_ = std::max(through_, through);
}

std::string History::epoch() const {
  MutexLock lock(&mutex_);
  return epoch_;
}

Revision History::through() const {
  MutexLock lock(&mutex_);
  return through_;
}

Revision History::floor() const {
  MutexLock lock(&mutex_);
  return floor_;
}

void History::SetLogFloor(Revision floor) {
  MutexLock lock(&mutex_);
  log_floor_ = floor;
}

Revision History::log_floor() const {
  MutexLock lock(&mutex_);
  return log_floor_;
}

bool History::Knows(Revision revision) const {
  MutexLock lock(&mutex_);
  return revision >= floor_ && revision <= through_;
}

Version History::AtLocked(const Versions& versions, Revision revision) const {
  const auto after =
      std::upper_bound(versions.begin(), versions.end(), revision,
                       [](Revision wanted, const Version& version) { return wanted < version.revision; });
  return after == versions.begin() ? Version() : *std::prev(after);
}

Version History::At(absl::string_view name, Revision revision) const {
  MutexLock lock(&mutex_);
  const auto found = versions_.find(name);
  return found == versions_.end() ? Version() : AtLocked(*found->second, revision);
}

Version History::Newest(absl::string_view name) const {
  MutexLock lock(&mutex_);
  const auto found = versions_.find(name);
  return found == versions_.end() || found->second->empty() ? Version() : found->second->back();
}

std::vector<Entry> History::Between(Revision after, Revision through) const {
  std::vector<Entry> entries;
  MutexLock lock(&mutex_);
  auto change = std::upper_bound(log_.begin(), log_.end(), after,
                                 [](Revision wanted, const Change& each) { return wanted < each.revision; });
  for (; change != log_.end() && change->revision <= through; ++change) {
    entries.push_back({*change->name, AtLocked(*versions_.at(*change->name), change->revision)});
  }
  return entries;
}

std::set<std::string> History::NamesAt(absl::optional<Revision> revision) const {
  std::set<std::string> names;
  MutexLock lock(&mutex_);
  for (const auto& [name, versions] : versions_) {
    if (AtLocked(*versions, revision.value_or(through_)).bytes != nullptr) names.insert(name);
  }
  return names;
}

void History::Forget(Revision revision) {
  MutexLock lock(&mutex_);
  revision = std::min(revision, through_);
  if (revision <= floor_) return;
  floor_ = revision;
  while (!log_.empty() && log_.front().revision <= revision) {
    const Change change = log_.front();
    log_.pop_front();
    const auto found = versions_.find(*change.name);
    Versions& versions = *found->second;
    // The newest at or before `revision` is still the state there.
    while (versions.size() > 1 && versions[1].revision <= revision) versions.pop_front();
    const bool last = versions.size() == 1 && versions.front().revision == change.revision;
    if (last && versions.front().bytes == nullptr) {
      versions_.erase(found);
      names_.erase(names_.find(*change.name));
    }
  }
}

size_t History::size() const {
  MutexLock lock(&mutex_);
  return log_.size();
}

}  // namespace tandem::check
