#include "services/pairing/market_feed/stretches.h"

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

#include "common/base/status.h"

namespace tandem::pairing {
namespace {

TEST(StretchesTest, KeepsOrderRevisionsAndTheResumeToken) {
  projects::v1::WatchProjectsResponse response;
  response.set_phase(type::v1::WATCH_PHASE_CHANGES);
  response.set_resume_token("token");
  for (int i = 1; i <= 3; ++i) {
    auto* change = response.add_changes();
    change->set_revision(i);
    change->mutable_project()->set_name(absl::StrCat("editions/e/projects/p", i));
  }
  const absl::StatusOr<feed::Stretch> stretch = ToStretch(response);
  ASSERT_TRUE(stretch.ok()) << stretch.status();
  EXPECT_EQ(stretch->phase, feed::Phase::kChanges);
  EXPECT_EQ(stretch->resume_token, "token");
  ASSERT_EQ(stretch->items.size(), 3u);
  for (size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(stretch->items[i].revision, static_cast<Revision>(i + 1));
    EXPECT_EQ(stretch->items[i].name, absl::StrCat("editions/e/projects/p", i + 1));
    ASSERT_TRUE(stretch->items[i].message != nullptr);
  }
}

TEST(StretchesTest, ARemovedDealHasNoMessage) {
  investors::v1::WatchInvestorsResponse response;
  response.set_phase(type::v1::WATCH_PHASE_CHANGES);
  response.add_changes()->mutable_investor()->set_name("editions/e/investors/i");
  response.add_changes()->mutable_deal()->set_name("editions/e/investors/i/deals/d");
  response.add_changes()->set_deleted_deal("editions/e/investors/i/deals/c");
  response.add_changes();  // of a kind of a later version
  const absl::StatusOr<feed::Stretch> stretch = ToStretch(response);
  ASSERT_TRUE(stretch.ok()) << stretch.status();
  ASSERT_EQ(stretch->items.size(), 3u);
  EXPECT_TRUE(stretch->items[1].message != nullptr);
  EXPECT_EQ(stretch->items[2].name, "editions/e/investors/i/deals/c");
  EXPECT_TRUE(stretch->items[2].message == nullptr);
}

TEST(StretchesTest, EditionsTaxonomiesAndStatisticsAreOneSource) {
  v1::WatchEditionsResponse response;
  response.set_phase(type::v1::WATCH_PHASE_SNAPSHOT);
  response.add_changes()->mutable_edition()->set_name("editions/e");
  response.add_changes()->mutable_taxonomy()->set_name("editions/e/taxonomies/t");
  response.add_changes()->mutable_statistics()->set_name("editions/e/statistics");
  const absl::StatusOr<feed::Stretch> stretch = ToStretch(response);
  ASSERT_TRUE(stretch.ok()) << stretch.status();
  EXPECT_EQ(stretch->phase, feed::Phase::kSnapshot);
  EXPECT_EQ(stretch->items.size(), 3u);
}

TEST(StretchesTest, AnUnknownPhaseIsAnErrorAndNotMisread) {
  projects::v1::WatchProjectsResponse response;
  EXPECT_EQ(GetErrorDetail(ToStretch(response).status()).reason, "INTERNAL");
  response.set_phase(static_cast<type::v1::WatchPhase>(99));
  EXPECT_FALSE(ToStretch(response).ok());
}

}  // namespace
}  // namespace tandem::pairing
