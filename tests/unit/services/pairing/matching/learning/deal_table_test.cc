#include "services/pairing/matching/learning/deal_table.h"

#include <algorithm>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace tandem::pairing::matching {
namespace {

using ::testing::ElementsAre;

std::shared_ptr<const investors::v1::Deal> Deal(const std::string& investor, const std::string& company,
                                                const std::string& date) {
  auto deal = std::make_shared<investors::v1::Deal>();
  deal->mutable_investor()->set_name(investor);
  deal->mutable_company()->set_external_id(company);
  deal->set_date(date);
  return deal;
}

TEST(DealTableTest, KnowsRoundsAndWhoWasThereBefore) {
  const DealTable table({Deal("b", "x", "1970-01-05"), Deal("a", "x", "1970-01-03"), Deal("b", "x", "1970-01-03"),
                         Deal("c", "x", "1970-01-05"), Deal("c", "y", "1970-01-05")},
                        {}, 100);
  ASSERT_EQ(table.rows().size(), 5u);
  EXPECT_EQ(table.rounds().size(), 3u);
  EXPECT_THAT(table.InvestorsBefore(0, 4), ElementsAre(0, 1));
  EXPECT_TRUE(table.InvestorsBefore(0, 2).empty());
  // b was in x before.
  EXPECT_TRUE(table.rows()[0].first);
  EXPECT_FALSE(table.rows()[2].first);
  EXPECT_TRUE(table.Opens(table.rows()[0]));
  EXPECT_FALSE(table.Opens(table.rows()[2]));
}

TEST(DealTableTest, OrderAndStoreDoNotChangeTheFingerprintButContentDoes) {
  std::vector<std::shared_ptr<const investors::v1::Deal>> deals = {
      Deal("b", "x", "1970-01-05"), Deal("a", "x", "1970-01-03"), Deal("a", "y", "1970-01-03")};
  const std::string fingerprint = DealTable(deals, {}, 100).fingerprint();
  std::reverse(deals.begin(), deals.end());
  auto stored = std::make_shared<investors::v1::Deal>(*deals[0]);
  stored->set_etag("7");
  deals[0] = stored;
  EXPECT_EQ(DealTable(deals, {}, 100).fingerprint(), fingerprint);
  deals[0] = Deal("a", "z", "1970-01-03");
  EXPECT_NE(DealTable(deals, {}, 100).fingerprint(), fingerprint);
}

TEST(DealTableTest, LeavesOutTheFutureAndWhatIsIncomplete) {
  const DealTable table({Deal("a", "x", "1970-01-03"), Deal("a", "y", "1970-01-04"), Deal("", "x", "1970-01-01"),
                         Deal("a", "", "1970-01-01"), Deal("a", "x", "")},
                        {}, 3);
  EXPECT_EQ(table.rows().size(), 1u);
}

TEST(DealTableTest, AnExternalIdIsTheInvestorThatHasIt) {
  auto record = std::make_shared<investors::v1::Investor>();
  record->set_name("a");
  record->set_external_id("7");
  auto facts = std::make_shared<InvestorFacts>(record);
  auto by_id = std::make_shared<investors::v1::Deal>(*Deal("", "y", "1970-01-02"));
  by_id->mutable_investor()->set_external_id("7");
  const DealTable table({Deal("a", "x", "1970-01-03"), by_id}, {facts}, 100);
  EXPECT_EQ(table.investor_count(), 1u);
}

}  // namespace
}  // namespace tandem::pairing::matching
