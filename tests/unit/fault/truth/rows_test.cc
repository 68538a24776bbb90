#include "tests/fault/truth/rows.h"

#include "common/storage/memory/memory_store.h"
#include "tests/unit/fault/truth/made_history.h"

namespace tandem::check {
namespace {

class RowsTest : public testing::Test {
 protected:
  RowsTest() {
    history_.BeginAt(0, kEpoch);
    project_.set_name("editions/t/projects/a");
    project_.set_external_id("x-1");
    history_.Append({{project_.name(), Stored(1, StoredForm(project_))}}, 1);
  }
  void Store(std::vector<Write> writes) {
    Transaction transaction;
    transaction.writes = std::move(writes);
    ASSERT_TRUE(store_->Commit({transaction}).front().status.ok());
  }
  Write Record() const { return Write::Put("r/projects/t/a", StoredForm(project_)); }
  static Write Index(const std::string& name = "editions/t/projects/a") {
    return Write::PutUnlogged("x/projects/t/x-1", name);
  }
  std::vector<std::string> Complaints() {
    CompareStoreRows(store_.get(), history_, kEdition, &findings_);
    return findings_.complaints();
  }

  std::unique_ptr<RecordStore> store_ = NewMemoryStore();
  History history_{"projects"};
  Findings findings_;
  projects::v1::Project project_;
};

TEST_F(RowsTest, AreWhatTheLogSays) {
  Store({Record(), Index()});
  EXPECT_EQ(Complaints(), std::vector<std::string>());
}

TEST_F(RowsTest, LackARecord) {
  Store({Write::Put("r/projects/other/a", "x")});
  Complaints();
  EXPECT_EQ(findings_.count(Broken::kLost), 1);
}

TEST_F(RowsTest, LackAnIndexRow) {
  Store({Record()});
  Complaints();
  EXPECT_EQ(findings_.count(Broken::kHalf), 1);
}

TEST_F(RowsTest, HaveAnIndexRowTooMany) {
  Store({Record(), Index(), Write::PutUnlogged("x/projects/t/x-2", "editions/t/projects/b")});
  Complaints();
  EXPECT_EQ(findings_.count(Broken::kHalf), 1);
}

TEST_F(RowsTest, HaveAnotherContent) {
  project_.set_trl(4);
  Store({Record(), Index()});
  Complaints();
  EXPECT_EQ(findings_.count(Broken::kHalf), 1);
}

}  // namespace
}  // namespace tandem::check
