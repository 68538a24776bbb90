#include "common/storage/log_retention.h"

#include <chrono>
#include <gtest/gtest.h>
#include <memory>
#include <string>
#include <thread>

#include "absl/strings/str_cat.h"

#include "common/storage/memory/memory_store.h"

namespace tandem {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

class LogRetentionTest : public testing::Test {
 protected:
  void WriteSome(int count) {
    for (int i = 0; i < count; ++i) {
      Transaction transaction;
      transaction.writes.push_back(Write::Put(absl::StrCat("k", ++written_), "v"));
      ASSERT_TRUE(store_->Commit({transaction})[0].status.ok());
    }
  }
  std::unique_ptr<LogRetention> Retention(LogLimits limits) {
    return std::make_unique<LogRetention>(
        store_.get(), limits, [this] { return now_; }, std::chrono::milliseconds(0));
  }
  Revision Floor() { return store_->GetHead()->log_floor; }

  std::unique_ptr<RecordStore> store_ = NewMemoryStore();
  std::chrono::steady_clock::time_point now_{hours(1000)};
  int written_ = 0;
};

TEST_F(LogRetentionTest, ForgetsWhatIsOldAndKeepsWhatIsYoung) {
  auto retention = Retention({hours(24), 1000, 0});
  WriteSome(10);
  ASSERT_TRUE(retention->Look().ok());
  now_ += hours(12);
  WriteSome(10);
  ASSERT_TRUE(retention->Look().ok());
  now_ += hours(12) - minutes(1);
  ASSERT_TRUE(retention->Look().ok());
  EXPECT_EQ(Floor(), 0) << "a minute is missing";
  now_ += minutes(1);
  ASSERT_TRUE(retention->Look().ok());
  EXPECT_EQ(Floor(), 10);
  EXPECT_TRUE(absl::IsOutOfRange(store_->Changes(9, 100).status()));
  EXPECT_EQ(store_->Changes(10, 100)->changes.size(), 10u);
  now_ += hours(100);
  ASSERT_TRUE(retention->Look().ok());
  EXPECT_EQ(Floor(), 20);
}

TEST_F(LogRetentionTest, KeepsNoMoreThanTheMostAndNoLessThanTheLeast) {
  auto retention = Retention({hours(24), 15, 5});
  WriteSome(20);
  ASSERT_TRUE(retention->Look().ok());
  EXPECT_EQ(Floor(), 5) << "the most holds from the start";
  now_ += hours(48);
  ASSERT_TRUE(retention->Look().ok());
  EXPECT_EQ(Floor(), 15) << "the newest stay however old they are";
  auto strict = Retention({hours(24), 2, 5});
  ASSERT_TRUE(strict->Look().ok());
  EXPECT_EQ(Floor(), 18) << "the most prevails";
}

TEST_F(LogRetentionTest, AgesBeginAnewWithTheProcess) {
  WriteSome(10);
  {
    auto before = Retention({hours(24), 1000, 0});
    ASSERT_TRUE(before->Look().ok());
  }
  now_ += hours(30);
  auto after = Retention({hours(24), 1000, 0});
  ASSERT_TRUE(after->Look().ok());
  EXPECT_EQ(Floor(), 0);
  now_ += hours(24);
  ASSERT_TRUE(after->Look().ok());
  EXPECT_EQ(Floor(), 10);
}

TEST_F(LogRetentionTest, SeveralOnOneStoreDoNoHarm) {
  auto one = Retention({hours(24), 1000, 0});
  auto other = Retention({hours(24), 10, 0});
  WriteSome(30);
  ASSERT_TRUE(other->Look().ok());
  ASSERT_TRUE(one->Look().ok());
  now_ += hours(24);
  ASSERT_TRUE(one->Look().ok());
  ASSERT_TRUE(other->Look().ok());
  EXPECT_EQ(Floor(), 30);
  store_->Shutdown();
  EXPECT_TRUE(one->Look().ok()) << "nothing to forget";
}

TEST_F(LogRetentionTest, TheThreadLooksByItselfAndEndsWhenTold) {
  WriteSome(30);
  LogRetention retention(store_.get(), {hours(24), 10, 0}, &std::chrono::steady_clock::now,
                         std::chrono::milliseconds(1));
  while (Floor() == 0) std::this_thread::yield();
  EXPECT_EQ(Floor(), 20);
  WriteSome(5);
  while (Floor() == 20) std::this_thread::yield();
  EXPECT_EQ(Floor(), 25);
  retention.Stop();
  retention.Stop();
}

}  // namespace
}  // namespace tandem
