#include "tests/fault/truth/joined_log.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <utility>

namespace tandem::check {

void JoinedLog::Begin(size_t watch, const Position& at) {
  MutexLock lock(&mutex_);
  watches_[watch] = {true, at.revision, {}};
  Revision newest = 0;
  for (const Watch& each : watches_) {
    if (!each.begun) return;
    newest = std::max(newest, each.through);
  }
  history_->BeginAt(newest, at.epoch);
}

void JoinedLog::Append(size_t watch, std::vector<Entry> entries, Revision through) {
  MutexLock lock(&mutex_);
  Watch& of = watches_[watch];
  for (Entry& entry : entries) {
    if (entry.version.revision > of.through) of.entries.push_back(std::move(entry));
  }
  of.through = std::max(of.through, through);
  Flush();
}

void JoinedLog::Flush() {
  Revision through = watches_.front().through;
  for (const Watch& watch : watches_) {
    if (!watch.begun) return;
    through = std::min(through, watch.through);
  }
  const Revision known = history_->through();
  if (through <= known) return;
  std::map<Revision, std::vector<Entry>> commits;
  for (auto watch = watches_.rbegin(); watch != watches_.rend(); ++watch) {
    std::map<Revision, std::vector<Entry>> mine;
    const auto later = std::find_if(watch->entries.begin(), watch->entries.end(),
                                    [&](const Entry& entry) { return entry.version.revision > through; });
    for (auto entry = watch->entries.begin(); entry != later; ++entry) {
      if (entry->version.revision > known) mine[entry->version.revision].push_back(std::move(*entry));
    }
    watch->entries.erase(watch->entries.begin(), later);
    for (auto& [revision, entries] : mine) {
      std::vector<Entry>& commit = commits[revision];
      entries.erase(std::remove_if(entries.begin(), entries.end(),
                                   [&](const Entry& entry) {
                                     return std::any_of(commit.begin(), commit.end(),
                                                        [&](const Entry& other) { return other.name == entry.name; });
                                   }),
                    entries.end());
      commit.insert(commit.begin(), std::make_move_iterator(entries.begin()), std::make_move_iterator(entries.end()));
    }
  }
  std::vector<Entry> entries;
  for (auto& [revision, commit] : commits) std::move(commit.begin(), commit.end(), std::back_inserter(entries));
  listener_(entries);
  history_->Append(std::move(entries), through);
}

}  // namespace tandem::check
