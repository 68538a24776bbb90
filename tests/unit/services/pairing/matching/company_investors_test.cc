#include "services/pairing/matching/company_investors.h"

#include <gtest/gtest.h>
#include <map>
#include <random>
#include <set>
#include <vector>

namespace tandem::pairing::matching {
namespace {

TrackRecord In(std::vector<uint32_t> companies) {
  TrackRecord track;
  for (const uint32_t company : companies) track.companies.push_back({company, 1});
  return track;
}

std::vector<uint32_t> Slots(const CompanyInvestors& table, uint32_t company) {
  const std::vector<uint32_t>* slots = table.Of(company);
  return slots == nullptr ? std::vector<uint32_t>() : *slots;
}

TEST(CompanyInvestorsTest, KnowsWhoIsInACompanyNow) {
  CompanyInvestors table;
  const TrackRecord first = In({3, 700}), second = In({700}), third = In({5, 700});
  table.Change(9, nullptr, &first);
  table.Change(2, nullptr, &second);
  EXPECT_EQ(Slots(table, 700), (std::vector<uint32_t>{2, 9}));
  EXPECT_EQ(Slots(table, 3), (std::vector<uint32_t>{9}));
  EXPECT_TRUE(Slots(table, 1'000'000).empty());
  const CompanyInvestors before = table;
  table.Change(9, &first, &third);
  table.Change(2, &second, nullptr);
  EXPECT_TRUE(Slots(table, 3).empty());
  EXPECT_EQ(Slots(table, 5), (std::vector<uint32_t>{9}));
  EXPECT_EQ(Slots(table, 700), (std::vector<uint32_t>{9}));
  EXPECT_EQ(Slots(before, 700), (std::vector<uint32_t>{2, 9})) << "a copy is a version of its own";
}

TEST(CompanyInvestorsTest, AsANaiveTableWould) {
  const uint64_t seed = 20'261'121;
  SCOPED_TRACE(seed);
  std::mt19937_64 random(seed);
  const auto below = [&](uint64_t n) { return static_cast<uint32_t>(random() % n); };
  CompanyInvestors table;
  std::map<uint32_t, TrackRecord> tracks;
  for (int step = 0; step < 2000; ++step) {
    const auto investor = below(20);
    std::set<uint32_t> companies;
    for (uint32_t i = below(6); i > 0; --i) companies.insert(below(600));
    const TrackRecord now = In({companies.begin(), companies.end()});
    const auto known = tracks.find(investor);
    const bool gone = below(5) == 0;
    table.Change(investor, known == tracks.end() ? nullptr : &known->second, gone ? nullptr : &now);
    if (gone) {
      tracks.erase(investor);
    } else {
      tracks[investor] = now;
    }
    if (step % 50 != 0) continue;
    for (uint32_t company = 0; company < 600; ++company) {
      std::vector<uint32_t> expected;
      for (const auto& [slot, track] : tracks) {
        for (const auto& each : track.companies) {
          if (each.company == company) expected.push_back(slot);
        }
      }
      ASSERT_EQ(Slots(table, company), expected) << "company " << company << " at step " << step;
    }
  }
}

}  // namespace
}  // namespace tandem::pairing::matching
