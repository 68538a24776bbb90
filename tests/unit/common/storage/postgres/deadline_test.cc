// What is asked for until a deadline does not keep the database, or its caller, busy beyond it. Operations may take an
// hour here: without the deadlines these tests would.
#include <chrono>
#include <memory>
#include <string>

#include "common/base/ambient_deadline.h"
#include "common/storage/postgres/connection.h"
#include "tests/unit/common/storage/postgres/store_test_base.h"

namespace tandem {
namespace {

class DeadlineTest : public PostgresTest {
 protected:
  void SetUp() override {
    PostgresTest::SetUp();
    if (IsSkipped()) return;
    options_ = Options();
    options_.operation_timeout = std::chrono::hours(1);
    options_.retry_timeout = std::chrono::hours(1);
    store_ = Open(options_);
    ASSERT_TRUE(CommitTo(store_.get(), {}, {Write::Put("k", "v")}).status.ok());
  }

  // Holds `lock` (SQL, in a transaction) until the connection goes.
  std::unique_ptr<postgres::Connection> Hold(const std::string& lock) {
    auto connection = postgres::Connection::Open(options_.conninfo, {}, std::chrono::seconds(30));
    EXPECT_TRUE(connection.ok());
    EXPECT_TRUE((*connection)->Execute("BEGIN").ok());
    EXPECT_TRUE((*connection)->Execute(lock).ok());
    return *std::move(connection);
  }

  std::string Waiting() { return Query("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"); }

  PostgresOptions options_;
  std::unique_ptr<RecordStore> store_;
};

TEST_F(DeadlineTest, AReadThatWaitsForALockEnds) {
  const auto held = Hold("LOCK TABLE \"" + schema_ + "\".records IN ACCESS EXCLUSIVE MODE");
  const AmbientDeadline until(In(std::chrono::milliseconds(100)));
  const auto read = store_->Get("k");
  EXPECT_TRUE(absl::IsUnavailable(read.status())) << read.status();
  EXPECT_EQ(Waiting(), "0") << "the server works on for nobody";
}

TEST_F(DeadlineTest, TheNextReadMayTakeItsTimeAgain) {
  {
    const AmbientDeadline until(In(std::chrono::milliseconds(100)));
    ASSERT_TRUE(store_->Get("k").ok());
  }
  ASSERT_TRUE(store_->Get("k").ok());
  ASSERT_TRUE(store_->Changes(0, 10).ok());
  {
    const AmbientDeadline until(In(std::chrono::milliseconds(100)));
    ASSERT_TRUE(store_->Changes(0, 10).ok()) << "a transaction begins after the limit is set";
  }
}

TEST_F(DeadlineTest, AWriteThatWaitsForTheHeadEndsUnwrittenAndTheNextOneIsWritten) {
  {
    const auto held = Hold("SELECT FROM \"" + schema_ + "\".head FOR UPDATE");
    const AmbientDeadline until(In(std::chrono::milliseconds(100)));
    const CommitOutcome late = CommitTo(store_.get(), {}, {Write::Put("late", "v")});
    EXPECT_TRUE(absl::IsUnavailable(late.status)) << late.status;
    EXPECT_EQ(Waiting(), "0") << "the server works on for nobody";
  }
  EXPECT_TRUE(CommitTo(store_.get(), {Condition::Absent("late")}, {Write::Put("next", "v")}).status.ok());
  EXPECT_EQ(ValueOf(store_.get(), "next"), "v");
}

}  // namespace
}  // namespace tandem
