#include "common/catalog/each_record.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

#include "common/base/status.h"
#include "common/storage/memory/memory_store.h"
#include "tests/unit/common/catalog/catalog_fixture.h"

namespace tandem::catalog {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class EachRecordTest : public testing::Test {
 protected:
  void Put(const std::vector<std::string>& keys) {
    Transaction transaction;
    for (const std::string& key : keys) transaction.writes.push_back(Write::Put(key, absl::StrCat("of ", key)));
    const auto outcome = store_.Commit({std::move(transaction)}).front();
    ASSERT_TRUE(outcome.status.ok()) << outcome.status;
  }
  static std::vector<std::string> Numbered(int count) {
    std::vector<std::string> keys;
    for (int i = 0; i < count; ++i) keys.push_back(absl::StrFormat("r/a/%05d", i));
    return keys;
  }
  std::vector<std::string> Seen(const std::string& prefix) {
    std::vector<std::string> seen;
    const absl::Status status = ForEachRecord(&store_, prefix, [&seen](const Record& record) {
      EXPECT_EQ(record.value, absl::StrCat("of ", record.key));
      EXPECT_EQ(record.revision, record.create_revision);
      seen.push_back(record.key);
      return absl::OkStatus();
    });
    EXPECT_TRUE(status.ok()) << status;
    return seen;
  }

  InterruptedStore store_{NewMemoryStore()};
};

TEST_F(EachRecordTest, EveryRecordIsSeenOnceInOrderOverAnyNumberOfPages) {
  Put({"q", "r/a", "r/a0", "r/b/1"});
  int written = 0;
  for (const int count : {0, 1, kRecordsAtOnce - 1, kRecordsAtOnce, kRecordsAtOnce + 1, 3 * kRecordsAtOnce}) {
    const std::vector<std::string> keys = Numbered(count);
    if (count > 0) Put({keys.begin() + written, keys.end()});
    written = count;
    EXPECT_EQ(Seen("r/a/"), keys) << count;
  }
}

TEST_F(EachRecordTest, RecordsOutsideThePrefixAreNotSeen) {
  Put({"r", "r/a", "r/a-b/1", "r/a/", "r/a/1", "r/a/1/2", std::string("r/a/1\0", 6), "r/a/\xff", "r/a0", "r/ab/1",
       "s"});
  EXPECT_THAT(Seen("r/a/"), ElementsAre("r/a/", "r/a/1", std::string("r/a/1\0", 6), "r/a/1/2", "r/a/\xff"));
  EXPECT_THAT(Seen("r/b/"), IsEmpty());
}

TEST_F(EachRecordTest, AVisitThatFailsEndsIt) {
  Put(Numbered(kRecordsAtOnce + 10));
  for (const int failing : {1, kRecordsAtOnce, kRecordsAtOnce + 2}) {
    int visits = 0;
    const absl::Status status = ForEachRecord(&store_, "r/a/", [&](const Record&) {
      return ++visits == failing ? absl::NotFoundError("enough") : absl::OkStatus();
    });
    EXPECT_EQ(status, absl::NotFoundError("enough"));
    EXPECT_EQ(visits, failing);
  }
}

TEST_F(EachRecordTest, RecordsCanBeMovedAway) {
  const std::vector<std::string> keys = Numbered(2 * kRecordsAtOnce + 1);
  Put(keys);
  std::vector<Record> taken;
  const absl::Status status = ForEachRecord(&store_, "r/a/", [&taken](Record& record) {
    taken.push_back(std::move(record));
    return absl::OkStatus();
  });
  ASSERT_TRUE(status.ok()) << status;
  ASSERT_EQ(taken.size(), keys.size());
  for (size_t i = 0; i < keys.size(); ++i) EXPECT_EQ(taken[i].key, keys[i]);
}

TEST_F(EachRecordTest, AStoreThatFailsIsGivenAReason) {
  Put(Numbered(kRecordsAtOnce + 1));
  int visits = 0;
  const absl::Status status = ForEachRecord(&store_, "r/a/", [&](const Record&) {
    ++visits;
    store_.fail_scans = absl::UnavailableError("gone");
    return absl::OkStatus();
  });
  EXPECT_EQ(ReasonOf(status), "STORE_UNAVAILABLE") << status;
  EXPECT_EQ(visits, kRecordsAtOnce) << "the first page, which was read before";
}

}  // namespace
}  // namespace tandem::catalog
