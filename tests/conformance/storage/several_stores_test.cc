// What holds when several processes, here several store objects, work on one store.
#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"

#include "tests/conformance/storage/store_fixture.h"

namespace tandem {
namespace {

class SeveralStoresTest : public StoreTest {
 protected:
  void SetUp() override {
    StoreTest::SetUp();
    if (IsSkipped() || HasFatalFailure()) return;
    other_ = GetParam().open(folder_);
    ASSERT_NE(other_, nullptr);
  }
  void TearDown() override {
    other_.reset();
    StoreTest::TearDown();
  }

  RecordStore* StoreOf(int index) { return index % 2 == 0 ? store_.get() : other_.get(); }

  static CommitOutcome CommitTo(RecordStore* store, Transaction transaction) {
    std::vector<Transaction> transactions(1);
    transactions[0] = std::move(transaction);
    return store->Commit(std::move(transactions)).at(0);
  }

  std::unique_ptr<RecordStore> other_;
};

std::vector<Backend> SharedBackends() {
  std::vector<Backend> shared;
  for (Backend& backend : Backends()) {
    if (backend.shared) shared.push_back(std::move(backend));
  }
  return shared;
}
INSTANTIATE_TEST_SUITE_P(Backends, SeveralStoresTest, testing::ValuesIn(SharedBackends()), BackendName);

TEST_P(SeveralStoresTest, TheyAreOneHistory) {
  EXPECT_EQ(Put("a", "1"), 1);
  EXPECT_EQ(CommitTo(other_.get(), {{Condition::AtRevision("a", 1)}, {Write::Put("a", "2")}}).revision, 2);
  EXPECT_EQ(ValueOf("a"), "2");
  EXPECT_EQ(store_->GetHead()->epoch, other_->GetHead()->epoch);
  EXPECT_EQ(Describe(other_->Changes(0, 10)->changes), (std::vector<std::string>{"a=1@1", "a=2@2"}));
}

TEST_P(SeveralStoresTest, OneConditionHasOneWinner) {
  for (int round = 0; round < 200; ++round) {
    const std::string key = absl::StrCat("key", round);
    std::atomic<int> ready = 0, winners = 0;
    std::vector<std::thread> threads;
    for (int i = 0; i < 2; ++i) {
      threads.emplace_back([&, i] {
        ++ready;
        while (ready < 2) std::this_thread::yield();
        const CommitOutcome outcome =
            CommitTo(StoreOf(i), {{Condition::Absent(key)}, {Write::Put(key, std::to_string(i))}});
        EXPECT_TRUE(outcome.status.ok() || absl::IsAborted(outcome.status)) << outcome.status;
        if (outcome.status.ok()) ++winners;
      });
    }
    for (std::thread& thread : threads) thread.join();
    ASSERT_EQ(winners, 1) << key;
  }
  EXPECT_EQ(HeadRevision(), 200);
}

TEST_P(SeveralStoresTest, IncrementsThroughBothAreNeverLost) {
  Put("counter", "0");
  std::atomic<int> successes = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&, i] {
      RecordStore* const store = StoreOf(i);
      for (int step = 0; step < 60; ++step) {
        const auto record = store->Get("counter");
        ASSERT_TRUE(record.ok() && record->has_value()) << record.status();
        const std::string next = std::to_string(std::stoi((*record)->value) + 1);
        const CommitOutcome outcome =
            CommitTo(store, {{Condition::AtRevision("counter", (*record)->revision)}, {Write::Put("counter", next)}});
        ASSERT_TRUE(outcome.status.ok() || absl::IsAborted(outcome.status)) << outcome.status;
        if (outcome.status.ok()) ++successes;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(ValueOf("counter"), std::to_string(successes));
  EXPECT_EQ(HeadRevision(), successes + 1);
}

TEST_P(SeveralStoresTest, AFollowerOfOneSeesWhatBothWriteOnceAndInOrder) {
  constexpr int kThreads = 6, kEach = 100;
  std::vector<Revision> followed;
  std::thread follower([&] {
    Revision after = 0;
    while (after < kThreads * kEach) {
      ASSERT_TRUE(store_->WaitForChange(after, In(std::chrono::seconds(60))));
      const auto batch = store_->Changes(after, 7);
      ASSERT_TRUE(batch.ok()) << batch.status();
      for (const Change& change : batch->changes) followed.push_back(change.revision);
      after = batch->through;
    }
  });
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&, i] {
      for (int step = 0; step < kEach; ++step) {
        const std::string key = std::to_string(i) + absl::StrCat("/", step);
        EXPECT_TRUE(CommitTo(StoreOf(i), {{Condition::Absent(key)}, {Write::Put(key, "v")}}).status.ok());
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  follower.join();
  ASSERT_EQ(followed.size(), static_cast<size_t>(kThreads * kEach));
  for (size_t i = 0; i < followed.size(); ++i) ASSERT_EQ(followed[i], static_cast<Revision>(i + 1));
}

TEST_P(SeveralStoresTest, WaitWakesForTheOthersCommitWhichIsThenReadable) {
  for (int round = 0; round < 20; ++round) {
    const Revision before = HeadRevision();
    std::thread waiter([&] {
      EXPECT_TRUE(store_->WaitForChange(before, In(std::chrono::seconds(30))));
      EXPECT_GT(HeadRevision(), before);
    });
    EXPECT_TRUE(CommitTo(other_.get(), {{}, {Write::PutUnlogged("a", std::to_string(round))}}).status.ok());
    waiter.join();
  }
}

TEST_P(SeveralStoresTest, CompactionThroughOneHoldsForBoth) {
  for (int i = 1; i <= 5; ++i) CommitTo(StoreOf(i), {{}, {Write::Put("k", std::to_string(i))}});
  ASSERT_TRUE(other_->CompactLog(3).ok());
  EXPECT_EQ(store_->GetHead()->log_floor, 3);
  EXPECT_TRUE(absl::IsOutOfRange(store_->Changes(2, 10).status()));
  EXPECT_TRUE(store_->CompactLog(2).ok());
  EXPECT_EQ(other_->GetHead()->log_floor, 3);
}

}  // namespace
}  // namespace tandem
