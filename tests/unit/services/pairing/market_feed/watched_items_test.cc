#include "services/pairing/market_feed/watched_items.h"

#include <memory>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace tandem::pairing {
namespace {

TEST(WatchedItemsTest, KeepsOrderNamesAndRevisions) {
  const auto response = std::make_shared<projects::v1::WatchProjectsResponse>();
  for (int i = 1; i <= 3; ++i) {
    auto* change = response->add_changes();
    change->set_revision(i);
    change->mutable_project()->set_name(absl::StrCat("editions/e/projects/p", i));
  }
  const std::vector<feed::Item> items = ToItems(response);
  ASSERT_EQ(items.size(), 3u);
  for (size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(items[i].revision, static_cast<Revision>(i + 1));
    EXPECT_EQ(items[i].name, absl::StrCat("editions/e/projects/p", i + 1));
    EXPECT_TRUE(items[i].message != nullptr);
  }
}

TEST(WatchedItemsTest, ARecordOutlivesItsResponse) {
  auto response = std::make_shared<v1::WatchEditionsResponse>();
  response->add_changes()->mutable_edition()->set_name("editions/of-a-name-that-is-too-long-to-be-stored-in-place");
  const auto record = ToItems(response)[0].message;
  response.reset();
  EXPECT_EQ(dynamic_cast<const v1::Edition&>(*record).name(),
            "editions/of-a-name-that-is-too-long-to-be-stored-in-place");
}

TEST(WatchedItemsTest, ARemovedDealHasNoMessageAndAnUnknownRecordIsLeftOut) {
  const auto response = std::make_shared<investors::v1::WatchInvestorsResponse>();
  response->add_changes()->mutable_investor()->set_name("editions/e/investors/i");
  response->add_changes()->mutable_deal()->set_name("editions/e/investors/i/deals/d");
  response->add_changes()->set_deleted_deal("editions/e/investors/i/deals/c");
  response->add_changes();  // of a kind of a later version
  const std::vector<feed::Item> items = ToItems(response);
  ASSERT_EQ(items.size(), 3u);
  EXPECT_TRUE(items[1].message != nullptr);
  EXPECT_EQ(items[2].name, "editions/e/investors/i/deals/c");
  EXPECT_TRUE(items[2].message == nullptr);
}

TEST(WatchedItemsTest, EditionsTaxonomiesStatisticsAndPairingsAreOneSource) {
  const auto response = std::make_shared<v1::WatchEditionsResponse>();
  response->add_changes()->mutable_edition()->set_name("editions/e");
  response->add_changes()->mutable_taxonomy()->set_name("editions/e/taxonomies/t");
  response->add_changes()->mutable_statistics()->set_name("editions/e/statistics");
  response->add_changes()->mutable_pairing()->set_name("editions/e/pairings/p,i");
  const std::vector<feed::Item> items = ToItems(response);
  ASSERT_EQ(items.size(), 4u);
  EXPECT_NE(dynamic_cast<const v1::Pairing*>(items[3].message.get()), nullptr);
}

}  // namespace
}  // namespace tandem::pairing
