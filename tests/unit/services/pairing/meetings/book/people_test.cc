#include "services/pairing/meetings/book/people.h"

#include <atomic>
#include <thread>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

#include "common/storage/memory/memory_store.h"

namespace tandem::pairing::meetings {
namespace {

constexpr char kParty[] = "editions/e/investors/i";

std::string NameOf(const std::string& id) { return absl::StrCat("editions/e/representatives/", id); }

absl::Status Write(RecordStore* store, const std::string& id) {
  v1::Representative representative;
  representative.set_name(NameOf(id));
  representative.add_parties(kParty);
  Transaction transaction;
  transaction.writes.push_back(
      tandem::Write::Put(absl::StrCat("r/representatives/e/", id), representative.SerializeAsString()));
  return store->Commit({std::move(transaction)}).front().status;
}

// Whoever shares a reading with others still sees what was there when it asked.
TEST(PeopleTest, WhatIsAskedAfterARefreshIsAsNewAsTheRefresh) {
  constexpr int kThreads = 8, kEach = 200;
  const std::unique_ptr<RecordStore> store = NewMemoryStore();
  People people(store.get());
  std::atomic<int> missed{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < kEach; ++i) {
        const std::string id = absl::StrCat("r", t, "-", i);
        if (!Write(store.get(), id).ok() || !people.Refresh().ok() || people.Named(NameOf(id)) == nullptr) ++missed;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(missed, 0);
  EXPECT_EQ(people.Of(kParty).size(), static_cast<size_t>(kThreads * kEach));
}

TEST(PeopleTest, WhoWentWhileTheLogWasCompactedIsGone) {
  const std::unique_ptr<RecordStore> store = NewMemoryStore();
  People people(store.get());
  ASSERT_TRUE(Write(store.get(), "a").ok());
  ASSERT_TRUE(Write(store.get(), "b").ok());
  ASSERT_TRUE(people.Refresh().ok());
  EXPECT_EQ(people.Of(kParty).size(), 2u);
  Transaction removal;
  removal.writes.push_back(tandem::Write::Delete("r/representatives/e/a"));
  ASSERT_TRUE(store->Commit({std::move(removal)}).front().status.ok());
  ASSERT_TRUE(Write(store.get(), "c").ok());
  ASSERT_TRUE(store->CompactLog(store->GetHead()->revision).ok());
  EXPECT_NE(people.Named(NameOf("a")), nullptr) << "nothing is read without a refresh";
  ASSERT_TRUE(people.Refresh().ok());
  EXPECT_EQ(people.Named(NameOf("a")), nullptr);
  EXPECT_EQ(people.Of(kParty).size(), 2u);
  EXPECT_EQ(people.Named("no name"), nullptr);
}

}  // namespace
}  // namespace tandem::pairing::meetings
