#include "common/storage/postgres/postgres_snapshot.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

#include "common/storage/postgres/schema.h"
#include "tests/unit/common/storage/postgres/store_test_base.h"

namespace tandem {
namespace {

using PostgresSnapshotTest = PostgresTest;

TEST_F(PostgresSnapshotTest, IsOfOneRevisionWhileOthersWrite) {
  auto store = Open();
  for (int i = 1000; i < 1600; ++i) {
    ASSERT_TRUE(CommitTo(store.get(), {}, {Write::PutUnlogged(absl::StrCat("k", i), "old")}).status.ok());
  }
  auto snapshot = OpenPostgresSnapshot(Options());
  ASSERT_TRUE(snapshot.ok()) << snapshot.status();
  EXPECT_EQ((*snapshot)->head().revision, 600);
  auto page = (*snapshot)->Next();
  ASSERT_TRUE(page.ok()) << page.status();
  ASSERT_LT(page->size(), 600u) << "there is a second page";
  // Not in the log, so that nothing else could say so.
  ASSERT_TRUE(
      CommitTo(store.get(), {},
               {Write::PutUnlogged("k1599", "new"), Write::DeleteUnlogged("k1598"), Write::PutUnlogged("k9", "new")})
          .status.ok());
  std::vector<Record> records;
  while (page.ok() && !page->empty()) {
    records.insert(records.end(), page->begin(), page->end());
    page = (*snapshot)->Next();
  }
  ASSERT_TRUE(page.ok()) << page.status();
  ASSERT_EQ(records.size(), 600u);
  for (const Record& record : records) EXPECT_EQ(record.value, "old");
}

TEST_F(PostgresSnapshotTest, ANewEpochRaisesTheHeadAndNeverLowersIt) {
  {
    auto store = Open();
    ASSERT_TRUE(CommitTo(store.get(), {}, {Write::Put("a", "1")}).status.ok());
  }
  ASSERT_TRUE(postgres::StartNewEpoch(server_->connection(), schema_, 50).ok());
  ASSERT_TRUE(postgres::StartNewEpoch(server_->connection(), schema_, 20).ok());
  auto store = Open();
  EXPECT_EQ(store->GetHead()->revision, 50);
  EXPECT_EQ(CommitTo(store.get(), {}, {Write::Put("b", "1")}).revision, 51);
  EXPECT_EQ(store->Changes(1, 10)->changes.size(), 1u);
}

}  // namespace
}  // namespace tandem
