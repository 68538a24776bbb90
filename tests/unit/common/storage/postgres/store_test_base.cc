#include "tests/unit/common/storage/postgres/store_test_base.h"

#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"

#include "common/storage/postgres/schema.h"
#include "common/storage/postgres/sessions.h"

namespace tandem {

void PostgresTest::SetUp() {
  static const absl::StatusOr<std::unique_ptr<PostgresServer>> server = PostgresServer::Start();
  if (absl::IsUnavailable(server.status())) GTEST_SKIP() << server.status().message();
  ASSERT_TRUE(server.ok()) << server.status();
  server_ = server->get();
  static int tests = 0;
  schema_ = absl::StrCat("test_", ++tests);
}

PostgresOptions PostgresTest::Options() const {
  PostgresOptions options;
  options.conninfo = server_->connection();
  options.schema = schema_;
  return options;
}

std::unique_ptr<RecordStore> PostgresTest::Open(const PostgresOptions& options) {
  const absl::Status migrated = postgres::Migrate(server_->connection(), options.schema);
  EXPECT_TRUE(migrated.ok()) << migrated;
  auto store = OpenPostgresStore(options);
  EXPECT_TRUE(store.ok()) << store.status();
  return store.ok() ? *std::move(store) : nullptr;
}

std::string PostgresTest::Query(const std::string& sql) {
  const auto answer = server_->Query(postgres::WithSchema(sql, schema_));
  EXPECT_TRUE(answer.ok()) << answer.status();
  return answer.ok() ? *answer : "";
}

CommitOutcome CommitTo(RecordStore* store, std::vector<Condition> conditions, std::vector<Write> writes) {
  std::vector<Transaction> transactions(1);
  transactions[0] = {std::move(conditions), std::move(writes)};
  return store->Commit(std::move(transactions)).at(0);
}

std::string ValueOf(RecordStore* store, const std::string& key) {
  const auto record = store->Get(key);
  if (!record.ok()) return record.status().ToString();
  return record->has_value() ? (*record)->value : "<absent>";
}

}  // namespace tandem
