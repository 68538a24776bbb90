#include "services/pairing/demo_data/deal_market.h"

#include <map>
#include <set>
#include <utility>
#include <vector>

#include "gtest/gtest.h"

namespace tandem::pairing {
namespace {

constexpr int kDays = 3600;

std::vector<DealRound> Rounds(int64_t seed, uint32_t investors) {
  std::vector<DealRound> rounds;
  EXPECT_TRUE(ForEachRound(MakeInvestors(seed, investors), [&](const DealRound& round) {
    rounds.push_back(round);
    return true;
  }));
  return rounds;
}

TEST(ForEachRoundTest, ComesInTheOrderOfTimeWithinTenYears) {
  int last = kDays;
  for (const DealRound& round : Rounds(1, 200)) {
    EXPECT_LE(round.days_ago, last);
    EXPECT_GE(round.days_ago, 0);
    EXPECT_FALSE(round.investors.empty());
    last = round.days_ago;
  }
}

TEST(ForEachRoundTest, CompaniesClimbTheLadder) {
  std::map<uint32_t, std::pair<int, int>> last;  // rung and day, by company
  int later = 0, higher = 0;
  for (const DealRound& round : Rounds(2, 300)) {
    const auto [it, first] = last.try_emplace(round.company.number, round.rung, round.days_ago);
    if (!first) {
      EXPECT_GE(round.rung, it->second.first);
      EXPECT_LE(round.days_ago, it->second.second - 150);
      ++later;
      higher += round.rung > it->second.first;
      it->second = {round.rung, round.days_ago};
    }
  }
  EXPECT_GT(later, 300);
  EXPECT_GT(higher, later * 2 / 3);
}

TEST(ForEachRoundTest, MostInvestInACompanyOnce) {
  std::set<std::pair<uint32_t, uint32_t>> pairs;
  size_t deals = 0;
  for (const DealRound& round : Rounds(3, 300)) {
    deals += round.investors.size();
    for (const uint32_t investor : round.investors) pairs.insert({investor, round.company.number});
  }
  EXPECT_GT(pairs.size(), deals * 8 / 10);
  EXPECT_LT(pairs.size(), deals);
}

// The ratio of the variance of the deals in a half-year to their mean is 1 when an investor's deals come evenly.
TEST(ForEachRoundTest, DealsComeInBursts) {
  constexpr size_t kHalfYears = 10;  // of the last five years, in which the market hardly grows
  std::map<uint32_t, std::vector<int>> deals;
  for (const DealRound& round : Rounds(4, 500)) {
    const auto half_year = static_cast<size_t>(round.days_ago / 182);
    if (half_year >= kHalfYears) continue;
    for (const uint32_t investor : round.investors) {
      auto [it, first] = deals.try_emplace(investor);
      if (first) it->second.resize(kHalfYears);
      ++it->second[half_year];
    }
  }
  double ratios = 0;
  int counted = 0;
  for (const auto& [investor, counts] : deals) {
    double sum = 0, squares = 0;
    for (const int count : counts) {
      sum += count;
      squares += count * count;
    }
    if (sum < 10) continue;
    const double mean = sum / kHalfYears;
    ratios += (squares / kHalfYears - mean * mean) / mean;
    ++counted;
  }
  ASSERT_GT(counted, 50);
  EXPECT_GT(ratios / counted, 1.5);
}

TEST(ForEachRoundTest, ThoseWhoInvestedTogetherMeetAgain) {
  std::set<std::pair<uint32_t, uint32_t>> met;
  int pairs = 0, again = 0;
  std::vector<DealRound> rounds = Rounds(5, 500);
  std::set<uint32_t> known;
  for (size_t i = 0; i < rounds.size(); ++i) {
    const std::vector<uint32_t>& inside = rounds[i].investors;
    for (const uint32_t a : inside) {
      if (i < rounds.size() / 2) known.insert(a);
      for (const uint32_t b : inside) {
        if (a >= b) continue;
        if (i < rounds.size() / 2) {
          met.insert({a, b});
        } else if (known.count(a) != 0 && known.count(b) != 0) {
          ++pairs;
          again += met.count({a, b}) != 0;
        }
      }
    }
  }
  // The share of pairs that met before, among those that meet and among all.
  const auto investors = static_cast<double>(known.size());
  const double usual = static_cast<double>(met.size()) / (investors * (investors - 1) / 2);
  EXPECT_GT(pairs, 300);
  EXPECT_GT(again, 5 * usual * pairs);
}

TEST(ForEachRoundTest, StopsWhenTold) {
  int seen = 0;
  EXPECT_FALSE(ForEachRound(MakeInvestors(6, 100), [&](const DealRound&) { return ++seen < 5; }));
  EXPECT_EQ(seen, 5);
}

TEST(ForEachRoundTest, NobodyMakesNoDeals) { EXPECT_TRUE(Rounds(7, 0).empty()); }

}  // namespace
}  // namespace tandem::pairing
