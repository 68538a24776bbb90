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

  void Open(size_t most_waiting = 16) {
    RunQueue::Options options;
    options.store = store_.get();
    options.most_waiting = most_waiting;
    options.to_proto = [](const absl::Status& status) {
      google::rpc::Status proto;
      proto.set_code(static_cast<int>(status.code()));
      proto.set_message(GetErrorDetail(status).reason);
      return proto;
    };
    auto opened = RunQueue::Open(std::move(options));
    ASSERT_TRUE(opened.ok()) << opened.status();
    queue_ = *std::move(opened);
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
  RunProto crashed = *queue_->Get(works->name());
  crashed.set_state(RunProto::STATE_RUNNING);
  crashed.clear_error();
  ASSERT_TRUE(RunLog(store_.get(), SystemClock()).Save(crashed).ok());
  Open();
  for (const std::string& name : {works->name(), waits->name()}) {
    const auto run = queue_->Get(name);
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

}  // namespace
}  // namespace tandem::pairing
