#include "common/storage/group_committer.h"

#include <algorithm>
#include <utility>

#include "common/base/ambient_deadline.h"
#include "common/base/status.h"
#include "common/base/test_switch.h"
#include "common/storage/transaction_rules.h"

namespace tandem {
namespace {

absl::Status TooLateError() {
  return MakeError(
      absl::StatusCode::kUnavailable, "STORE_UNAVAILABLE",
      "the deadline passed before the store came to this write, which was not written: retry it, with a later deadline",
      {{"cause", "deadline"}});
}

}  // namespace

GroupCommitter::GroupCommitter(BatchWriter* writer, GroupCommitLimits limits)
    : writer_(writer), limits_(limits), thread_([this] { Loop(); }) {}

GroupCommitter::~GroupCommitter() {
  Shutdown();
  thread_.join();
}

GroupCommitter::Load GroupCommitter::LoadOf(const Transaction& transaction) {
  Load load;
  load.operations = std::max<size_t>(1, transaction.conditions.size() + transaction.writes.size());
  for (const Condition& condition : transaction.conditions) load.bytes += condition.key.size();
  for (const Write& write : transaction.writes) {
    load.bytes += write.key.size() + (write.value.has_value() ? write.value->size() : 0);
  }
  return load;
}

absl::Status GroupCommitter::Enqueue(Call* call, Load load) {
  MutexLock lock(&mutex_);
  if (shut_down_) return ShutDownError();
  if (queued_.operations >= limits_.queued_operations || queued_.bytes >= limits_.queued_bytes) {
    return MakeError(absl::StatusCode::kUnavailable, "STORE_UNAVAILABLE",
                     "too many writes wait for the store already: retry later, with growing delays",
                     {{"cause", "queue full"}});
  }
  queued_.operations += load.operations;
  queued_.bytes += load.bytes;
  queue_.push_back(call);
  if (queue_.size() >= wanted_) work_.Signal();
  while (!call->done) call->finished.Wait(&mutex_);
  return absl::OkStatus();
}

std::vector<CommitOutcome> GroupCommitter::Commit(std::vector<Transaction> transactions) {
  std::vector<CommitOutcome> outcomes(transactions.size());
  std::vector<size_t> positions;  // of the valid ones
  Call call;
  Load total;
  for (size_t i = 0; i < transactions.size(); ++i) {
    outcomes[i].status = CheckTransaction(transactions[i]);
    if (!outcomes[i].status.ok()) continue;
    const Load load = LoadOf(transactions[i]);
    total.operations += load.operations;
    total.bytes += load.bytes;
    call.loads.push_back(load);
    PendingTransaction& item = call.items.emplace_back();
    item.transaction = std::move(transactions[i]);
    item.deadline = AmbientDeadline::Current();
    positions.push_back(i);
  }
  if (call.items.empty()) return outcomes;
  const absl::Status accepted = Enqueue(&call, total);
  for (size_t i = 0; i < positions.size(); ++i) {
    if (accepted.ok()) {
      outcomes[positions[i]] = std::move(call.items[i].outcome);
    } else {
      outcomes[positions[i]].status = accepted;
    }
  }
  return outcomes;
}

absl::Status GroupCommitter::Run(std::function<absl::Status()> job) {
  Call call;
  call.job = std::move(job);
  const absl::Status accepted = Enqueue(&call, Load());
  return accepted.ok() ? call.job_status : accepted;
}

size_t GroupCommitter::waiting() const {
  MutexLock lock(&mutex_);
  return queued_.operations;
}

void GroupCommitter::Shutdown() {
  MutexLock lock(&mutex_);
  shut_down_ = true;
  work_.Signal();
  while (busy_ || !queue_.empty()) idle_.Wait(&mutex_);
}

void GroupCommitter::TakeBatch(std::vector<PendingTransaction*>* batch, std::vector<Call*>* calls) {
  Load taken;
  const auto now = std::chrono::steady_clock::now();
  while (!queue_.empty()) {
    Call* const call = queue_.front();
    if (call->job != nullptr) {
      // A job stands alone: it is taken only when nothing else has been.
      if (!calls->empty() || !batch->empty()) return;
      queue_.pop_front();
      calls->push_back(call);
      return;
    }
    while (call->next < call->items.size()) {
      const Load load = call->loads[call->next];
      PendingTransaction& item = call->items[call->next];
      if (item.deadline <= now) {
        item.outcome.status = TooLateError();
        queued_.operations -= load.operations;
        queued_.bytes -= load.bytes;
        ++call->next;
        continue;
      }
      const bool fits = taken.operations + load.operations <= limits_.batch_operations &&
                        taken.bytes + load.bytes <= limits_.batch_bytes;
      if (!fits && !batch->empty()) return;
      taken.operations += load.operations;
      taken.bytes += load.bytes;
      queued_.operations -= load.operations;
      queued_.bytes -= load.bytes;
      batch->push_back(&item);
      ++call->next;
    }
    queue_.pop_front();
    calls->push_back(call);
  }
}

void GroupCommitter::Gather() {
  if (limits_.gather_share <= 0) return;
  const auto patience =
      std::chrono::duration_cast<std::chrono::steady_clock::duration>(last_batch_time_ * limits_.gather_share);
  const auto deadline = std::chrono::steady_clock::now() + patience;
  wanted_ = expected_;
  while (queue_.size() < wanted_ && !shut_down_) {
    if (!work_.WaitUntil(&mutex_, deadline)) break;
  }
  wanted_ = 1;
}

void GroupCommitter::Loop() {
  std::vector<PendingTransaction*> batch;
  std::vector<Call*> calls;
  while (true) {
    {
      MutexLock lock(&mutex_);
      // Callers own their calls and may destroy them as soon as `done` is seen, hence under the lock.
      for (Call* call : calls) {
        call->done = true;
        call->finished.Signal();
      }
      expected_ = calls.size() + queue_.size();
      batch.clear();
      calls.clear();
      busy_ = false;
      while (queue_.empty() && !shut_down_) work_.Wait(&mutex_);
      if (queue_.empty()) {
        idle_.SignalAll();
        return;
      }
      busy_ = true;
      Gather();
      TakeBatch(&batch, &calls);
    }
    if (!batch.empty()) {
      const auto begin = std::chrono::steady_clock::now();
      writer_->WriteBatch(batch);
      PassPoint("storage.before-told");
      last_batch_time_ = std::chrono::steady_clock::now() - begin;
    } else if (!calls.empty() && calls.front()->job != nullptr) {
      calls.front()->job_status = calls.front()->job();
    }
  }
}

}  // namespace tandem
