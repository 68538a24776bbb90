#include "services/pairing/editions/statistics_log.h"

#include <gtest/gtest.h>
#include <set>
#include <thread>
#include <vector>

#include "common/base/status.h"
#include "common/storage/memory/memory_store.h"

namespace tandem::pairing {
namespace {

v1::Statistics Counted(std::initializer_list<const char*> features) {
  v1::Statistics counted;
  counted.set_project_count(10);
  for (const char* feature : features) {
    counted.add_features()->set_feature(feature);
    counted.mutable_features()->rbegin()->set_project_count(2);
  }
  return counted;
}

class StatisticsLogTest : public testing::Test {
 protected:
  std::unique_ptr<RecordStore> store_ = NewMemoryStore();
  StatisticsLog log_{store_.get(), SystemClock()};
};

TEST_F(StatisticsLogTest, EqualCountsHaveEqualFingerprintsWhateverTheirOrder) {
  const auto first = log_.Freeze("e", Counted({"a", "b"}));
  const auto second = log_.Freeze("e", Counted({"b", "a"}));
  const auto third = log_.Freeze("e", Counted({"a", "c"}));
  ASSERT_TRUE(first.ok() && second.ok() && third.ok());
  EXPECT_EQ(first->statistics.fingerprint(), second->statistics.fingerprint());
  EXPECT_NE(first->statistics.fingerprint(), third->statistics.fingerprint());
  EXPECT_EQ(third->statistics.number(), 3);
}

TEST_F(StatisticsLogTest, EditionsCountByThemselves) {
  ASSERT_TRUE(log_.Freeze("e", Counted({})).ok());
  EXPECT_EQ(log_.Freeze("f", Counted({}))->statistics.number(), 1);
  EXPECT_EQ(log_.Freeze("f", Counted({}))->statistics.name(), "editions/f/statistics");
}

TEST_F(StatisticsLogTest, TwoAtOnceGetDifferentNumbers) {
  std::vector<std::thread> threads;
  std::vector<int64_t> numbers(4);
  for (size_t i = 0; i < numbers.size(); ++i) {
    threads.emplace_back([this, &numbers, i] { numbers[i] = log_.Freeze("e", Counted({"a"}))->statistics.number(); });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(std::set<int64_t>(numbers.begin(), numbers.end()), (std::set<int64_t>{1, 2, 3, 4}));
}

// A kill after the commit made the caller's channel send it again, and it was frozen twice.
TEST_F(StatisticsLogTest, TheSameRequestAgainIsCarriedOutOnce) {
  const StatisticsLog::Request request = {"op", "0f8fad5b-d9cb-469f-a165-70867728950e", std::string(32, 'h')};
  EXPECT_FALSE(log_.Find("e", request)->has_value());
  const auto first = log_.Freeze("e", Counted({"a"}), request);
  ASSERT_TRUE(first.ok()) << first.status();
  ASSERT_TRUE(log_.Freeze("e", Counted({"b"})).ok());
  const auto again = log_.Freeze("e", Counted({"a", "c"}), request);
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(again->revision, first->revision);
  EXPECT_EQ(again->statistics.SerializeAsString(), first->statistics.SerializeAsString());
  EXPECT_EQ((*log_.Find("e", request))->revision, first->revision);
  EXPECT_EQ(log_.Freeze("e", Counted({}))->statistics.number(), 3);
  auto other = request;
  other.hash = std::string(32, 'x');
  EXPECT_EQ(GetErrorDetail(log_.Find("e", other).status()).reason, "REQUEST_ID_REUSED");
  EXPECT_EQ(GetErrorDetail(log_.Freeze("e", Counted({}), other).status()).reason, "REQUEST_ID_REUSED");
}

TEST_F(StatisticsLogTest, TheSameRequestAtOnceIsCarriedOutOnce) {
  const StatisticsLog::Request request = {"op", "0f8fad5b-d9cb-469f-a165-70867728950e", std::string(32, 'h')};
  std::vector<std::thread> threads;
  std::vector<int64_t> numbers(4);
  for (size_t i = 0; i < numbers.size(); ++i) {
    threads.emplace_back([&, i] { numbers[i] = log_.Freeze("e", Counted({"a"}), request)->statistics.number(); });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(numbers, (std::vector<int64_t>{1, 1, 1, 1}));
}

}  // namespace
}  // namespace tandem::pairing
