#include "services/pairing/runs/run_queue.h"

#include <gtest/gtest.h>
#include <memory>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"

#include "common/base/status.h"
#include "common/storage/memory/memory_store.h"

namespace tandem::pairing {
namespace {

using RunProto = type::v1::Run;

std::chrono::steady_clock::time_point Soon() { return std::chrono::steady_clock::now() + std::chrono::seconds(30); }

class RunQueueTest : public testing::Test {
 protected:
  void SetUp() override { Open(); }

  void Open(size_t most_waiting = 16) { queue_ = NewQueue(most_waiting); }

  std::unique_ptr<RunQueue> NewQueue(size_t most_waiting = 16,
                                     std::chrono::milliseconds lease = std::chrono::seconds(10)) {
    RunQueue::Options options;
    options.lease = lease;
    options.store = store_.get();
    options.most_waiting = most_waiting;
    options.to_proto = [](const absl::Status& status) {
      google::rpc::Status proto;
      proto.set_code(static_cast<int>(status.code()));
      proto.set_message(GetErrorDetail(status).reason);
      return proto;
    };
    auto opened = RunQueue::Open(std::move(options));
    EXPECT_TRUE(opened.ok()) << opened.status();
    return opened.ok() ? *std::move(opened) : nullptr;
  }

  static RunQueue::Submission Submission(RunQueue::Work work) {
    RunQueue::Submission submission;
    submission.edition = "e";
    submission.described.set_kind("train");
    submission.work = std::move(work);
    return submission;
  }

  // Works until it is cancelled.
  static absl::StatusOr<std::string> Endless(const Progress& progress) {
    progress.Report(250, "waiting to be cancelled");
    while (!progress.Cancelled()) std::this_thread::yield();
    return absl::CancelledError();
  }

  // Waits until the run works.
  RunProto Started(const std::string& name) {
    while (true) {
      const auto run = queue_->Get(name);
      if (!run.ok() || run->progress_thousandths() > 0) return run.value_or(RunProto());
      std::this_thread::yield();
    }
  }

  std::unique_ptr<RecordStore> store_ = NewMemoryStore();
  std::unique_ptr<RunQueue> queue_;
};

TEST_F(RunQueueTest, ARunShowsItsProgressAndWhatItMade) {
  const auto submitted = queue_->Submit(Submission([](const Progress& progress) -> absl::StatusOr<std::string> {
    progress.Report(500, "half");
    progress.Report(100, "never back");
    return std::string("editions/e/profiles/trained-1");
  }));
  ASSERT_TRUE(submitted.ok()) << submitted.status();
  EXPECT_EQ(submitted->name(), "editions/e/runs/train-1");
  EXPECT_EQ(submitted->state(), RunProto::STATE_PENDING);
  const auto ended = queue_->Wait(submitted->name(), Soon());
  ASSERT_TRUE(ended.ok()) << ended.status();
  EXPECT_EQ(ended->state(), RunProto::STATE_SUCCEEDED);
  EXPECT_EQ(ended->result(), "editions/e/profiles/trained-1");
  EXPECT_EQ(ended->progress_thousandths(), 1000);
  EXPECT_TRUE(ended->has_start_time());
  EXPECT_TRUE(ended->has_end_time());
}

TEST_F(RunQueueTest, AFailureIsShownWithItsReason) {
  const auto submitted = queue_->Submit(
      Submission([](const Progress&) { return MakeError(absl::StatusCode::kFailedPrecondition, "TOO_FEW", "few"); }));
  const auto ended = queue_->Wait(submitted->name(), Soon());
  EXPECT_EQ(ended->state(), RunProto::STATE_FAILED);
  EXPECT_EQ(ended->error().message(), "TOO_FEW");
}

TEST_F(RunQueueTest, ARunThatWorksStopsWhereItCanAndOneThatWaitsNeverBegins) {
  const auto first = queue_->Submit(Submission(&Endless));
  bool began = false;
  const auto second = queue_->Submit(Submission([&](const Progress&) -> absl::StatusOr<std::string> {
    began = true;
    return std::string();
  }));
  EXPECT_EQ(Started(first->name()).phase(), "waiting to be cancelled");
  EXPECT_EQ(queue_->Cancel(second->name())->state(), RunProto::STATE_CANCELLED);
  EXPECT_TRUE(queue_->Cancel(first->name())->cancel_requested());
  EXPECT_EQ(queue_->Wait(first->name(), Soon())->state(), RunProto::STATE_CANCELLED);
  EXPECT_EQ(queue_->Cancel(first->name())->state(), RunProto::STATE_CANCELLED);
  const auto last = queue_->Submit(Submission([](const Progress&) { return std::string(); }));
  EXPECT_EQ(queue_->Wait(last->name(), Soon())->state(), RunProto::STATE_SUCCEEDED);
  EXPECT_FALSE(began);
}

TEST_F(RunQueueTest, WaitingReturnsTheRunAsItIsAtTheDeadline) {
  const auto run = queue_->Submit(Submission(&Endless));
  Started(run->name());
  const auto waited = queue_->Wait(run->name(), std::chrono::steady_clock::now() + std::chrono::milliseconds(20));
  ASSERT_TRUE(waited.ok()) << waited.status();
  EXPECT_EQ(waited->state(), RunProto::STATE_RUNNING);
  EXPECT_EQ(GetErrorDetail(queue_->Wait("editions/e/runs/none", Soon()).status()).reason, "RESOURCE_NOT_FOUND");
}

TEST_F(RunQueueTest, WhatAStoppedProcessLeftIsShownAsInterrupted) {
  const auto works = queue_->Submit(Submission(&Endless));
  const auto waits = queue_->Submit(Submission(&Endless));
  Started(works->name());
  queue_->Stop();
  EXPECT_EQ(GetErrorDetail(queue_->Submit(Submission(&Endless)).status()).reason, "NOT_READY");
  // As after a crash: a row that nobody ended.
  ASSERT_TRUE(RunLog(store_.get(), SystemClock())
                  .Update(works->name(),
                          [](RunProto* crashed) {
                            crashed->set_state(RunProto::STATE_RUNNING);
                            crashed->clear_error();
                            return true;
                          })
                  .ok());
  queue_ = NewQueue(16, std::chrono::milliseconds(200));
  EXPECT_EQ(queue_->Get(works->name())->state(), RunProto::STATE_RUNNING) << "it may be another process's";
  for (const std::string& name : {works->name(), waits->name()}) {
    const auto run = queue_->Wait(name, Soon());
    ASSERT_TRUE(run.ok()) << run.status();
    EXPECT_EQ(run->state(), RunProto::STATE_FAILED);
    EXPECT_EQ(run->error().message(), "RUN_INTERRUPTED");
  }
}

TEST_F(RunQueueTest, ARepeatedSubmissionIsTheSameRun) {
  auto submission = [](std::string hash) {
    RunQueue::Submission repeated = Submission([](const Progress&) { return std::string(); });
    repeated.id = {"TrainProfile", "somebody", "0f8fad5b-d9cb-469f-a165-70867728950e", std::move(hash)};
    return repeated;
  };
  const std::string hash(32, 'h');
  const auto first = queue_->Submit(submission(hash));
  const auto second = queue_->Submit(submission(hash));
  ASSERT_TRUE(second.ok()) << second.status();
  EXPECT_EQ(first->name(), second->name());
  EXPECT_EQ(GetErrorDetail(queue_->Submit(submission(std::string(32, 'x'))).status()).reason, "REQUEST_ID_REUSED");
}

TEST_F(RunQueueTest, NoMoreMayWaitThanTheLimitAndTheOldestAreForgotten) {
  Open(/*most_waiting=*/1);
  const auto works = queue_->Submit(Submission(&Endless));
  Started(works->name());
  const auto waits = queue_->Submit(Submission(&Endless));
  ASSERT_TRUE(waits.ok()) << waits.status();
  EXPECT_EQ(GetErrorDetail(queue_->Submit(Submission(&Endless)).status()).reason, "LIMIT_EXCEEDED");
  queue_->Cancel(waits->name()).IgnoreError();
  queue_->Cancel(works->name()).IgnoreError();
  std::string last;
  for (size_t i = 0; i < RunLog::kKeptPerEdition + 5; ++i) {
    last = queue_->Submit(Submission([](const Progress&) { return std::string(); }))->name();
    ASSERT_TRUE(queue_->Wait(last, Soon()).ok());
  }
  const auto runs = queue_->List("e");
  ASSERT_TRUE(runs.ok()) << runs.status();
  EXPECT_EQ(runs->front().name(), last);
  EXPECT_LE(runs->size(), RunLog::kKeptPerEdition + 1);
  EXPECT_EQ(GetErrorDetail(queue_->Get(works->name()).status()).reason, "RESOURCE_NOT_FOUND");
}

// Two processes on one store.
class SharedRunQueueTest : public RunQueueTest {
 protected:
  static constexpr std::chrono::milliseconds kLease{1000};
  void SetUp() override {
    queue_ = NewQueue(16, kLease);
    other_ = NewQueue(16, kLease);
  }

  std::unique_ptr<RunQueue> other_;
};

TEST_F(SharedRunQueueTest, OneThatStartsOrWatchesLeavesTheWorkOfTheOther) {
  const auto works = queue_->Submit(Submission(&Endless));
  const auto waits = queue_->Submit(Submission([](const Progress&) { return std::string("made"); }));
  Started(works->name());
  auto third = NewQueue(16, kLease);
  std::this_thread::sleep_for(2 * kLease);  // longer than one, to see that they are renewed
  for (RunQueue* queue : {other_.get(), third.get()}) {
    EXPECT_EQ(queue->Get(works->name())->state(), RunProto::STATE_RUNNING);
    EXPECT_EQ(queue->Get(works->name())->progress_thousandths(), 250);
    EXPECT_EQ(queue->Get(waits->name())->state(), RunProto::STATE_PENDING);
    EXPECT_EQ(queue->List("e")->size(), 2u);
  }
  const auto elsewhere = other_->Submit(Submission([](const Progress&) { return std::string("at once"); }));
  EXPECT_EQ(queue_->Wait(elsewhere->name(), Soon())->result(), "at once");
  EXPECT_NE(elsewhere->name(), waits->name());
  queue_->Cancel(works->name()).IgnoreError();
  EXPECT_EQ(other_->Wait(waits->name(), Soon())->result(), "made");
}

TEST_F(SharedRunQueueTest, AnyOfThemCancelsWhatWorksOrWaits) {
  const auto works = queue_->Submit(Submission(&Endless));
  const auto waits = queue_->Submit(Submission(&Endless));
  Started(works->name());
  EXPECT_TRUE(other_->Cancel(waits->name())->cancel_requested());
  EXPECT_EQ(other_->Wait(waits->name(), Soon())->state(), RunProto::STATE_CANCELLED);
  EXPECT_TRUE(other_->Cancel(works->name())->cancel_requested());
  EXPECT_EQ(other_->Wait(works->name(), Soon())->state(), RunProto::STATE_CANCELLED);
  EXPECT_EQ(queue_->Get(works->name())->state(), RunProto::STATE_CANCELLED);
  EXPECT_EQ(GetErrorDetail(other_->Cancel("editions/e/runs/none").status()).reason, "RESOURCE_NOT_FOUND");
}

TEST_F(SharedRunQueueTest, WhoWasTakenForGoneStopsAndDoesNotContradict) {
  const auto works = queue_->Submit(Submission(&Endless));
  Started(works->name());
  ASSERT_TRUE(RunLog(store_.get(), SystemClock())
                  .Update(works->name(),
                          [](RunProto* run) {
                            run->set_state(RunProto::STATE_FAILED);
                            run->mutable_error()->set_message("RUN_INTERRUPTED");
                            return true;
                          })
                  .ok());
  const auto ended = queue_->Wait(works->name(), Soon());
  ASSERT_TRUE(ended.ok()) << ended.status();
  EXPECT_EQ(ended->state(), RunProto::STATE_FAILED);
  const auto next = queue_->Submit(Submission([](const Progress&) { return std::string(); }));
  EXPECT_EQ(queue_->Wait(next->name(), Soon())->state(), RunProto::STATE_SUCCEEDED) << "the thread is free again";
  EXPECT_EQ(other_->Get(works->name())->error().message(), "RUN_INTERRUPTED");
}

TEST_F(SharedRunQueueTest, WhatAStoppedProcessHadIsInterruptedForAll) {
  const auto works = queue_->Submit(Submission(&Endless));
  Started(works->name());
  queue_->Stop();
  EXPECT_EQ(other_->Wait(works->name(), Soon())->error().message(), "RUN_INTERRUPTED");
}

}  // namespace
}  // namespace tandem::pairing
