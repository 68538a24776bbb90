#include "services/pairing/matching/index/investor_index.h"

#include <atomic>
#include <thread>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "tests/differential/random_market.h"

namespace tandem::pairing::matching {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::shared_ptr<const InvestorForm> FormOf(int32_t bias) {
  InvestorForm form;
  form.bias = bias;
  return std::make_shared<const InvestorForm>(form);
}

TEST(InvestorIndex, IsEmptyAtFirst) {
  const ShuffledOrder order(1);
  InvestorIndex index(&order);
  const auto snapshot = index.Publish();
  const TopList list = snapshot->Top({}, 0, 10, nullptr);
  EXPECT_THAT(list.best, IsEmpty());
  EXPECT_EQ(list.passed, 0u);
  EXPECT_EQ(snapshot->Form(3), nullptr);
}

TEST(InvestorIndex, SnapshotsStayAsTheyWere) {
  const ShuffledOrder order(1);
  InvestorIndex index(&order);
  index.Put(0, FormOf(5));
  index.Put(700, FormOf(9));
  const auto before = index.Publish();
  index.Remove(700);
  index.Remove(12'345);
  index.Put(0, FormOf(1));
  index.Put(3, FormOf(2));
  const auto after = index.Publish();
  EXPECT_THAT(before->Top({}, 0, 10, nullptr).best, ElementsAre(Scored{700, 9}, Scored{0, 5}));
  EXPECT_THAT(after->Top({}, 0, 10, nullptr).best, ElementsAre(Scored{3, 2}, Scored{0, 1}));
  EXPECT_EQ(before->size(), 2u);
  EXPECT_EQ(before->Form(700)->bias, 9);
  EXPECT_EQ(after->Form(700), nullptr);
  EXPECT_EQ(after->Form(0)->bias, 1);
}

TEST(InvestorIndex, NamesNobodyForNoPlaces) {
  const ShuffledOrder order(1);
  InvestorIndex index(&order);
  index.Put(0, FormOf(5));
  const TopList list = index.Publish()->Top({}, 0, 0, nullptr);
  EXPECT_THAT(list.best, IsEmpty());
  EXPECT_EQ(list.passed, 1u);
}

// Meant for the thread sanitizer; and every answer is one of the states that were published.
TEST(InvestorIndex, ReadersNeedNotWaitForTheWriter) {
  const ShuffledOrder order(1);
  InvestorIndex index(&order);
  for (uint32_t slot = 0; slot < 600; ++slot) index.Put(slot, FormOf(0));
  const auto first = index.Publish();
  std::atomic<bool> done = false;
  std::atomic<int> wrong = 0;
  std::vector<std::thread> readers;
  for (int i = 0; i < 2; ++i) {
    readers.emplace_back([&] {
      while (!done) wrong += first->Top({}, 0, 5, nullptr).best.front().score != 0 ? 1 : 0;
    });
  }
  for (int32_t version = 1; version <= 100; ++version) {
    for (uint32_t slot = 0; slot < 600; slot += 37) index.Put(slot, FormOf(version));
    ASSERT_EQ(index.Publish()->Top({}, 0, 5, nullptr).best.front().score, version);
  }
  done = true;
  for (std::thread& reader : readers) reader.join();
  EXPECT_EQ(wrong, 0);
}

}  // namespace
}  // namespace tandem::pairing::matching
