// Connections ended and the server restarted while many commit: nothing lost, nothing twice, no gap, no restart of
// ours.
#include <atomic>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"

#include "tests/unit/common/storage/postgres/store_test_base.h"

namespace tandem {
namespace {

constexpr int kCommitters = 8;

class OutageTest : public PostgresTest {
 protected:
  // Commits and follows until `outages` returns, then compares what was told with what is there.
  void CommitThrough(const std::function<void()>& outages) {
    auto store = Open();
    std::atomic<bool> stop = false;
    std::atomic<Revision> last = -1;  // not known yet
    std::vector<std::map<std::string, Revision>> acknowledged(kCommitters);
    std::vector<std::thread> threads;
    for (int i = 0; i < kCommitters; ++i) {
      threads.emplace_back([&, i] {
        for (int step = 0; !stop; ++step) {
          const std::string key = std::to_string(i) + absl::StrCat("/", step);
          const CommitOutcome outcome = CommitTo(store.get(), {Condition::Absent(key)},
                                                 {Write::Put(key, "v"), Write::PutUnlogged("twin/" + key, "v")});
          // UNAVAILABLE is a promise that nothing was written; ABORTED would mean that it was written twice.
          if (outcome.status.ok()) {
            acknowledged[static_cast<size_t>(i)][key] = outcome.revision;
          } else {
            EXPECT_TRUE(absl::IsUnavailable(outcome.status)) << outcome.status;
          }
        }
      });
    }
    std::vector<Change> followed;
    std::thread follower([&] {
      Revision after = 0;
      while (last < 0 || after < last) {
        if (!store->WaitForChange(after, In(std::chrono::milliseconds(50)))) continue;
        const auto batch = store->Changes(after, 50);
        if (!batch.ok()) {
          EXPECT_TRUE(absl::IsUnavailable(batch.status())) << batch.status();
          continue;
        }
        followed.insert(followed.end(), batch->changes.begin(), batch->changes.end());
        after = batch->through;
      }
    });
    outages();
    stop = true;
    for (std::thread& thread : threads) thread.join();
    const auto head = store->GetHead();
    last = head.ok() ? head->revision : 0;
    follower.join();
    ASSERT_TRUE(head.ok()) << head.status();
    ExpectOneHistory(store.get(), *head, acknowledged, followed);
  }

  static void ExpectOneHistory(RecordStore* store, const Head& head,
                               const std::vector<std::map<std::string, Revision>>& acknowledged,
                               const std::vector<Change>& followed) {
    std::map<std::string, Revision> told;
    for (const auto& mine : acknowledged) told.insert(mine.begin(), mine.end());
    const auto records = store->Scan("", "twin/", 1'000'000);
    const auto twins = store->Scan("twin/", "twin0", 1'000'000);
    ASSERT_TRUE(records.ok() && twins.ok());
    std::map<std::string, Revision> stored;
    for (const Record& record : *records) stored[record.key] = record.revision;
    EXPECT_TRUE(stored == told) << stored.size() << " stored, " << told.size() << " acknowledged";
    EXPECT_EQ(twins->size(), records->size());
    EXPECT_EQ(head.revision, static_cast<Revision>(told.size()));
    ASSERT_EQ(followed.size(), told.size());
    for (size_t i = 0; i < followed.size(); ++i) {
      ASSERT_EQ(followed[i].revision, static_cast<Revision>(i + 1));
      ASSERT_EQ(told.at(followed[i].key), followed[i].revision);
    }
    EXPECT_GT(told.size(), 20u);
    printf("%zu commits\n", told.size());
  }
};

TEST_F(OutageTest, EveryConnectionIsEndedAgainAndAgain) {
  CommitThrough([this] {
    for (int i = 0; i < 60; ++i) {
      Query(
          "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
          "WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()");
      std::this_thread::sleep_for(std::chrono::milliseconds(i % 7 * 15));
    }
  });
}

TEST_F(OutageTest, TheServerIsRestartedUnderLoad) {
  CommitThrough([this] {
    for (int i = 0; i < 4; ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(300));
      server_->StopImmediately();
      std::this_thread::sleep_for(std::chrono::milliseconds(100 * i));
      const absl::Status resumed = server_->Resume();
      ASSERT_TRUE(resumed.ok()) << resumed;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(300));
  });
}

TEST_F(OutageTest, ALongOutageIsUnavailableUntilItIsOver) {
  PostgresOptions options = Options();
  options.retry_timeout = std::chrono::milliseconds(200);
  auto store = Open(options);
  ASSERT_TRUE(CommitTo(store.get(), {}, {Write::Put("a", "1")}).status.ok());
  server_->StopImmediately();
  EXPECT_TRUE(absl::IsUnavailable(CommitTo(store.get(), {}, {Write::Put("a", "2")}).status));
  EXPECT_TRUE(absl::IsUnavailable(store->Get("a").status()));
  EXPECT_TRUE(absl::IsUnavailable(store->CompactLog(1)));
  EXPECT_FALSE(store->WaitForChange(1, In(std::chrono::milliseconds(50))));
  ASSERT_TRUE(server_->Resume().ok());
  EXPECT_EQ(ValueOf(store.get(), "a"), "1");
  EXPECT_EQ(CommitTo(store.get(), {}, {Write::Put("a", "2")}).revision, 2);
}

}  // namespace
}  // namespace tandem
