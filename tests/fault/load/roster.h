// Roster: the records of the load, each as it was last heard of.
#ifndef TANDEM_TESTS_FAULT_LOAD_ROSTER_H_
#define TANDEM_TESTS_FAULT_LOAD_ROSTER_H_

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"

#include "common/base/mutex.h"
#include "common/storage/record_store.h"
#include "tests/fault/load/random.h"

namespace tandem::check {

// A record and the revision that it was shown as of.
template <typename Record>
struct Known {
  std::shared_ptr<const Record> record;
  Revision revision = 0;
};

// Of one kind. Thread-safe. Others may have written what is picked since then: that is meant.
template <typename Record>
class Roster {
 public:
  // Takes `record` in, unless a newer one is here.
  void Put(const Record& record, Revision revision) {
    auto copy = std::make_shared<const Record>(record);
    MutexLock lock(&mutex_);
    const auto [found, is_new] = index_.try_emplace(record.name(), known_.size());
    if (is_new) known_.emplace_back();
    Known<Record>& known = known_[found->second];
    if (revision >= known.revision) known = {std::move(copy), revision};
  }

  // Takes it out for good.
  void Remove(const std::string& name) {
    MutexLock lock(&mutex_);
    const auto found = index_.find(name);
    if (found == index_.end()) return;
    const size_t place = found->second;
    index_.erase(found);
    if (place + 1 < known_.size()) {
      known_[place] = std::move(known_.back());
      index_[known_[place].record->name()] = place;
    }
    known_.pop_back();
  }

  // One of all, or of the first `among` (so that many meet in few). `record` is null when there is none.
  Known<Record> Pick(Random* random, size_t among = 0) const {
    MutexLock lock(&mutex_);
    if (known_.empty()) return {};
    const size_t size = among == 0 || among > known_.size() ? known_.size() : among;
    return known_[random->Below(size)];
  }

  // That of this name; `record` is null when it is not here.
  Known<Record> Find(const std::string& name) const {
    MutexLock lock(&mutex_);
    const auto found = index_.find(name);
    return found == index_.end() ? Known<Record>() : known_[found->second];
  }

  std::vector<std::string> Names() const {
    std::vector<std::string> names;
    MutexLock lock(&mutex_);
    for (const Known<Record>& known : known_) names.push_back(known.record->name());
    return names;
  }

  size_t size() const {
    MutexLock lock(&mutex_);
    return known_.size();
  }

 private:
  mutable Mutex mutex_;
  std::vector<Known<Record>> known_ ABSL_GUARDED_BY(mutex_);
  absl::flat_hash_map<std::string, size_t> index_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace tandem::check

#endif  // TANDEM_TESTS_FAULT_LOAD_ROSTER_H_
