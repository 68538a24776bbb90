// One thread that writes for everybody: many callers' transactions share one flush.
//
// Callers queue and sleep; the thread takes what has queued up, at most a batch, hands it to a BatchWriter, and wakes
// whom it has an outcome for. While one batch is being flushed the next one gathers, so that the batch grows with the
// load.
#ifndef TANDEM_COMMON_STORAGE_GROUP_COMMITTER_H_
#define TANDEM_COMMON_STORAGE_GROUP_COMMITTER_H_

#include <chrono>
#include <cstddef>
#include <deque>
#include <functional>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/types/span.h"

#include "common/base/mutex.h"
#include "common/storage/record_store.h"

namespace tandem {

// One transaction on its way.
struct PendingTransaction {
  Transaction transaction;
  CommitOutcome outcome;
  // Until when its caller waits.
  std::chrono::steady_clock::time_point deadline = std::chrono::steady_clock::time_point::max();
};

// What a backend does with a batch. Called by the committer's thread only.
class BatchWriter {
 public:
  virtual ~BatchWriter() = default;

  // Commits the transactions in order, each on its own and seeing those before it, in one flush; returns with every
  // outcome set and the successful ones durable.
  virtual void WriteBatch(absl::Span<PendingTransaction* const> batch) = 0;
};

// How much may be in one batch and how much may wait. An operation is one condition or one write.
struct GroupCommitLimits {
  size_t batch_operations = 2500;
  size_t batch_bytes = size_t{8} << 20;
  // A call that finds this much waiting is refused with UNAVAILABLE; one call alone may be larger.
  size_t queued_operations = 200'000;
  size_t queued_bytes = size_t{256} << 20;
  // Where a batch costs a flush however small it is: callers who have just been answered mostly come again at once, and
  // a batch waits for as many as there were lately, up to this share of the last batch's time. 0 to wait for nobody.
  double gather_share = 0;
};

// Thread-safe.
class GroupCommitter {
 public:
  // `writer` must outlive this.
  GroupCommitter(BatchWriter* writer, GroupCommitLimits limits);
  // Shuts down.
  ~GroupCommitter();
  GroupCommitter(const GroupCommitter&) = delete;
  GroupCommitter& operator=(const GroupCommitter&) = delete;

  // As RecordStore::Commit. What is not in a batch yet at the thread's AmbientDeadline is UNAVAILABLE and never
  // written: under overload no time goes into what nobody waits for any more.
  std::vector<CommitOutcome> Commit(std::vector<Transaction> transactions);

  // Runs `job` on the writing thread, between two batches, and returns what it returned.
  absl::Status Run(std::function<absl::Status()> job);

  // Operations that wait for their batch now.
  size_t waiting() const;

  // Refuses what comes from now on and returns when everything accepted before has its outcome. Idempotent.
  void Shutdown();

 private:
  struct Load {
    size_t operations = 0;
    size_t bytes = 0;
  };
  struct Call {
    std::vector<PendingTransaction> items;
    std::vector<Load> loads;  // one per item
    size_t next = 0;          // first item that is not yet in a batch
    std::function<absl::Status()> job;
    absl::Status job_status;
    bool done = false;
    CondVar finished;
  };

  static Load LoadOf(const Transaction& transaction);
  absl::Status Enqueue(Call* call, Load load);
  void Loop();
  // Waits for callers who are expected back.
  void Gather() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Fills `batch` from the queue and `calls` with those that are complete once it is written.
  // Calls that come too late are complete without being written.
  void TakeBatch(std::vector<PendingTransaction*>* batch, std::vector<Call*>* calls)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  BatchWriter* const writer_;
  const GroupCommitLimits limits_;
  mutable Mutex mutex_;
  CondVar work_;
  CondVar idle_;
  std::deque<Call*> queue_ ABSL_GUARDED_BY(mutex_);
  Load queued_ ABSL_GUARDED_BY(mutex_);
  size_t expected_ ABSL_GUARDED_BY(mutex_) = 0;            // calls that the last batch answered or left waiting
  size_t wanted_ ABSL_GUARDED_BY(mutex_) = 1;              // how many calls the thread waits for
  std::chrono::steady_clock::duration last_batch_time_{};  // the thread's own
  bool busy_ ABSL_GUARDED_BY(mutex_) = false;
  bool shut_down_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace tandem

#endif  // TANDEM_COMMON_STORAGE_GROUP_COMMITTER_H_
