#include "services/pairing/market_feed/market_sink.h"

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

#include "tests/unit/services/pairing/market_feed/records.h"

namespace tandem::pairing {
namespace {

constexpr char kProject[] = "editions/e/projects/p";

class MarketSinkTest : public testing::Test {
 protected:
  MarketSinkTest() : projects_(&store_), investors_(&store_) { store_.Apply({EditionItem("editions/e", 1)}); }

  // TRL of a project; -1 when there is none.
  int TrlOf(const std::string& name) {
    const auto project = store_.Find("editions/e")->FindProject(name);
    return project == nullptr ? -1 : project->record.trl();
  }
  int Projects() { return static_cast<int>(store_.Find("editions/e")->projects.size()); }

  MarketStore store_;
  MarketSink projects_;
  MarketSink investors_;
};

TEST_F(MarketSinkTest, AppliesOnlyNewerChanges) {
  projects_.ApplyChanges({ProjectItem(kProject, 5, 5)});
  projects_.ApplyChanges({ProjectItem(kProject, 4, 4)});
  EXPECT_EQ(TrlOf(kProject), 5);
  projects_.ApplyChanges({ProjectItem(kProject, 5, 9)});
  EXPECT_EQ(TrlOf(kProject), 5);
  projects_.ApplyChanges({Gone(kProject, 3)});
  EXPECT_EQ(TrlOf(kProject), 5);
  projects_.ApplyChanges({ProjectItem(kProject, 6, 6), ProjectItem(kProject, 7, 7)});
  EXPECT_EQ(TrlOf(kProject), 7);
  projects_.ApplyChanges({Gone(kProject, 8)});
  EXPECT_EQ(TrlOf(kProject), -1);
}

TEST_F(MarketSinkTest, ARelistSweepsWhatItDidNotName) {
  projects_.ApplyChanges({ProjectItem(kProject, 5, 5), ProjectItem("editions/e/projects/q", 6, 6)});
  projects_.BeginSnapshot();
  EXPECT_EQ(Projects(), 2) << "what is held stays visible";
  projects_.ApplySnapshot({ProjectItem("editions/e/projects/q", 6, 6)});
  EXPECT_EQ(Projects(), 2);
  projects_.EndSnapshot();
  EXPECT_EQ(TrlOf(kProject), -1);
  EXPECT_EQ(TrlOf("editions/e/projects/q"), 6);
}

TEST_F(MarketSinkTest, ARelistOfOneSourceSparesTheOthers) {
  projects_.ApplyChanges({ProjectItem(kProject, 5, 5)});
  investors_.ApplyChanges({InvestorItem("editions/e/investors/i", 1), DealItem("editions/e/investors/i/deals/d", 2)});
  investors_.BeginSnapshot();
  investors_.EndSnapshot();
  EXPECT_EQ(TrlOf(kProject), 5);
  EXPECT_EQ(store_.Find("editions/e")->investors.size(), 0u);
  EXPECT_EQ(store_.Find("editions/e")->deal_count, 0);
}

TEST_F(MarketSinkTest, TheGreaterRevisionCountsInsideASnapshot) {
  projects_.BeginSnapshot();
  projects_.ApplySnapshot({ProjectItem(kProject, 7, 7)});
  projects_.ApplySnapshot({ProjectItem(kProject, 5, 5)});
  projects_.EndSnapshot();
  EXPECT_EQ(TrlOf(kProject), 7);
}

TEST_F(MarketSinkTest, ARestoredSourceWinsThoughItsRevisionsAreSmaller) {
  projects_.ApplyChanges({ProjectItem(kProject, 900, 9)});
  projects_.BeginSnapshot();
  projects_.ApplySnapshot({ProjectItem(kProject, 2, 2)});
  projects_.EndSnapshot();
  EXPECT_EQ(TrlOf(kProject), 2);
  projects_.ApplyChanges({ProjectItem(kProject, 3, 3)});
  EXPECT_EQ(TrlOf(kProject), 3);
}

TEST_F(MarketSinkTest, AnInterruptedSnapshotSweepsNothing) {
  projects_.ApplyChanges({ProjectItem(kProject, 5, 5)});
  projects_.BeginSnapshot();
  projects_.ApplySnapshot({ProjectItem("editions/e/projects/q", 6, 6)});
  projects_.BeginSnapshot();  // the stream was lost: begins again
  projects_.ApplySnapshot({ProjectItem(kProject, 5, 5)});
  projects_.EndSnapshot();
  EXPECT_EQ(TrlOf(kProject), 5);
  EXPECT_EQ(TrlOf("editions/e/projects/q"), -1);
}

TEST_F(MarketSinkTest, ALongSnapshotLetsReadersIn) {
  std::vector<feed::Item> items;
  for (int i = 0; i < 5 * static_cast<int>(MarketSink::kSnapshotChunk); ++i) {
    items.push_back(ProjectItem(absl::StrCat("editions/e/projects/p", i), 1));
  }
  std::atomic<bool> done{false};
  int partial = 0;
  std::thread writer([&] {
    // Again and again, as one snapshot may be over before the reader's first look.
    for (int round = 0; round < 200; ++round) {
      projects_.BeginSnapshot();
      projects_.ApplySnapshot(items);
      projects_.EndSnapshot();
      projects_.BeginSnapshot();
      projects_.EndSnapshot();
    }
    done = true;
  });
  while (!done && partial == 0) {
    const int count = Projects();
    if (count > 0 && count < static_cast<int>(items.size())) ++partial;
  }
  writer.join();
  EXPECT_GT(partial, 0);
}

}  // namespace
}  // namespace tandem::pairing
