#include "services/pairing/service/index_status.h"

#include <thread>

#include "gtest/gtest.h"

#include "tests/unit/services/pairing/market_feed/records.h"

namespace tandem::pairing {
namespace {

TEST(IndexStatusTest, CountsEveryEditionOrTheOneAskedFor) {
  const KeyRing keys = KeyRing::ForTests();
  feed::AppliedPositions positions({kProjectsSource, kInvestorsSource, kEditionsSource});
  MarketStore markets;
  MarketFollowers followers(&markets, &positions, &keys);
  Freshness freshness(&positions, &keys);
  markets.Apply({EditionItem("editions/a", 1), EditionItem("editions/b", 2), ProjectItem("editions/b/projects/p", 1),
                 InvestorItem("editions/b/investors/i", 1), DealItem("editions/b/investors/i/deals/d", 2)});
  positions.Advance(kEditionsSource, {"epoch", 2});

  const v1::GetIndexStatusResponse all = IndexStatus(markets, followers, freshness);
  ASSERT_EQ(all.editions_size(), 2);
  EXPECT_EQ(all.editions(0).edition(), "editions/a");
  EXPECT_EQ(all.editions(1).project_count(), 1);
  EXPECT_EQ(all.editions(1).investor_count(), 1);
  EXPECT_EQ(all.editions(1).deal_count(), 1);
  EXPECT_FALSE(all.consistency_token().empty());
  EXPECT_TRUE(all.editions(1).has_last_apply_time());
  EXPECT_EQ(all.editions(1).kept_list_count(), 0) << "nobody has asked yet";

  const v1::GetIndexStatusResponse one = IndexStatus(markets, followers, freshness, "editions/b");
  ASSERT_EQ(one.editions_size(), 1);
  EXPECT_EQ(one.editions(0).edition(), "editions/b");
}

TEST(IndexStatusTest, ShowsTheListsThatAreKept) {
  const KeyRing keys = KeyRing::ForTests();
  feed::AppliedPositions positions({kProjectsSource, kInvestorsSource, kEditionsSource});
  MarketStore markets;
  MarketFollowers followers(&markets, &positions, &keys);
  Freshness freshness(&positions, &keys);
  markets.Apply({EditionItem("editions/a", 1), InvestorItem("editions/a/investors/i", 1)});
  markets.Find("editions/a");
  while (!markets.ActivityOf("editions/a").lists.filled) std::this_thread::yield();
  markets.Apply({ProjectItem("editions/a/projects/p", 2)});
  const v1::GetIndexStatusResponse status = IndexStatus(markets, followers, freshness);
  EXPECT_EQ(status.editions(0).kept_list_count(), 1);
  EXPECT_EQ(status.editions(0).touched_list_count(), 1);
  EXPECT_GT(status.editions(0).kept_list_bytes(), 0);
}

TEST(IndexStatusTest, ShowsWhatBecameOfEffects) {
  effects::EffectCounts counts;
  counts.done = 7;
  counts.failed = 3;
  counts.due = 2;
  const v1::EffectsStatus status = EffectsStatusOf(counts);
  EXPECT_EQ(status.done_count(), 7);
  EXPECT_EQ(status.failure_count(), 3);
  EXPECT_EQ(status.due_count(), 2);
}

}  // namespace
}  // namespace tandem::pairing
