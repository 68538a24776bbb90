// A private server, and a fresh schema in it for each test.
#ifndef TANDEM_TESTS_UNIT_COMMON_STORAGE_POSTGRES_STORE_TEST_BASE_H_
#define TANDEM_TESTS_UNIT_COMMON_STORAGE_POSTGRES_STORE_TEST_BASE_H_

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "gtest/gtest.h"

#include "common/storage/postgres/postgres_store.h"
#include "tests/support/postgres/server.h"

namespace tandem {

class PostgresTest : public testing::Test {
 protected:
  // Skips where there is no PostgreSQL.
  void SetUp() override;

  // Options for this test's schema.
  PostgresOptions Options() const;
  // A store on the migrated schema.
  std::unique_ptr<RecordStore> Open(const PostgresOptions& options);
  std::unique_ptr<RecordStore> Open() { return Open(Options()); }
  // Runs SQL, in which {s} is the schema.
  std::string Query(const std::string& sql);

  PostgresServer* server_ = nullptr;  // of all tests of this program
  std::string schema_;
};

CommitOutcome CommitTo(RecordStore* store, std::vector<Condition> conditions, std::vector<Write> writes);
std::string ValueOf(RecordStore* store, const std::string& key);

inline std::chrono::steady_clock::time_point In(std::chrono::milliseconds delay) {
  return std::chrono::steady_clock::now() + delay;
}

}  // namespace tandem

#endif  // TANDEM_TESTS_UNIT_COMMON_STORAGE_POSTGRES_STORE_TEST_BASE_H_
