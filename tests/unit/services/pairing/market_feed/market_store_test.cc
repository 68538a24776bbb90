#include "services/pairing/market_feed/market_store.h"

#include <atomic>
#include <thread>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "tests/unit/services/pairing/market_feed/records.h"

namespace tandem::pairing {
namespace {

TEST(MarketStoreTest, AnEditionIsUnknownUntilItsRecordComes) {
  MarketStore store;
  store.Apply({ProjectItem("editions/e/projects/p", 1)});
  EXPECT_EQ(store.Find("editions/e"), nullptr);
  store.Apply({EditionItem("editions/e", 1)});
  const auto market = store.Find("editions/e");
  ASSERT_NE(market, nullptr);
  EXPECT_NE(market->FindProject("editions/e/projects/p"), nullptr) << "what came before the edition is kept";
}

TEST(MarketStoreTest, NothingCrossesEditions) {
  MarketStore store;
  store.Apply({EditionItem("editions/a", 1), EditionItem("editions/b", 1), ProjectItem("editions/a/projects/p", 1),
               InvestorItem("editions/b/investors/i", 1), DealItem("editions/b/investors/i/deals/d", 1)});
  EXPECT_EQ(store.Find("editions/a")->projects.size(), 1u);
  EXPECT_EQ(store.Find("editions/a")->investors.size(), 0u);
  EXPECT_EQ(store.Find("editions/b")->projects.size(), 0u);
  EXPECT_EQ(store.Find("editions/b")->investors.size(), 1u);
  EXPECT_EQ(store.Find("editions/b")->deal_count, 1);
  EXPECT_EQ(store.All().size(), 2u);
}

TEST(MarketStoreTest, RemovesEveryKind) {
  MarketStore store;
  store.Apply({EditionItem("editions/e", 1), ProjectItem("editions/e/projects/p", 1),
               InvestorItem("editions/e/investors/i", 1), DealItem("editions/e/investors/i/deals/d", 1)});
  store.Apply(
      {Gone("editions/e/projects/p", 2), Gone("editions/e/investors/i/deals/d", 2), Gone("editions/e/investors/i", 3)});
  EXPECT_EQ(store.Find("editions/e")->projects.size(), 0u);
  EXPECT_EQ(store.Find("editions/e")->investors.size(), 0u);
  EXPECT_EQ(store.Find("editions/e")->deal_count, 0);
  store.Apply({Gone("editions/e", 4)});
  EXPECT_EQ(store.Find("editions/e"), nullptr);
}

TEST(MarketStoreTest, IgnoresWhatItDoesNotKnow) {
  MarketStore store;
  store.Apply({EditionItem("editions/e", 1),
               {"editions/e/x/y", std::make_shared<type::v1::Money>(), 1},
               {"nonsense", std::make_shared<type::v1::Money>(), 1},
               Gone("nonsense", 1),
               Gone("editions/f/projects/p", 1)});
  EXPECT_EQ(store.All().size(), 1u);
}

TEST(MarketStoreTest, AReaderSeesAllOfAStretchOrNothing) {
  MarketStore store;
  store.Apply({EditionItem("editions/e", 1)});
  std::atomic<bool> stop{false};
  std::atomic<int> torn{0};
  std::vector<std::thread> readers;
  for (int i = 0; i < 2; ++i) {
    readers.emplace_back([&] {
      while (!stop) {
        const auto market = store.Find("editions/e");
        const auto a = market->FindProject("editions/e/projects/a");
        const auto b = market->FindProject("editions/e/projects/b");
        if ((a == nullptr) != (b == nullptr)) ++torn;
        if (a != nullptr && b != nullptr && a->record.trl() != b->record.trl()) ++torn;
      }
    });
  }
  for (int round = 0; round < 300; ++round) {
    store.Apply({ProjectItem("editions/e/projects/a", round, round % 9 + 1),
                 ProjectItem("editions/e/projects/b", round, round % 9 + 1)});
    if (round % 10 == 9) store.Apply({Gone("editions/e/projects/a", round), Gone("editions/e/projects/b", round)});
  }
  stop = true;
  for (std::thread& reader : readers) reader.join();
  EXPECT_EQ(torn, 0);
}

TEST(MarketStoreTest, FactsOutliveTheirReplacement) {
  MarketStore store;
  store.Apply({EditionItem("editions/e", 1), ProjectItem("editions/e/projects/p", 1, 3)});
  const auto view = store.Find("editions/e");
  const auto old = view->FindProject("editions/e/projects/p");
  store.Apply({ProjectItem("editions/e/projects/p", 2, 7)});
  EXPECT_EQ(old->record.trl(), 3);
  EXPECT_EQ(view->FindProject("editions/e/projects/p"), old) << "a view stays as it was";
  EXPECT_EQ(store.Find("editions/e")->FindProject("editions/e/projects/p")->record.trl(), 7);
}

}  // namespace
}  // namespace tandem::pairing
