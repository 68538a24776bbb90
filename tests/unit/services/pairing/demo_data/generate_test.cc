#include "services/pairing/demo_data/generate.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <set>
#include <string>
#include <vector>

#include "gtest/gtest.h"

#include "common/validation/validator.h"
#include "services/pairing/demo_data/places.h"

namespace tandem::pairing {
namespace {

using Record = v1::GenerateDemoDataResponse;

v1::GenerateDemoDataRequest Request(int64_t seed, int projects = 400, int investors = 200) {
  v1::GenerateDemoDataRequest request;
  request.set_seed(seed);
  request.set_project_count(projects);
  request.set_investor_count(investors);
  request.set_edition_id("demo");
  return request;
}

std::vector<Record> Generate(const v1::GenerateDemoDataRequest& request) {
  std::vector<Record> records;
  const absl::Status status = GenerateDemoData(request, [&](const Record& record) {
    records.push_back(record);
    return true;
  });
  EXPECT_TRUE(status.ok()) << status;
  return records;
}

std::vector<std::string> Bytes(const std::vector<Record>& records) {
  std::vector<std::string> bytes;
  for (const Record& record : records) bytes.push_back(record.SerializeAsString());
  return bytes;
}

// Calls `visit` with every sector code of every record.
template <typename Visit>
void ForEachSector(const std::vector<Record>& records, Visit visit) {
  for (const Record& record : records) {
    for (const auto& sector : record.project().sectors()) visit(sector);
    for (const auto& sector : record.deal().sectors()) visit(sector);
    for (const auto& criterion : record.investor().mandate().criteria()) {
      for (const auto& item : criterion.sectors().items()) visit(item.sector());
    }
  }
}

TEST(GenerateDemoDataTest, SameSeedGivesTheSameBytes) {
  EXPECT_EQ(Bytes(Generate(Request(5))), Bytes(Generate(Request(5))));
}

TEST(GenerateDemoDataTest, OtherSeedGivesOtherRecords) {
  const auto one = Generate(Request(5));
  const auto other = Generate(Request(6));
  EXPECT_NE(one.back().SerializeAsString(), other.back().SerializeAsString());
  EXPECT_NE(one[2].SerializeAsString(), other[2].SerializeAsString());
}

TEST(GenerateDemoDataTest, ComesInTheOrderInWhichItCanBeWritten) {
  int last = 0;
  for (const Record& record : Generate(Request(1))) {
    EXPECT_GE(record.record_case(), last);
    last = record.record_case();
  }
  EXPECT_EQ(last, Record::kProject);
}

TEST(GenerateDemoDataTest, GivesTheNumbersAskedForWithUniqueExternalIds) {
  std::map<int, std::set<std::string>> ids;
  for (const Record& record : Generate(Request(1))) {
    if (record.has_investor()) ids[Record::kInvestor].insert(record.investor().external_id());
    if (record.has_project()) ids[Record::kProject].insert(record.project().external_id());
    if (record.has_deal()) {
      EXPECT_TRUE(ids[Record::kDeal].insert(record.deal().external_id()).second);
    }
  }
  EXPECT_EQ(ids[Record::kInvestor].size(), 200u);
  EXPECT_EQ(ids[Record::kProject].size(), 400u);
  EXPECT_EQ(*ids[Record::kInvestor].begin(), "i-0001");
  EXPECT_EQ(*ids[Record::kProject].begin(), "p-000001");
  EXPECT_EQ(*ids[Record::kDeal].begin(), "d-000001");
}

TEST(GenerateDemoDataTest, FewerProjectsAreAPrefixOfMore) {
  const auto more = Generate(Request(1, 20));
  const auto fewer = Generate(Request(1, 10));
  for (size_t i = 0; i < fewer.size(); ++i) EXPECT_EQ(fewer[i].SerializeAsString(), more[i].SerializeAsString());
}

TEST(GenerateDemoDataTest, EveryCodeIsInTheTaxonomyParentsFirst) {
  const auto records = Generate(Request(2));
  std::set<std::string> codes;
  for (const auto& sector : records[1].taxonomy().sectors()) {
    EXPECT_TRUE(sector.parent_code().empty() || codes.count(sector.parent_code())) << sector.code();
    EXPECT_TRUE(codes.insert(sector.code()).second) << sector.code();
    EXPECT_EQ(sector.labels_size(), 2);
  }
  EXPECT_EQ(codes.size(), 8u + 48u);
  size_t seen = 0;
  ForEachSector(records, [&](const type::v1::SectorCode& sector) {
    ++seen;
    EXPECT_EQ(sector.scheme(), records[1].taxonomy().scheme());
    EXPECT_EQ(sector.version(), records[1].taxonomy().version());
    EXPECT_TRUE(codes.count(sector.code())) << sector.code();
  });
  EXPECT_GT(seen, 1000u);
}

TEST(GenerateDemoDataTest, LanguagesMix) {
  int chinese = 0;
  int translated = 0;
  for (const Record& record : Generate(Request(3))) {
    if (!record.has_project()) continue;
    ASSERT_GE(record.project().texts_size(), 1);
    EXPECT_TRUE(record.project().texts(0).original());
    chinese += record.project().texts(0).language_code() == "zh-Hans";
    translated += record.project().texts_size() == 2;
  }
  EXPECT_GT(chinese, 150);
  EXPECT_LT(chinese, 250);
  EXPECT_GT(translated, 100);
  EXPECT_LT(translated, 260);
}

TEST(GenerateDemoDataTest, EveryRecordKeepsTheRulesOfItsContract) {
  for (const Record& record : Generate(Request(12, 1000, 500))) {
    const absl::Status status = Validate(record);
    EXPECT_TRUE(status.ok()) << status << "\n" << record.ShortDebugString();
  }
}

TEST(GenerateDemoDataTest, CountriesFallOffFromChina) {
  std::map<std::string, int> countries;
  for (const Record& record : Generate(Request(4, 3000, 0))) {
    if (record.has_project()) ++countries[record.project().place().country_code()];
  }
  EXPECT_EQ(countries.size(), 28u);
  EXPECT_GT(countries["CN"], 3000 / 3);
  EXPECT_GT(countries["US"], countries["NZ"]);
}

TEST(GenerateDemoDataTest, DealsFollowTheFavouriteSectors) {
  const auto records = Generate(Request(8, 0, 300));
  std::map<std::string, std::set<std::string>> wanted;
  int inside = 0;
  int outside = 0;
  for (const Record& record : records) {
    if (record.has_investor()) {
      for (const auto& criterion : record.investor().mandate().criteria()) {
        if (criterion.strength() == type::v1::STRENGTH_MUST_NOT) continue;
        for (const auto& item : criterion.sectors().items()) {
          wanted[record.investor().external_id()].insert(item.sector().code().substr(0, 3));
        }
      }
    }
    const auto it = wanted.find(record.deal().investor().external_id());
    if (it == wanted.end()) continue;
    ++(it->second.count(record.deal().sectors(0).code().substr(0, 3)) ? inside : outside);
  }
  // By chance it were one in five.
  EXPECT_GT(3 * inside, 2 * outside);
  EXPECT_GT(outside, 0);
}

TEST(GenerateDemoDataTest, AFewInvestorsDoMostOfTheDeals) {
  std::map<std::string, int> deals;
  int all = 0;
  for (const Record& record : Generate(Request(9, 0, 500))) {
    if (!record.has_deal()) continue;
    ++deals[record.deal().investor().external_id()];
    ++all;
  }
  EXPECT_GT(deals.size(), 250u);
  EXPECT_LT(deals.size(), 450u);
  EXPECT_GT(all, 2500);
  EXPECT_LT(all, 5000);
  std::vector<int> counts;
  for (const auto& [investor, count] : deals) counts.push_back(count);
  std::sort(counts.rbegin(), counts.rend());
  EXPECT_GT(std::accumulate(counts.begin(), counts.begin() + 50, 0), all * 2 / 5);
  EXPECT_LT(counts[counts.size() / 2], 10);
}

TEST(GenerateDemoDataTest, ACoInvestorHasTheDealOnRecordAsWell) {
  std::map<std::string, std::vector<investors::v1::Deal>> by_round;
  for (const Record& record : Generate(Request(10, 0, 200))) {
    if (!record.has_deal()) continue;
    by_round[record.deal().company().external_id() + record.deal().date()].push_back(record.deal());
  }
  size_t shared = 0;
  for (const auto& [round, deals] : by_round) {
    std::set<std::string> inside;
    for (const auto& deal : deals) EXPECT_TRUE(inside.insert(deal.investor().external_id()).second);
    for (const auto& deal : deals) {
      std::set<std::string> named = {deal.investor().external_id()};
      for (const auto& other : deal.co_investors()) {
        if (!other.external_id().empty()) named.insert(other.external_id());
      }
      EXPECT_EQ(named, inside);
      EXPECT_EQ(deal.round_size().SerializeAsString(), deals[0].round_size().SerializeAsString());
      EXPECT_EQ(deal.funding_round(), deals[0].funding_round());
      EXPECT_EQ(deal.place().SerializeAsString(), deals[0].place().SerializeAsString());
    }
    shared += deals.size() > 1;
  }
  EXPECT_GT(shared, by_round.size() / 4);
}

TEST(GenerateDemoDataTest, EveryAmountIsInACurrencyOfTheEdition) {
  const auto records = Generate(Request(11));
  std::set<std::string> currencies = {records[0].edition().base_currency_code()};
  for (const auto& rate : records[0].edition().exchange_rates()) currencies.insert(rate.currency_code());
  for (const Record& record : records) {
    if (record.has_project() && record.project().has_ask()) {
      EXPECT_TRUE(currencies.count(record.project().ask().currency_code()));
      EXPECT_GT(record.project().ask().target_minor(), 0);
    }
    if (record.deal().has_round_size()) {
      EXPECT_TRUE(currencies.count(record.deal().round_size().currency_code()));
    }
  }
}

TEST(GenerateDemoDataTest, StopsWhenTheReceiverStops) {
  int received = 0;
  const absl::Status status = GenerateDemoData(Request(1), [&](const Record&) { return ++received < 10; });
  EXPECT_EQ(status.code(), absl::StatusCode::kCancelled);
  EXPECT_EQ(received, 10);
}

TEST(PlacesTest, MoneyIsRoundInItsOwnCurrency) {
  EXPECT_EQ(FromYuan(7'100'000, "USD"), 100'000'000);  // 1,000,000.00 USD
  EXPECT_EQ(FromYuan(4'700'000, "JPY"), 100'000'000);  // no minor units
  EXPECT_EQ(FromYuan(3'000'000, "CNY"), 300'000'000);
}

}  // namespace
}  // namespace tandem::pairing
