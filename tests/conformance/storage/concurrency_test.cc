// What holds when many threads use one store.
#include <atomic>
#include <functional>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"

#include "tests/conformance/storage/store_fixture.h"

namespace tandem {
namespace {

using ConcurrencyTest = StoreTest;
INSTANTIATE_TEST_SUITE_P(Backends, ConcurrencyTest, testing::ValuesIn(Backends()), BackendName);

constexpr int kThreads = 8;

void RunThreads(int count, const std::function<void(int)>& body) {
  std::vector<std::thread> threads;
  for (int i = 0; i < count; ++i) threads.emplace_back(body, i);
  for (std::thread& thread : threads) thread.join();
}

TEST_P(ConcurrencyTest, IncrementsGuardedByRevisionAreNeverLost) {
  Put("counter", "0");
  std::atomic<int> successes = 0;
  RunThreads(kThreads, [&](int) {
    for (int i = 0; i < 200; ++i) {
      const auto record = store_->Get("counter");
      ASSERT_TRUE(record.ok() && record->has_value());
      const int next = std::stoi((*record)->value) + 1;
      const CommitOutcome outcome = Commit({Condition::AtRevision("counter", (*record)->revision)},
                                           {Write::Put("counter", std::to_string(next))});
      if (outcome.status.ok()) {
        ++successes;
      } else {
        ASSERT_TRUE(absl::IsAborted(outcome.status)) << outcome.status;
      }
    }
  });
  EXPECT_GE(successes, 200);
  EXPECT_EQ(ValueOf("counter"), std::to_string(successes));
}

TEST_P(ConcurrencyTest, CreateIfAbsentHasOneWinner) {
  for (int round = 0; round < 30; ++round) {
    const std::string key = absl::StrCat("key", round);
    std::atomic<int> winners = 0;
    RunThreads(kThreads, [&](int thread) {
      if (Commit({Condition::Absent(key)}, {Write::Put(key, std::to_string(thread))}).status.ok()) ++winners;
    });
    EXPECT_EQ(winners, 1);
  }
}

TEST_P(ConcurrencyTest, EveryCommitHasItsOwnRevisionAndAThreadSeesItsOwnWrites) {
  constexpr int kEach = 150;
  std::vector<std::vector<Revision>> revisions(kThreads);
  RunThreads(kThreads, [&](int thread) {
    for (int i = 0; i < kEach; ++i) {
      const std::string key = std::to_string(thread) + absl::StrCat("/", i);
      const Revision revision = Put(key, "v");
      auto& mine = revisions[static_cast<size_t>(thread)];
      EXPECT_GT(revision, mine.empty() ? 0 : mine.back());
      mine.push_back(revision);
      EXPECT_EQ(ValueOf(key), "v");
      EXPECT_GE(HeadRevision(), revision);
    }
  });
  std::set<Revision> all;
  for (const auto& mine : revisions) all.insert(mine.begin(), mine.end());
  EXPECT_EQ(all.size(), static_cast<size_t>(kThreads * kEach));
  EXPECT_EQ(*all.begin(), 1);
  EXPECT_EQ(*all.rbegin(), kThreads * kEach);
}

TEST_P(ConcurrencyTest, AFollowerSeesEveryChangeOnceInOrderWhileOthersWrite) {
  constexpr int kEach = 150;
  constexpr Revision kLast = kThreads * kEach;
  std::vector<Change> followed;
  std::thread follower([&] {
    Revision after = 0;
    while (after < kLast) {
      ASSERT_TRUE(store_->WaitForChange(after, In(std::chrono::seconds(60))));
      const auto batch = store_->Changes(after, 7);
      ASSERT_TRUE(batch.ok()) << batch.status();
      ASSERT_GT(batch->through, after);
      followed.insert(followed.end(), batch->changes.begin(), batch->changes.end());
      after = batch->through;
    }
  });
  RunThreads(kThreads, [&](int thread) {
    for (int i = 0; i < kEach; ++i) {
      const std::string name = std::to_string(thread);
      Commit({}, {Write::Put("a" + name, std::to_string(i)), Write::Put("b" + name, std::to_string(i)),
                  Write::PutUnlogged("c" + name, "")});
    }
  });
  follower.join();
  ASSERT_EQ(followed.size(), static_cast<size_t>(2 * kLast));
  std::vector<int> next(kThreads, 0);
  for (size_t i = 0; i < followed.size(); i += 2) {
    const Revision revision = static_cast<Revision>(i / 2 + 1);
    EXPECT_EQ(followed[i].revision, revision);
    EXPECT_EQ(followed[i + 1].revision, revision);
    const size_t thread = static_cast<size_t>(std::stoi(followed[i].key.substr(1)));
    EXPECT_EQ(followed[i].value, std::to_string(next[thread]++)) << "of one thread in the order it wrote";
  }
}

TEST_P(ConcurrencyTest, BatchGetAndScanNeverSeeHalfATransaction) {
  Commit({}, {Write::Put("a", "0"), Write::Put("z", "0")});
  std::atomic<bool> stop = false;
  std::thread writer([&] {
    for (int i = 1; !stop; ++i) {
      Commit({}, {Write::Put("a", std::to_string(i)), Write::Put("z", std::to_string(i))});
    }
  });
  RunThreads(6, [&](int thread) {  // more readers than a backend may have connections
    for (int i = 0; i < 200; ++i) {
      if (thread % 2 == 0) {
        const auto found = store_->BatchGet({"a", "z"});
        ASSERT_TRUE(found.ok()) << found.status();
        EXPECT_EQ((*found)[0]->value, (*found)[1]->value);
      } else {
        const auto found = store_->Scan("a", "", 2);
        ASSERT_TRUE(found.ok()) << found.status();
        EXPECT_EQ(found->at(0).value, found->at(1).value);
      }
    }
  });
  stop = true;
  writer.join();
}

TEST_P(ConcurrencyTest, ShutdownAmidCommitsGivesEachOneOutcome) {
  std::atomic<int> durable = 0;
  std::thread stopper([&] {
    store_->WaitForChange(20, In(std::chrono::seconds(60)));
    store_->Shutdown();
  });
  RunThreads(kThreads, [&](int thread) {
    for (int i = 0;; ++i) {
      const CommitOutcome outcome = Commit({}, {Write::Put(std::to_string(thread) + absl::StrCat("/", i), "v")});
      if (!outcome.status.ok()) {
        EXPECT_TRUE(absl::IsUnavailable(outcome.status)) << outcome.status;
        return;
      }
      ++durable;
    }
  });
  stopper.join();
  EXPECT_EQ(HeadRevision(), durable);
}

TEST_P(ConcurrencyTest, CompactionAmidCommitsLosesNoRecord) {
  std::atomic<bool> stop = false;
  std::thread compactor([&] {
    while (!stop) EXPECT_TRUE(store_->CompactLog(HeadRevision()).ok());
  });
  RunThreads(4, [&](int thread) {
    for (int i = 0; i < 100; ++i) Put(std::to_string(thread) + absl::StrCat("/", i), "v");
  });
  stop = true;
  compactor.join();
  EXPECT_EQ(store_->Scan("", "", 1000)->size(), 400u);
  EXPECT_EQ(HeadRevision(), 400);
}

}  // namespace
}  // namespace tandem
