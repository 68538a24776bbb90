// What Changes, WaitForChange and CompactLog promise.
#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"

#include "tests/conformance/storage/store_fixture.h"

namespace tandem {
namespace {

using LogTest = StoreTest;
using std::chrono::hours;
using std::chrono::milliseconds;
using testing::ElementsAre;
using testing::IsEmpty;
INSTANTIATE_TEST_SUITE_P(Backends, LogTest, testing::ValuesIn(Backends()), BackendName);

TEST_P(LogTest, EveryValueThatWasEverWrittenIsInTheLog) {
  Put("a", "1");
  Put("a", "2");
  ASSERT_TRUE(Commit({}, {Write::Delete("a")}).status.ok());
  Put("a", "3");
  const auto batch = store_->Changes(0, 100);
  ASSERT_TRUE(batch.ok()) << batch.status();
  EXPECT_THAT(Describe(batch->changes), ElementsAre("a=1@1", "a=2@2", "a deleted@3", "a=3@4"));
  EXPECT_EQ(batch->through, 4);
}

TEST_P(LogTest, ChangesGoOnAfterWhatWasRead) {
  for (int i = 1; i <= 5; ++i) Put("k", std::to_string(i));
  const auto first = store_->Changes(0, 2);
  EXPECT_THAT(Describe(first->changes), ElementsAre("k=1@1", "k=2@2"));
  EXPECT_EQ(first->through, 2);
  const auto second = store_->Changes(first->through, 2);
  EXPECT_THAT(Describe(second->changes), ElementsAre("k=3@3", "k=4@4"));
  const auto third = store_->Changes(second->through, 2);
  EXPECT_THAT(Describe(third->changes), ElementsAre("k=5@5"));
  EXPECT_EQ(third->through, 5);
  const auto fourth = store_->Changes(third->through, 2);
  EXPECT_THAT(fourth->changes, IsEmpty());
  EXPECT_EQ(fourth->through, 5);
}

TEST_P(LogTest, ARevisionIsNeverSplit) {
  Put("x", "1");
  ASSERT_TRUE(Commit({}, {Write::Put("a", "1"), Write::Put("b", "2"), Write::Put("c", "3")}).status.ok());
  Put("y", "1");
  EXPECT_THAT(Describe(store_->Changes(1, 1)->changes), ElementsAre("a=1@2", "b=2@2", "c=3@2"));
  EXPECT_EQ(store_->Changes(1, 1)->through, 2);
  EXPECT_EQ(store_->Changes(0, 2)->changes.size(), 4u);
  EXPECT_EQ(store_->Changes(0, 4)->through, 2);
  EXPECT_EQ(store_->Changes(0, 5)->through, 3);
}

TEST_P(LogTest, ABatchIsBoundedInBytesToo) {
  for (int i = 0; i < 12; ++i) Put("k", std::string(1 << 20, 'x'));
  Revision after = 0;
  int batches = 0;
  while (after < 12) {
    const auto batch = store_->Changes(after, 1000);
    ASSERT_TRUE(batch.ok());
    ASSERT_GT(batch->through, after);
    EXPECT_LE(batch->changes.size(), 6u);
    after = batch->through;
    ++batches;
  }
  EXPECT_GE(batches, 2);
}

TEST_P(LogTest, PositionsOutsideTheLogAreRefused) {
  for (int i = 1; i <= 5; ++i) Put("k", std::to_string(i));
  EXPECT_TRUE(absl::IsOutOfRange(store_->Changes(6, 10).status()));
  EXPECT_TRUE(absl::IsOutOfRange(store_->Changes(int64_t{1} << 62, 10).status()));
  EXPECT_TRUE(absl::IsInvalidArgument(store_->Changes(-1, 10).status()));
  EXPECT_TRUE(absl::IsInvalidArgument(store_->Changes(0, 0).status()));
  EXPECT_TRUE(store_->Changes(5, 10).ok());
}

TEST_P(LogTest, CompactionForgetsTheLogAndKeepsTheRecords) {
  for (int i = 1; i <= 5; ++i) Put(absl::StrCat("k", i), std::to_string(i));
  ASSERT_TRUE(store_->CompactLog(3).ok());
  EXPECT_EQ(store_->GetHead()->log_floor, 3);
  EXPECT_TRUE(absl::IsOutOfRange(store_->Changes(2, 10).status()));
  EXPECT_TRUE(absl::IsOutOfRange(store_->Changes(0, 10).status()));
  EXPECT_THAT(Describe(store_->Changes(3, 10)->changes), ElementsAre("k4=4@4", "k5=5@5"));
  EXPECT_EQ(ValueOf("k1"), "1");
  // Never backwards, never beyond the head.
  EXPECT_TRUE(store_->CompactLog(1).ok());
  EXPECT_EQ(store_->GetHead()->log_floor, 3);
  EXPECT_TRUE(absl::IsOutOfRange(store_->CompactLog(6)));
  // All of it.
  ASSERT_TRUE(store_->CompactLog(5).ok());
  EXPECT_THAT(store_->Changes(5, 10)->changes, IsEmpty());
  EXPECT_EQ(Put("k6", "6"), 6);
  EXPECT_THAT(Describe(store_->Changes(5, 10)->changes), ElementsAre("k6=6@6"));
}

TEST_P(LogTest, ALongLogIsForgottenWhole) {
  std::vector<Transaction> transactions;
  for (int i = 0; i < 12'000; ++i) transactions.push_back({{}, {Write::Put("k", std::to_string(i))}});
  store_->Commit(std::move(transactions));
  ASSERT_TRUE(store_->CompactLog(11'999).ok());
  EXPECT_THAT(Describe(store_->Changes(11'999, 10)->changes), ElementsAre("k=11999@12000"));
  EXPECT_EQ(ValueOf("k"), "11999");
}

TEST_P(LogTest, WaitReturnsAtOnceWhenTheHeadIsPast) {
  Put("a", "1");
  EXPECT_TRUE(store_->WaitForChange(0, In(hours(1))));
  EXPECT_TRUE(store_->WaitForChange(0, In(-hours(1))));
}

TEST_P(LogTest, WaitGivesUpAtItsDeadline) {
  Put("a", "1");
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_FALSE(store_->WaitForChange(1, In(milliseconds(50))));
  EXPECT_GE(std::chrono::steady_clock::now() - begin, milliseconds(50));
  EXPECT_FALSE(store_->WaitForChange(1, In(-hours(1))));
}

TEST_P(LogTest, WaitWakesForACommitWhichIsThenReadable) {
  std::vector<std::thread> waiters;
  for (int i = 0; i < 4; ++i) {
    waiters.emplace_back([this] {
      EXPECT_TRUE(store_->WaitForChange(0, In(hours(1))));
      EXPECT_GE(HeadRevision(), 1);
      EXPECT_EQ(ValueOf("a"), "1");
      EXPECT_FALSE(store_->Changes(0, 1)->changes.empty());
    });
  }
  Put("a", "1");
  for (std::thread& waiter : waiters) waiter.join();
}

TEST_P(LogTest, WaitWakesForAnUnloggedCommit) {
  std::thread waiter([this] { EXPECT_TRUE(store_->WaitForChange(0, In(hours(1)))); });
  EXPECT_TRUE(Commit({}, {Write::PutUnlogged("a", "1")}).status.ok());
  waiter.join();
  EXPECT_EQ(store_->Changes(0, 1)->through, 1);
}

TEST_P(LogTest, ShutdownEndsEveryWait) {
  Put("a", "1");
  std::vector<std::thread> waiters;
  for (int i = 0; i < 4; ++i) {
    waiters.emplace_back([this] { EXPECT_FALSE(store_->WaitForChange(1, In(hours(1)))); });
  }
  store_->Shutdown();
  for (std::thread& waiter : waiters) waiter.join();
  EXPECT_FALSE(store_->WaitForChange(0, In(hours(1)))) << "even for what is there";
}

}  // namespace
}  // namespace tandem
