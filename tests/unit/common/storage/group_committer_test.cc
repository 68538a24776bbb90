#include "common/storage/group_committer.h"

#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "common/base/ambient_deadline.h"
#include "common/base/mutex.h"

namespace tandem {
namespace {

using testing::Each;
using testing::ElementsAre;
using testing::Le;

// Notes the batches; holds each of them until the gate is open.
class GatedWriter final : public BatchWriter {
 public:
  void WriteBatch(absl::Span<PendingTransaction* const> batch) override {
    MutexLock lock(&mutex_);
    sizes_.push_back(batch.size());
    changed_.SignalAll();
    while (!open_) changed_.Wait(&mutex_);
    for (PendingTransaction* item : batch) item->outcome.revision = ++revision_;
  }

  void Open() {
    MutexLock lock(&mutex_);
    open_ = true;
    changed_.SignalAll();
  }

  // Until the writing thread is inside its first batch.
  void AwaitFirstBatch() {
    MutexLock lock(&mutex_);
    while (sizes_.empty()) changed_.Wait(&mutex_);
  }

  std::vector<size_t> sizes() {
    MutexLock lock(&mutex_);
    return sizes_;
  }

 private:
  Mutex mutex_;
  CondVar changed_;
  bool open_ ABSL_GUARDED_BY(mutex_) = false;
  Revision revision_ ABSL_GUARDED_BY(mutex_) = 0;
  std::vector<size_t> sizes_ ABSL_GUARDED_BY(mutex_);
};

std::vector<Transaction> Puts(int count) {
  std::vector<Transaction> transactions;
  for (int i = 0; i < count; ++i) transactions.push_back({{}, {Write::Put(absl::StrCat("k", i), "v")}});
  return transactions;
}

TEST(GroupCommitterTest, WhereAskedItWaitsForCallersWhoComeAgain) {
  GatedWriter writer;
  GroupCommitLimits limits;
  limits.gather_share = 1e9;  // for as long as it takes
  GroupCommitter committer(&writer, limits);
  std::vector<std::thread> callers;
  callers.emplace_back([&] {
    for (int i = 0; i < 2; ++i) EXPECT_TRUE(committer.Commit(Puts(1)).at(0).status.ok());
  });
  writer.AwaitFirstBatch();
  for (int i = 0; i < 2; ++i) {
    callers.emplace_back([&] { EXPECT_TRUE(committer.Commit(Puts(1)).at(0).status.ok()); });
  }
  while (committer.waiting() < 2) std::this_thread::yield();
  writer.Open();
  for (std::thread& caller : callers) caller.join();
  EXPECT_THAT(writer.sizes(), ElementsAre(1, 3));
}

TEST(GroupCommitterTest, WhatGathersDuringAFlushGoesTogetherIntoTheNext) {
  GatedWriter writer;
  GroupCommitter committer(&writer, {});
  std::vector<std::thread> callers;
  callers.emplace_back([&] { EXPECT_TRUE(committer.Commit(Puts(1)).at(0).status.ok()); });
  writer.AwaitFirstBatch();
  constexpr int kCallers = 16;
  for (int i = 0; i < kCallers; ++i) {
    callers.emplace_back([&] { EXPECT_TRUE(committer.Commit(Puts(1)).at(0).status.ok()); });
  }
  while (committer.waiting() < kCallers) std::this_thread::yield();
  writer.Open();
  for (std::thread& caller : callers) caller.join();
  EXPECT_THAT(writer.sizes(), ElementsAre(1, kCallers));
  EXPECT_EQ(committer.waiting(), 0u);
}

TEST(GroupCommitterTest, ABatchIsBoundedAndALargeCallIsSplitInOrder) {
  GatedWriter writer;
  writer.Open();
  GroupCommitLimits limits;
  limits.batch_operations = 10;
  GroupCommitter committer(&writer, limits);
  const auto outcomes = committer.Commit(Puts(25));
  EXPECT_THAT(writer.sizes(), ElementsAre(10, 10, 5));
  for (size_t i = 0; i < outcomes.size(); ++i) EXPECT_EQ(outcomes[i].revision, static_cast<Revision>(i + 1));
}

TEST(GroupCommitterTest, ABatchIsBoundedInBytesAndALargeTransactionGoesAlone) {
  GatedWriter writer;
  writer.Open();
  GroupCommitLimits limits;
  limits.batch_bytes = 1000;
  GroupCommitter committer(&writer, limits);
  committer.Commit({{{}, {Write::Put("a", "1")}},
                    {{}, {Write::Put("b", std::string(5000, 'x'))}},
                    {{}, {Write::Put("c", "1")}},
                    {{}, {Write::Put("d", "1")}}});
  EXPECT_THAT(writer.sizes(), ElementsAre(1, 1, 2));
}

TEST(GroupCommitterTest, AFullQueueRefusesTheWholeCall) {
  auto writer = std::make_unique<GatedWriter>();
  GroupCommitLimits limits;
  limits.batch_operations = 1;
  limits.queued_operations = 3;
  GroupCommitter committer(writer.get(), limits);
  // One is being written and four wait: a call alone may be larger than the bound.
  std::thread large([&] {
    for (const CommitOutcome& outcome : committer.Commit(Puts(5))) EXPECT_TRUE(outcome.status.ok());
  });
  writer->AwaitFirstBatch();
  for (const CommitOutcome& outcome : committer.Commit(Puts(2))) {
    EXPECT_TRUE(absl::IsUnavailable(outcome.status)) << outcome.status;
  }
  writer->Open();
  large.join();
  EXPECT_TRUE(committer.Commit(Puts(1)).at(0).status.ok());
  EXPECT_THAT(writer->sizes(), Each(Le(1u)));
}

TEST(GroupCommitterTest, WhatNobodyWaitsForAnyMoreIsNotWritten) {
  GatedWriter writer;
  GroupCommitter committer(&writer, {});
  std::vector<std::thread> callers;
  callers.emplace_back([&] { EXPECT_TRUE(committer.Commit(Puts(1)).at(0).status.ok()); });
  writer.AwaitFirstBatch();
  callers.emplace_back([&] {
    const AmbientDeadline over(std::chrono::steady_clock::now());
    for (const CommitOutcome& outcome : committer.Commit(Puts(2))) {
      EXPECT_TRUE(absl::IsUnavailable(outcome.status)) << outcome.status;
    }
  });
  while (committer.waiting() < 2) std::this_thread::yield();
  callers.emplace_back([&] { EXPECT_TRUE(committer.Run([] { return absl::OkStatus(); }).ok()); });
  callers.emplace_back([&] {
    const AmbientDeadline later(std::chrono::steady_clock::now() + std::chrono::hours(1));
    EXPECT_TRUE(committer.Commit(Puts(1)).at(0).status.ok());
  });
  while (committer.waiting() < 3) std::this_thread::yield();
  writer.Open();
  for (std::thread& caller : callers) caller.join();
  EXPECT_THAT(writer.sizes(), ElementsAre(1, 1));
  EXPECT_EQ(committer.waiting(), 0u);
}

TEST(GroupCommitterTest, AJobRunsAloneAndItsStatusComesBack) {
  GatedWriter writer;
  writer.Open();
  GroupCommitter committer(&writer, {});
  EXPECT_TRUE(absl::IsInternal(committer.Run([] { return absl::InternalError("said"); })));
  EXPECT_TRUE(committer.Run([] { return absl::OkStatus(); }).ok());
}

TEST(GroupCommitterTest, ShutdownFinishesWhatWasAcceptedAndRefusesTheRest) {
  GatedWriter writer;
  GroupCommitLimits limits;
  limits.batch_operations = 1;
  GroupCommitter committer(&writer, limits);
  std::thread caller([&] {
    for (const CommitOutcome& outcome : committer.Commit(Puts(5))) EXPECT_TRUE(outcome.status.ok());
  });
  writer.AwaitFirstBatch();
  std::thread stopper([&] {
    committer.Shutdown();
    EXPECT_EQ(writer.sizes().size(), 5u) << "returns when all is written";
  });
  writer.Open();
  stopper.join();
  caller.join();
  EXPECT_TRUE(absl::IsUnavailable(committer.Commit(Puts(1)).at(0).status));
  EXPECT_TRUE(absl::IsUnavailable(committer.Run([] { return absl::OkStatus(); })));
}

}  // namespace
}  // namespace tandem
