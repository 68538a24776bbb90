// What becomes of a commit whose answer is lost: it is learned, never guessed.
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"

#include "common/base/status.h"
#include "tests/support/postgres/proxy.h"
#include "tests/unit/common/storage/postgres/store_test_base.h"

namespace tandem {
namespace {

class LostAnswerTest : public PostgresTest {
 protected:
  void SetUp() override {
    PostgresTest::SetUp();
    if (IsSkipped() || HasFatalFailure()) return;
    folder_ = testing::TempDir() + "/tandem_proxy_XXXXXX";
    ASSERT_NE(mkdtemp(folder_.data()), nullptr);
    proxy_ = std::make_unique<PostgresProxy>(server_->folder(), folder_);
    PostgresOptions options = Options();
    options.conninfo = absl::StrCat("host=", folder_, " user=tandem dbname=postgres");
    options.operation_timeout = std::chrono::milliseconds(operation_ms_);
    options.resolve_timeout = std::chrono::milliseconds(resolve_ms_);
    store_ = Open(options);
    ASSERT_NE(store_, nullptr);
    ASSERT_EQ(CommitTo(store_.get(), {}, {Write::Put("first", "1")}).revision, 1);
  }
  void TearDown() override {
    store_.reset();
    proxy_.reset();
    if (!folder_.empty()) {
      unlink((folder_ + "/.s.PGSQL.5432").c_str());
      rmdir(folder_.c_str());
    }
  }

  // One commit with a cut in it, which must succeed and must have happened once.
  void ExpectOnce(Cut cut) {
    proxy_->CutNext(cut);
    const CommitOutcome outcome = CommitTo(store_.get(), {Condition::Absent("a")}, {Write::Put("a", "1")});
    EXPECT_TRUE(outcome.status.ok()) << outcome.status;
    EXPECT_TRUE(proxy_->made());
    EXPECT_EQ(outcome.revision, 2);
    EXPECT_EQ(Query("SELECT count(*) FROM {s}.log"), "2");
    EXPECT_EQ(Query("SELECT revision FROM {s}.head"), "2");
    EXPECT_EQ(CommitTo(store_.get(), {Condition::AtRevision("a", 2)}, {Write::Put("a", "2")}).revision, 3);
  }

  int operation_ms_ = 1'000;
  int resolve_ms_ = 20'000;
  std::string folder_;
  std::unique_ptr<PostgresProxy> proxy_;
  std::unique_ptr<RecordStore> store_;
};

TEST_F(LostAnswerTest, ACommitThatHappenedIsFound) { ExpectOnce(Cut::kAnswer); }
TEST_F(LostAnswerTest, ACommitThatDidNotHappenIsRepeated) { ExpectOnce(Cut::kRequest); }
TEST_F(LostAnswerTest, AnswersThatNeverComeAreAskedForElsewhere) { ExpectOnce(Cut::kAnswerHang); }
TEST_F(LostAnswerTest, ACommitThatNeverArrivesIsRepeated) { ExpectOnce(Cut::kRequestHang); }

class OrphanTest : public LostAnswerTest {
 protected:
  OrphanTest() { operation_ms_ = 60'000; }
};

TEST_F(OrphanTest, AConnectionThatTheServerStillHoldsIsEndedAtOnce) {
  const auto begin = std::chrono::steady_clock::now();
  ExpectOnce(Cut::kRequestOrphan);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(20));
}

TEST_F(LostAnswerTest, ManyCutsInARow) {
  for (int i = 0; i < 20; ++i) {
    proxy_->CutNext(i % 2 == 0 ? Cut::kAnswer : Cut::kRequest);
    const std::string key = std::to_string(i);
    const CommitOutcome outcome = CommitTo(store_.get(), {Condition::Absent(key)}, {Write::Put(key, key)});
    ASSERT_TRUE(outcome.status.ok()) << outcome.status;
    ASSERT_EQ(outcome.revision, i + 2);
  }
}

class UnlearnedAnswerTest : public LostAnswerTest {
 protected:
  UnlearnedAnswerTest() { resolve_ms_ = 300; }
};

TEST_F(UnlearnedAnswerTest, IsUnknownAndTheStoreRecovers) {
  for (const Cut cut : {Cut::kAnswer, Cut::kRequest}) {
    const std::string key = cut == Cut::kAnswer ? "a" : "b";
    proxy_->CloseAtTheCut();
    proxy_->CutNext(cut);
    auto outcomes = store_->Commit({{{Condition::Absent(key)}, {Write::Put(key, "1")}},
                                    {{Condition::Present(key)}, {}},
                                    {{Condition::Absent("first")}, {Write::Put("first", "2")}}});
    EXPECT_TRUE(absl::IsUnknown(outcomes[0].status)) << outcomes[0].status;
    EXPECT_EQ(GetErrorDetail(outcomes[0].status).reason, "OUTCOME_UNKNOWN");
    EXPECT_TRUE(absl::IsUnavailable(outcomes[1].status)) << "what would have written nothing is not in doubt";
    EXPECT_TRUE(absl::IsUnavailable(outcomes[2].status));
    proxy_->Reopen();
    EXPECT_EQ(ValueOf(store_.get(), key), cut == Cut::kAnswer ? "1" : "<absent>");
    EXPECT_TRUE(CommitTo(store_.get(), {}, {Write::Put("later", key)}).status.ok());
  }
}

}  // namespace
}  // namespace tandem
