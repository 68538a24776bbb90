#include "common/storage/memory/memory_store.h"

#include <algorithm>
#include <deque>
#include <functional>
#include <map>
#include <utility>

#include "absl/base/thread_annotations.h"

#include "common/base/mutex.h"
#include "common/base/random_id.h"
#include "common/base/status.h"
#include "common/storage/head_watch.h"
#include "common/storage/transaction_rules.h"

namespace tandem {
namespace {

class MemoryStore final : public RecordStore {
 public:
  MemoryStore() { head_.epoch = RandomUuid(); }

  std::vector<CommitOutcome> Commit(std::vector<Transaction> transactions) override {
    std::vector<CommitOutcome> outcomes;
    outcomes.reserve(transactions.size());
    Revision newest = 0;
    {
      MutexLock lock(&mutex_);
      for (Transaction& transaction : transactions) outcomes.push_back(CommitOne(&transaction));
      newest = head_.revision;
    }
    watch_.Publish(newest);
    return outcomes;
  }

  absl::StatusOr<std::optional<Record>> Get(absl::string_view key) override {
    MutexLock lock(&mutex_);
    return Find(key);
  }

  absl::StatusOr<std::vector<std::optional<Record>>> BatchGet(const std::vector<std::string>& keys) override {
    std::vector<std::optional<Record>> found;
    found.reserve(keys.size());
    MutexLock lock(&mutex_);
    for (const std::string& key : keys) found.push_back(Find(key));
    return found;
  }

  absl::StatusOr<std::vector<Record>> Scan(absl::string_view begin, absl::string_view end, int limit) override {
    TANDEM_RETURN_IF_ERROR(CheckLimit(limit));
    std::vector<Record> found;
    MutexLock lock(&mutex_);
    for (auto it = records_.lower_bound(begin); it != records_.end() && found.size() < static_cast<size_t>(limit);
         ++it) {
      if (!end.empty() && it->first >= end) break;
      found.push_back(it->second);
    }
    return found;
  }

  absl::StatusOr<ChangeBatch> Changes(Revision after, int limit) override {
    TANDEM_RETURN_IF_ERROR(CheckLimit(limit));
    MutexLock lock(&mutex_);
    TANDEM_RETURN_IF_ERROR(CheckChangesAfter(after, head_));
    ChangeBatch batch;
    batch.through = head_.revision;
    size_t bytes = 0;
    for (auto it = FirstAfter(after); it != log_.end(); ++it) {
      const bool full = batch.changes.size() >= static_cast<size_t>(limit) || bytes >= kChangeBatchBytes;
      if (full && it->revision != batch.changes.back().revision) {
        batch.through = batch.changes.back().revision;
        break;
      }
      bytes += it->key.size() + (it->value.has_value() ? it->value->size() : 0);
      batch.changes.push_back(*it);
    }
    return batch;
  }

  bool WaitForChange(Revision after, std::chrono::steady_clock::time_point deadline) override {
    return watch_.Wait(after, deadline);
  }

  absl::StatusOr<Head> GetHead() override {
    MutexLock lock(&mutex_);
    return head_;
  }

  absl::Status CompactLog(Revision through) override {
    MutexLock lock(&mutex_);
    if (shut_down_) return ShutDownError();
    TANDEM_RETURN_IF_ERROR(CheckCompaction(through, head_.revision));
    head_.log_floor = std::max(head_.log_floor, through);
    log_.erase(log_.begin(), FirstAfter(head_.log_floor));
    return absl::OkStatus();
  }

  void Shutdown() override {
    {
      MutexLock lock(&mutex_);
      shut_down_ = true;
    }
    watch_.Shutdown();
  }

 private:
  std::optional<Record> Find(absl::string_view key) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    const auto it = records_.find(key);
    if (it == records_.end()) return std::nullopt;
    return it->second;
  }

  Revision RevisionOf(absl::string_view key) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    const auto it = records_.find(key);
    return it == records_.end() ? 0 : it->second.revision;
  }

  std::deque<Change>::iterator FirstAfter(Revision after) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return std::upper_bound(log_.begin(), log_.end(), after,
                            [](Revision revision, const Change& change) { return revision < change.revision; });
  }

  CommitOutcome CommitOne(Transaction* transaction) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    CommitOutcome outcome;
    outcome.status = shut_down_ ? ShutDownError() : CheckTransaction(*transaction);
    if (!outcome.status.ok()) return outcome;
    for (size_t i = 0; i < transaction->conditions.size(); ++i) {
      const Condition& condition = transaction->conditions[i];
      if (!Holds(condition, RevisionOf(condition.key))) return ConditionFailed(*transaction, static_cast<int>(i));
    }
    const Revision revision = head_.revision + 1;
    bool changed = false;
    for (Write& write : transaction->writes) changed |= Apply(&write, revision);
    if (changed) head_.revision = revision;
    outcome.revision = head_.revision;
    return outcome;
  }

  // False when it was a delete of what is not there.
  bool Apply(Write* write, Revision revision) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    if (write->value.has_value()) {
      Record& record = records_[write->key];
      if (record.revision == 0) {
        record.key = write->key;
        record.create_revision = revision;
      }
      record.value = *write->value;
      record.revision = revision;
    } else if (records_.erase(write->key) == 0) {
      return false;
    }
    if (write->logged) log_.push_back({revision, std::move(write->key), std::move(write->value)});
    return true;
  }

  Mutex mutex_;
  std::map<std::string, Record, std::less<>> records_ ABSL_GUARDED_BY(mutex_);
  std::deque<Change> log_ ABSL_GUARDED_BY(mutex_);
  Head head_ ABSL_GUARDED_BY(mutex_);
  bool shut_down_ ABSL_GUARDED_BY(mutex_) = false;
  HeadWatch watch_;
};

}  // namespace

std::unique_ptr<RecordStore> NewMemoryStore() { return std::make_unique<MemoryStore>(); }

}  // namespace tandem
