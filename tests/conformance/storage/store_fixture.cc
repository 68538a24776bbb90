#include "tests/conformance/storage/store_fixture.h"

#include <cstdlib>
#include <filesystem>
#include <functional>
#include <utility>

#include "absl/strings/str_cat.h"

#include "common/storage/memory/memory_store.h"
#include "common/storage/postgres/postgres_store.h"
#include "common/storage/postgres/schema.h"
#include "common/storage/sqlite/sqlite_store.h"
#include "tests/support/postgres/server.h"

namespace tandem {
namespace {

std::unique_ptr<RecordStore> OpenSqlite(const std::string& folder) {
  SqliteOptions options;
  options.path = folder + "/store.db";
  options.checkpoint_pages = 50;  // often, so that the suite runs across checkpoints
  auto store = OpenSqliteStore(options);
  EXPECT_TRUE(store.ok()) << store.status();
  return store.ok() ? *std::move(store) : nullptr;
}

// One server for all tests of this program, started with the first and stopped at the end; a schema for each folder.
const absl::StatusOr<std::unique_ptr<PostgresServer>>& Postgres() {
  static const absl::StatusOr<std::unique_ptr<PostgresServer>> server = PostgresServer::Start();
  return server;
}

std::string PostgresLacks() {
  return absl::IsUnavailable(Postgres().status()) ? std::string(Postgres().status().message()) : "";
}

std::unique_ptr<RecordStore> OpenPostgres(const std::string& folder) {
  EXPECT_TRUE(Postgres().ok()) << Postgres().status();
  if (!Postgres().ok()) return nullptr;
  PostgresOptions options;
  options.conninfo = (*Postgres())->connection();
  options.schema = absl::StrCat("test_", std::hash<std::string>()(folder));
  const absl::Status migrated = postgres::Migrate(options.conninfo, options.schema);
  EXPECT_TRUE(migrated.ok()) << migrated;
  auto store = OpenPostgresStore(options);
  EXPECT_TRUE(store.ok()) << store.status();
  return store.ok() ? *std::move(store) : nullptr;
}

}  // namespace

std::vector<Backend> Backends() {
  return {
      {"memory", [](const std::string&) { return NewMemoryStore(); }},
      {"sqlite", OpenSqlite},
      {"postgres", OpenPostgres, PostgresLacks, true},
  };
}

std::string MakeFolder() {
  std::string pattern = testing::TempDir() + "/tandem_store_XXXXXX";
  EXPECT_NE(mkdtemp(pattern.data()), nullptr);
  return pattern;
}

void StoreTest::SetUp() {
  if (const std::string lacks = GetParam().lacks(); !lacks.empty()) GTEST_SKIP() << lacks;
  folder_ = MakeFolder();
  store_ = GetParam().open(folder_);
  ASSERT_NE(store_, nullptr);
}

void StoreTest::TearDown() {
  store_.reset();
  if (!folder_.empty()) std::filesystem::remove_all(folder_);
}

CommitOutcome StoreTest::Commit(std::vector<Condition> conditions, std::vector<Write> writes) {
  std::vector<Transaction> transactions(1);
  transactions[0] = {std::move(conditions), std::move(writes)};
  std::vector<CommitOutcome> outcomes = store_->Commit(std::move(transactions));
  EXPECT_EQ(outcomes.size(), 1u);
  return outcomes.at(0);
}

Revision StoreTest::Put(std::string key, std::string value) {
  const CommitOutcome outcome = Commit({}, {Write::Put(std::move(key), std::move(value))});
  EXPECT_TRUE(outcome.status.ok()) << outcome.status;
  return outcome.revision;
}

std::string StoreTest::ValueOf(const std::string& key) {
  const auto record = store_->Get(key);
  if (!record.ok()) return record.status().ToString();
  return record->has_value() ? (*record)->value : "<absent>";
}

Revision StoreTest::HeadRevision() {
  const auto head = store_->GetHead();
  EXPECT_TRUE(head.ok()) << head.status();
  return head.ok() ? head->revision : -1;
}

std::vector<std::string> Describe(const std::vector<Change>& changes) {
  std::vector<std::string> lines;
  for (const Change& change : changes) {
    lines.push_back(change.value.has_value() ? absl::StrCat(change.key, "=", *change.value, "@", change.revision)
                                             : absl::StrCat(change.key, " deleted@", change.revision));
  }
  return lines;
}

}  // namespace tandem
