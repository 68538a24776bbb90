#include "services/pairing/market_feed/kept_lists.h"

#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

#include "services/pairing/matching/market.h"

namespace tandem::pairing {
namespace {

class KeptListsTest : public testing::Test {
 protected:
  KeptListsTest() : market_("editions/e"), lists_({}) {
    for (int i = 0; i < 20; ++i) {
      investors::v1::Investor investor;
      investor.set_name(absl::StrCat("editions/e/investors/i", i));
      investor.set_state(investors::v1::Investor::STATE_VERIFIED);
      market_.PutInvestor(investor);
    }
    Put("p0");
  }

  std::shared_ptr<const matching::MarketView> Put(const std::string& id) {
    projects::v1::Project project;
    project.set_name(absl::StrCat("editions/e/projects/", id));
    project.set_state(projects::v1::Project::STATE_PUBLISHED);
    market_.PutProject(project);
    market_.Settle();
    return market_.View();
  }

  matching::Affected Update(std::shared_ptr<const matching::MarketView> view) {
    dropped_ = false;
    return lists_.Update(std::move(view), &dropped_);
  }

  matching::Market market_;
  KeptLists lists_;
  bool dropped_ = false;
};

TEST_F(KeptListsTest, NothingIsKnownUntilListsAreFilled) {
  EXPECT_TRUE(Update(market_.View()).all_investors);
  EXPECT_FALSE(lists_.Fill([] { return nullptr; })) << "not now";
  EXPECT_EQ(lists_.GetStatus().lists, 0u);
  EXPECT_FALSE(lists_.Watch(*market_.View(), 0));
  while (lists_.Fill([&] { return market_.View(); })) {
  }
  EXPECT_TRUE(lists_.GetStatus().filled);
  EXPECT_EQ(lists_.GetStatus().lists, 20u);
  EXPECT_GT(lists_.GetStatus().bytes, 0u);
  EXPECT_TRUE(lists_.Watch(*market_.View(), 0));
  EXPECT_EQ(lists_.GetStatus().watched, 1u);
  lists_.Forget(0);
  EXPECT_EQ(lists_.GetStatus().watched, 0u);
  EXPECT_EQ(Update(Put("p1")).investors.size(), 20u);
  EXPECT_EQ(lists_.GetStatus().touched, 20u);
  lists_.Drop();
  EXPECT_EQ(lists_.GetStatus().lists, 0u);
  EXPECT_EQ(lists_.GetStatus().touched, 20u) << "of all time";
  EXPECT_TRUE(Update(Put("p2")).all_investors);
}

TEST_F(KeptListsTest, AViewThatIsMissedDropsThem) {
  while (lists_.Fill([&] { return market_.View(); })) {
  }
  Put("p1");
  EXPECT_TRUE(Update(Put("p2")).all_investors);
  EXPECT_TRUE(dropped_);
  EXPECT_EQ(lists_.GetStatus().lists, 0u);
  EXPECT_TRUE(Update(Put("p3")).all_investors);
  EXPECT_FALSE(dropped_) << "there were none";
}

TEST_F(KeptListsTest, TheWriterGetsInWhileListsAreFilled) {
  std::atomic<bool> stop{false};
  auto view = market_.View();
  std::thread filler([&, view] {
    while (!stop) lists_.Fill([&] { return view; });
  });
  std::thread asker([&] {
    while (!stop) lists_.GetStatus();
  });
  for (int i = 0; i < 200; ++i) Update(Put(absl::StrCat("q", i)));
  lists_.Drop();
  stop = true;
  filler.join();
  asker.join();
}

}  // namespace
}  // namespace tandem::pairing
