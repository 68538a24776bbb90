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
const Position kTen{"a", 10};

class MarketSinkTest : public testing::Test {
 protected:
  MarketSinkTest() : projects_(&store_, "projects"), investors_(&store_, "investors") {
    store_.Apply({EditionItem("editions/e", 1)});
  }

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
  projects_.ApplyChanges({ProjectItem(kProject, 5, 5)}, nullptr);
  projects_.ApplyChanges({ProjectItem(kProject, 4, 4)}, nullptr);
  EXPECT_EQ(TrlOf(kProject), 5);
  projects_.ApplyChanges({ProjectItem(kProject, 5, 9)}, nullptr);
  EXPECT_EQ(TrlOf(kProject), 5);
  projects_.ApplyChanges({Gone(kProject, 3)}, nullptr);
  EXPECT_EQ(TrlOf(kProject), 5);
  projects_.ApplyChanges({ProjectItem(kProject, 6, 6), ProjectItem(kProject, 7, 7)}, nullptr);
  EXPECT_EQ(TrlOf(kProject), 7);
  projects_.ApplyChanges({Gone(kProject, 8)}, nullptr);
  EXPECT_EQ(TrlOf(kProject), -1);
}

TEST_F(MarketSinkTest, ARelistSweepsWhatItDidNotName) {
  projects_.ApplyChanges({ProjectItem(kProject, 5, 5), ProjectItem("editions/e/projects/q", 6, 6)}, nullptr);
  projects_.BeginSnapshot();
  EXPECT_EQ(Projects(), 2) << "what is held stays visible";
  projects_.ApplySnapshot({ProjectItem("editions/e/projects/q", 6, 6)});
  EXPECT_EQ(Projects(), 2);
  projects_.EndSnapshot();
  EXPECT_EQ(TrlOf(kProject), -1);
  EXPECT_EQ(TrlOf("editions/e/projects/q"), 6);
}

TEST_F(MarketSinkTest, ARelistOfOneSourceSparesTheOthers) {
  projects_.ApplyChanges({ProjectItem(kProject, 5, 5)}, nullptr);
  investors_.ApplyChanges({InvestorItem("editions/e/investors/i", 1), DealItem("editions/e/investors/i/deals/d", 2)},
                          nullptr);
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
  projects_.ApplyChanges({ProjectItem(kProject, 900, 9)}, nullptr);
  projects_.BeginSnapshot();
  projects_.ApplySnapshot({ProjectItem(kProject, 2, 2)});
  projects_.EndSnapshot();
  EXPECT_EQ(TrlOf(kProject), 2);
  projects_.ApplyChanges({ProjectItem(kProject, 3, 3)}, nullptr);
  EXPECT_EQ(TrlOf(kProject), 3);
}

TEST_F(MarketSinkTest, AnInterruptedSnapshotSweepsNothing) {
  projects_.ApplyChanges({ProjectItem(kProject, 5, 5)}, nullptr);
  projects_.BeginSnapshot();
  projects_.ApplySnapshot({ProjectItem("editions/e/projects/q", 6, 6)});
  projects_.BeginSnapshot();  // the stream was lost: begins again
  projects_.ApplySnapshot({ProjectItem(kProject, 5, 5)});
  projects_.EndSnapshot();
  EXPECT_EQ(TrlOf(kProject), 5);
  EXPECT_EQ(TrlOf("editions/e/projects/q"), -1);
}

TEST_F(MarketSinkTest, ARelistShowsAtItsFirstPositionAndAllAtOnce) {
  const std::string q = "editions/e/projects/q", r = "editions/e/projects/r";
  projects_.ApplySnapshot({ProjectItem(kProject, 1, 1), ProjectItem(q, 2, 2)});
  projects_.EndSnapshot();
  projects_.Advance({"a", 2});
  const auto before = store_.FindDated("editions/e");
  EXPECT_EQ(before.applied->positions().at("projects"), (Position{"a", 2}));

  projects_.BeginSnapshot();
  projects_.ApplySnapshot({ProjectItem(q, 2, 2), ProjectItem(r, 7, 7)});
  projects_.EndSnapshot();
  projects_.ApplyChanges({ProjectItem(r, 8, 8), ProjectItem(q, 1, 9)}, nullptr);
  EXPECT_EQ(TrlOf(kProject), 1) << "swept at the position, not before";
  EXPECT_EQ(TrlOf(r), -1) << "newer than what the rest is known to be";
  EXPECT_EQ(store_.Find("editions/e"), before.view);

  std::vector<size_t> touched;
  std::vector<Revision> dates;
  store_.AddListener([&](const MarketStore::Announcement& announcement) {
    touched.push_back(announcement.view->changes.projects.size());
    dates.push_back(announcement.applied->positions().at("projects").revision);
  });
  projects_.Advance({"a", 9});
  EXPECT_EQ(touched, std::vector<size_t>{2}) << "kProject is gone, r is new; q is as it was";
  EXPECT_EQ(TrlOf(kProject), -1);
  EXPECT_EQ(TrlOf(q), 2);
  EXPECT_EQ(TrlOf(r), 8);
  EXPECT_EQ(store_.FindDated("editions/e").applied->positions().at("projects"), (Position{"a", 9}));
  projects_.ApplyChanges({Gone(r, 10)}, &kTen);
  EXPECT_EQ(TrlOf(r), -1);
  EXPECT_EQ(store_.FindDated("editions/e").applied->positions().at("projects"), kTen);
  EXPECT_EQ(dates, (std::vector<Revision>{9, 10}));
}

TEST_F(MarketSinkTest, ARelistOfAnotherHistoryWinsThoughItsRevisionsAreTheSame) {
  const std::string q = "editions/e/projects/q";
  projects_.ApplySnapshot({ProjectItem(kProject, 5, 5), ProjectItem(q, 6, 6)});
  projects_.EndSnapshot();
  projects_.Advance({"a", 6});
  projects_.BeginSnapshot();
  projects_.ApplySnapshot({ProjectItem(kProject, 5, 1)});
  projects_.Withdraw();  // its end has told
  EXPECT_TRUE(store_.FindDated("editions/e").applied->empty());
  projects_.EndSnapshot();
  EXPECT_EQ(TrlOf(kProject), 1);
  EXPECT_EQ(TrlOf(q), -1);
  projects_.Advance({"b", 5});
  EXPECT_EQ(store_.FindDated("editions/e").applied->positions().at("projects"), (Position{"b", 5}));
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
