#include "common/catalog/request_log.h"

#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"

#include "common/base/status.h"
#include "common/storage/memory/memory_store.h"
#include "tests/unit/common/catalog/catalog_fixture.h"

namespace tandem::catalog {
namespace {

class RequestLogTest : public testing::Test {
 protected:
  void Remember(const std::string& key) {
    Transaction transaction;
    log_.Add(key, *store_->Get(key), hash_, "payload", 0, &transaction);
    const auto outcome = store_->Commit({transaction}).front();
    ASSERT_TRUE(outcome.status.ok()) << outcome.status;
    log_.Written(1);
  }
  size_t Rows() { return store_->Scan("idem/", "idem0", 100000)->size(); }

  FakeClock clock_;
  std::unique_ptr<RecordStore> store_ = NewMemoryStore();
  RequestLog log_{store_.get(), &clock_};
  std::string hash_ = std::string(32, 'h');
};

TEST_F(RequestLogTest, KeysOfDifferentPartsDiffer) {
  EXPECT_NE(RequestLog::Key("e", "m", "a/b", "c"), RequestLog::Key("e", "m", "a", "b/c"));
  EXPECT_NE(RequestLog::Key("e", "m", "a", "c"), RequestLog::Key("e", "n", "a", "c"));
}

TEST_F(RequestLogTest, RemembersTheRevisionOfItsTransaction) {
  Remember("idem/a");
  const auto remembered = log_.Read(*store_->Get("idem/a"), hash_, "a");
  ASSERT_TRUE(remembered.ok() && remembered->has_value());
  EXPECT_EQ((*remembered)->payload, "payload");
  EXPECT_EQ((*remembered)->revision, store_->GetHead()->revision);
}

TEST_F(RequestLogTest, OtherContentIsAnError) {
  Remember("idem/a");
  EXPECT_EQ(GetErrorDetail(log_.Read(*store_->Get("idem/a"), std::string(32, 'x'), "a").status()).reason,
            "REQUEST_ID_REUSED");
}

TEST_F(RequestLogTest, ASecondWriterOfOneRowFails) {
  Transaction first, second;
  log_.Add("idem/a", std::nullopt, hash_, "1", 0, &first);
  log_.Add("idem/a", std::nullopt, hash_, "2", 0, &second);
  const auto outcomes = store_->Commit({first, second});
  EXPECT_TRUE(outcomes[0].status.ok());
  EXPECT_EQ(outcomes[1].status.code(), absl::StatusCode::kAborted);
}

TEST_F(RequestLogTest, FollowersNeverSeeRows) {
  Remember("idem/a");
  EXPECT_TRUE(store_->Changes(0, 10)->changes.empty());
}

TEST_F(RequestLogTest, OldRowsAreSwept) {
  for (int i = 0; i < 300; ++i) Remember(absl::StrCat("idem/old", i));
  clock_.now += absl::Hours(25);
  // Twice the number of rows are looked at as are written, so all old ones are gone before as many again are there.
  for (int i = 0; i < 1000; ++i) Remember(absl::StrCat("idem/new", i));
  EXPECT_EQ(store_->Scan("idem/old", "idem/olf", 100000)->size(), 0u);
  EXPECT_EQ(Rows(), 1000u);
}

}  // namespace
}  // namespace tandem::catalog
