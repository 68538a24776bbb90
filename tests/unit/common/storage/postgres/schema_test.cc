#include "common/storage/postgres/schema.h"

#include <string>
#include <thread>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include "tests/unit/common/storage/postgres/store_test_base.h"

namespace tandem {
namespace {

using SchemaTest = PostgresTest;
using postgres::CheckSchema;
using postgres::CheckSchemaName;
using postgres::Migrate;
using postgres::StartNewEpoch;

TEST(SchemaName, IsAPlainIdentifier) {
  for (const char* good : {"tandem_projects", "a", "_x9"}) EXPECT_TRUE(CheckSchemaName(good).ok()) << good;
  for (const std::string& bad : {std::string(), std::string("9a"), std::string("A"), std::string("a-b"),
                                 std::string("a\"; DROP SCHEMA x"), std::string("pg_x"), std::string(64, 'a')}) {
    EXPECT_TRUE(absl::IsInvalidArgument(CheckSchemaName(bad))) << bad;
  }
}

TEST_F(SchemaTest, AMissingOneIsRefusedWithTheWayOut) {
  const auto store = OpenPostgresStore(Options());
  EXPECT_TRUE(absl::IsFailedPrecondition(store.status()));
  EXPECT_TRUE(absl::StrContains(store.status().message(), "run `tandem admin migrate`")) << store.status();
  EXPECT_TRUE(absl::StrContains(store.status().message(), schema_));
}

TEST_F(SchemaTest, MigratingTwiceKeepsWhatIsThere) {
  auto store = Open();
  ASSERT_TRUE(CommitTo(store.get(), {}, {Write::Put("a", "1")}).status.ok());
  const std::string epoch = store->GetHead()->epoch;
  EXPECT_TRUE(Migrate(server_->connection(), schema_).ok()) << "beside a running store";
  EXPECT_TRUE(CheckSchema(server_->connection(), schema_).ok());
  EXPECT_EQ(store->GetHead()->epoch, epoch);
  EXPECT_EQ(ValueOf(store.get(), "a"), "1");
}

TEST_F(SchemaTest, ManyMayMigrateAtOnce) {
  std::vector<std::thread> threads;
  for (int i = 0; i < 6; ++i) {
    threads.emplace_back([this] {
      const absl::Status migrated = Migrate(server_->connection(), schema_);
      EXPECT_TRUE(migrated.ok()) << migrated;
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(Query("SELECT count(*) FROM {s}.head"), "1");
  EXPECT_EQ(Query("SELECT count(*) FROM {s}.migrations"), std::to_string(postgres::kSchemaVersion));
}

TEST_F(SchemaTest, AnOlderOneIsRefused) {
  ASSERT_TRUE(Migrate(server_->connection(), schema_).ok());
  Query("UPDATE {s}.migrations SET version = 0 WHERE version = 1");
  const absl::Status checked = CheckSchema(server_->connection(), schema_);
  EXPECT_TRUE(absl::IsFailedPrecondition(checked)) << checked;
  EXPECT_TRUE(absl::StrContains(checked.message(), "run `tandem admin migrate`"));
}

TEST_F(SchemaTest, ANewerOneIsFineWhenItSaysSo) {
  ASSERT_TRUE(Migrate(server_->connection(), schema_).ok());
  Query("INSERT INTO {s}.migrations (version, works_since) VALUES (99, 1)");
  EXPECT_TRUE(OpenPostgresStore(Options()).ok());
  EXPECT_TRUE(Migrate(server_->connection(), schema_).ok());
  Query("UPDATE {s}.migrations SET works_since = 99 WHERE version = 99");
  for (const absl::Status& refused : {OpenPostgresStore(Options()).status(), Migrate(server_->connection(), schema_)}) {
    EXPECT_TRUE(absl::IsFailedPrecondition(refused)) << refused;
    EXPECT_TRUE(absl::StrContains(refused.message(), "run the newer program")) << refused;
  }
}

TEST_F(SchemaTest, AFailedMigrationLeavesNothing) {
  Query("CREATE SCHEMA {s}; CREATE TABLE {s}.log (x int)");
  EXPECT_FALSE(Migrate(server_->connection(), schema_).ok());
  EXPECT_EQ(Query(absl::StrCat("SELECT count(*) FROM pg_tables WHERE schemaname = '", schema_, "'")), "1");
}

TEST_F(SchemaTest, SeveralServicesShareADatabase) {
  auto store = Open();
  PostgresOptions other = Options();
  other.schema += "_other";
  auto second = Open(other);
  ASSERT_TRUE(CommitTo(store.get(), {}, {Write::Put("a", "1")}).status.ok());
  EXPECT_EQ(ValueOf(second.get(), "a"), "<absent>");
  EXPECT_NE(store->GetHead()->epoch, second->GetHead()->epoch);
}

TEST_F(SchemaTest, AUserWithoutTheRightToMakeAnythingCanWork) {
  ASSERT_TRUE(Migrate(server_->connection(), schema_).ok());
  Query(
      "CREATE ROLE worker LOGIN; GRANT USAGE ON SCHEMA {s} TO worker; "
      "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {s} TO worker");
  PostgresOptions options = Options();
  options.conninfo = absl::StrCat("host=", server_->folder(), " user=worker dbname=postgres");
  auto store = OpenPostgresStore(options);
  ASSERT_TRUE(store.ok()) << store.status();
  EXPECT_TRUE(CommitTo(store->get(), {}, {Write::Put("a", "1")}).status.ok());
  EXPECT_TRUE((*store)->CompactLog(1).ok());
}

TEST_F(SchemaTest, ANewEpochIsAnotherOneAndKeepsTheRecords) {
  auto store = Open();
  ASSERT_TRUE(CommitTo(store.get(), {}, {Write::Put("a", "1")}).status.ok());
  const std::string epoch = store->GetHead()->epoch;
  ASSERT_TRUE(StartNewEpoch(server_->connection(), schema_).ok());
  EXPECT_NE(store->GetHead()->epoch, epoch);
  EXPECT_EQ(store->GetHead()->revision, 1);
}

}  // namespace
}  // namespace tandem
