#include "services/pairing/matching/index/point_table.h"

#include <map>
#include <utility>

#include "gtest/gtest.h"

#include "tests/differential/random_market.h"

namespace tandem::pairing::matching {
namespace {

int32_t PointsAt(PointTable& table, const PointTable::Profile& profile, uint16_t code) {
  const int16_t points = table.Open(code)[profile.number];
  table.Close();
  return points == kRefused ? points : points + profile.shift;
}

int32_t PointsIn(const ColumnPoints& column, uint16_t code) {
  for (const ColumnPoints::Listed& listed : column.listed) {
    if (listed.code == code) return listed.points;
  }
  return column.otherwise;
}

TEST(PointTable, SharesProfilesThatDifferByAConstant) {
  PointTable table;
  const ColumnPoints a{0, {{1, 100}, {2, kRefused}}};
  const ColumnPoints b{50, {{1, 150}, {2, kRefused}}};
  const auto first = table.Acquire(a), second = table.Acquire(b);
  EXPECT_EQ(first.number, second.number);
  EXPECT_EQ(first.shift, 100);
  EXPECT_EQ(PointsAt(table, first, 1), 100);
  EXPECT_EQ(PointsAt(table, second, 1), 150);
  EXPECT_EQ(PointsAt(table, second, 2), kRefused);
  EXPECT_EQ(PointsAt(table, second, 999), 50);
  table.Release(a);
  table.Release(b);
  EXPECT_EQ(table.Acquire({7, {}}).number, first.number);
}

TEST(PointTable, KeepsPointsThatSpanMoreThanSixteenBits) {
  PointTable table;
  const auto profile = table.Acquire({-32767, {{3, 32767}}});
  EXPECT_EQ(PointsAt(table, profile, 3), 32767);
  EXPECT_EQ(PointsAt(table, profile, 4), -32767);
  EXPECT_GT(profile.rise, 0);
}

TEST(PointTable, FollowsProfilesThatComeAndGo) {
  Random random(5);
  PointTable table;
  std::map<uint32_t, std::pair<ColumnPoints, PointTable::Profile>> held;
  for (uint32_t step = 0; step < 6000; ++step) {
    if (random.Chance(30) && !held.empty()) {
      auto it = held.lower_bound(random.Below(step + 1));
      if (it == held.end()) it = held.begin();
      table.Release(it->second.first);
      held.erase(it);
      continue;
    }
    ColumnPoints column;
    column.otherwise = random.Chance(20) ? kRefused : static_cast<int16_t>(random.Between(-5, 5));
    // Low codes are frequent enough for arrays of their own, high ones stay exceptions.
    for (uint16_t code = 0; code < 30; ++code) {
      if (!random.Chance(code < 5 ? 60 : 2)) continue;
      column.listed.push_back({code, random.Chance(10) ? kRefused : static_cast<int16_t>(random.Between(-900, 900))});
    }
    const auto profile = table.Acquire(column);
    held.emplace(step, std::make_pair(std::move(column), profile));
  }
  for (uint16_t code = 0; code < 32; ++code) {
    for (const auto& [step, entry] : held) {
      ASSERT_EQ(PointsAt(table, entry.second, code), PointsIn(entry.first, code)) << "code " << code;
    }
  }
}

}  // namespace
}  // namespace tandem::pairing::matching
