#include "services/pairing/market_feed/market_store.h"

#include <atomic>
#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "tests/unit/services/pairing/market_feed/records.h"

namespace tandem::pairing {
namespace {

TEST(MarketStoreTest, AnEditionIsUnknownUntilItsRecordComes) {
  MarketStore store;
  store.Apply({ProjectItem("editions/e/projects/p", 1)});
  EXPECT_EQ(store.Find("editions/e"), nullptr);
  store.Apply({EditionItem("editions/e", 1)});
  const auto market = store.Find("editions/e");
  ASSERT_NE(market, nullptr);
  EXPECT_NE(market->FindProject("editions/e/projects/p"), nullptr) << "what came before the edition is kept";
}

TEST(MarketStoreTest, NothingCrossesEditions) {
  MarketStore store;
  store.Apply({EditionItem("editions/a", 1), EditionItem("editions/b", 1), ProjectItem("editions/a/projects/p", 1),
               InvestorItem("editions/b/investors/i", 1), DealItem("editions/b/investors/i/deals/d", 1)});
  EXPECT_EQ(store.Find("editions/a")->projects.size(), 1u);
  EXPECT_EQ(store.Find("editions/a")->investors.size(), 0u);
  EXPECT_EQ(store.Find("editions/b")->projects.size(), 0u);
  EXPECT_EQ(store.Find("editions/b")->investors.size(), 1u);
  EXPECT_EQ(store.Find("editions/b")->deal_count, 1);
  EXPECT_EQ(store.All().size(), 2u);
}

TEST(MarketStoreTest, RemovesEveryKind) {
  MarketStore store;
  store.Apply({EditionItem("editions/e", 1), ProjectItem("editions/e/projects/p", 1),
               InvestorItem("editions/e/investors/i", 1), DealItem("editions/e/investors/i/deals/d", 1)});
  store.Apply(
      {Gone("editions/e/projects/p", 2), Gone("editions/e/investors/i/deals/d", 2), Gone("editions/e/investors/i", 3)});
  EXPECT_EQ(store.Find("editions/e")->projects.size(), 0u);
  EXPECT_EQ(store.Find("editions/e")->investors.size(), 0u);
  EXPECT_EQ(store.Find("editions/e")->deal_count, 0);
  store.Apply({Gone("editions/e", 4)});
  EXPECT_EQ(store.Find("editions/e"), nullptr);
}

TEST(MarketStoreTest, IgnoresWhatItDoesNotKnow) {
  MarketStore store;
  store.Apply({EditionItem("editions/e", 1),
               {"editions/e/x/y", std::make_shared<type::v1::Money>(), 1},
               {"nonsense", std::make_shared<type::v1::Money>(), 1},
               Gone("nonsense", 1),
               Gone("editions/f/projects/p", 1)});
  EXPECT_EQ(store.All().size(), 1u);
}

TEST(MarketStoreTest, AReaderSeesAllOfAStretchOrNothing) {
  MarketStore store;
  store.Apply({EditionItem("editions/e", 1)});
  std::atomic<bool> stop{false};
  std::atomic<int> torn{0};
  std::vector<std::thread> readers;
  for (int i = 0; i < 2; ++i) {
    readers.emplace_back([&] {
      while (!stop) {
        const auto market = store.Find("editions/e");
        const auto a = market->FindProject("editions/e/projects/a");
        const auto b = market->FindProject("editions/e/projects/b");
        if ((a == nullptr) != (b == nullptr)) ++torn;
        if (a != nullptr && b != nullptr && a->record.trl() != b->record.trl()) ++torn;
      }
    });
  }
  for (int round = 0; round < 300; ++round) {
    store.Apply({ProjectItem("editions/e/projects/a", round, round % 9 + 1),
                 ProjectItem("editions/e/projects/b", round, round % 9 + 1)});
    if (round % 10 == 9) store.Apply({Gone("editions/e/projects/a", round), Gone("editions/e/projects/b", round)});
  }
  stop = true;
  for (std::thread& reader : readers) reader.join();
  EXPECT_EQ(torn, 0);
}

TEST(MarketStoreTest, WhatIsSaidIsShownWithTheStretchThatSaysItUntilItIsRemoved) {
  MarketStore store;
  const char* const name = "editions/e/pairings/p,i";
  const auto gone = [&] {
    const auto view = store.Find("editions/e");
    return view->gone.from_investors.Peek(*view->investor_names->Find("editions/e/investors/i")) != nullptr;
  };
  const auto pairing = [&](v1::StanceKind kind) {
    return PairingItem(name, "editions/e/projects/p", "editions/e/investors/i", v1::STANCE_KIND_UNSPECIFIED, kind, 2);
  };
  store.Apply({EditionItem("editions/e", 1), InvestorItem("editions/e/investors/i", 1),
               ProjectItem("editions/e/projects/p", 1)});
  EXPECT_FALSE(gone());
  store.Apply({pairing(v1::STANCE_KIND_SKIPPED)});
  EXPECT_TRUE(gone());
  store.Apply({pairing(v1::STANCE_KIND_INTERESTED)});
  EXPECT_FALSE(gone());
  store.Apply({pairing(v1::STANCE_KIND_BLOCKED)});
  EXPECT_TRUE(gone());
  store.Apply({Gone(name, 3)});
  EXPECT_FALSE(gone());
}

TEST(MarketStoreTest, FactsOutliveTheirReplacement) {
  MarketStore store;
  store.Apply({EditionItem("editions/e", 1), ProjectItem("editions/e/projects/p", 1, 3)});
  const auto view = store.Find("editions/e");
  const auto old = view->FindProject("editions/e/projects/p");
  store.Apply({ProjectItem("editions/e/projects/p", 2, 7)});
  EXPECT_EQ(old->record.trl(), 3);
  EXPECT_EQ(view->FindProject("editions/e/projects/p"), old) << "a view stays as it was";
  EXPECT_EQ(store.Find("editions/e")->FindProject("editions/e/projects/p")->record.trl(), 7);
}

// What listeners were told.
struct Told {
  bool view = false;
  bool all = false;
  uint64_t version = 0;
  std::vector<std::string> investors, projects;
};

class AffectedTest : public testing::Test {
 protected:
  AffectedTest() {
    store_.Apply({EditionItem("editions/e", 1), InvestorItem("editions/e/investors/i", 1),
                  InvestorItem("editions/e/investors/j", 1), ProjectItem("editions/e/projects/p", 1)});
    store_.AddListener([this](const MarketStore::Announcement& announcement) {
      const auto& [edition, view, affected, applied] = announcement;
      EXPECT_EQ(edition, "editions/e");
      Told& told = told_.emplace_back();
      told.view = view != nullptr;
      told.all = affected.all_investors;
      EXPECT_TRUE(told.view || (affected.all_investors && affected.all_projects));
      told.version = affected.version;
      for (const uint32_t slot : affected.investors) told.investors.push_back(view->investor_names->NameOf(slot));
      for (const uint32_t slot : affected.projects) told.projects.push_back(view->project_names->NameOf(slot));
    });
  }

  // Asks, and waits for the lists that are filled because of that.
  void AskUntilFilled() {
    store_.Find("editions/e");
    while (!store_.ActivityOf("editions/e").lists.filled) std::this_thread::yield();
  }

  MarketStore store_;
  std::vector<Told> told_;
};

TEST_F(AffectedTest, BeforeTheFirstQuestionAllListsMayHaveChangedWithTheNextView) {
  store_.Apply({ProjectItem("editions/e/projects/q", 2)});
  store_.Apply({ProjectItem("editions/e/projects/r", 3)});
  ASSERT_EQ(told_.size(), 2u);
  for (const Told& told : told_) {
    EXPECT_TRUE(told.all);
    EXPECT_FALSE(told.view);
    EXPECT_EQ(told.version, told_[0].version);
  }
  EXPECT_EQ(store_.ActivityOf("editions/e").lists.lists, 0u);
  EXPECT_EQ(store_.Find("editions/e")->version, told_[0].version);
}

TEST_F(AffectedTest, FromTheFirstQuestionOnListsAreNamedAlsoWhenNobodyAsks) {
  AskUntilFilled();
  for (int i = 2; i < 5; ++i) {
    store_.Apply({ProjectItem(absl::StrCat("editions/e/projects/", i), i)});
    ASSERT_EQ(told_.size(), static_cast<size_t>(i - 1));
    EXPECT_FALSE(told_.back().all);
    EXPECT_TRUE(told_.back().view);
    EXPECT_THAT(told_.back().investors,
                testing::UnorderedElementsAre("editions/e/investors/i", "editions/e/investors/j"));
  }
  store_.Apply({ProjectItem("editions/e/projects/4", 9)});
  EXPECT_THAT(told_.back().investors, testing::IsEmpty()) << "the same again";
  EXPECT_EQ(store_.ActivityOf("editions/e").lists.touched, 6u);
}

TEST_F(AffectedTest, WhatChangesNothingIsNotTold) {
  AskUntilFilled();
  store_.Apply({Gone("editions/e/projects/nobody", 2)});
  EXPECT_THAT(told_, testing::IsEmpty());
}

TEST_F(AffectedTest, ASnapshotDropsTheListsUntilTheNextQuestion) {
  AskUntilFilled();
  store_.ApplySnapshot({ProjectItem("editions/e/projects/q", 2)});
  ASSERT_EQ(told_.size(), 1u);
  EXPECT_TRUE(told_[0].all);
  store_.ApplySnapshot({ProjectItem("editions/e/projects/r", 3)});
  EXPECT_EQ(store_.ActivityOf("editions/e").lists.lists, 0u);
  AskUntilFilled();
  store_.Apply({ProjectItem("editions/e/projects/s", 4)});
  EXPECT_FALSE(told_.back().all);
  EXPECT_EQ(told_.back().investors.size(), 2u);
}

TEST_F(AffectedTest, AnotherDayIsAllLists) {
  AskUntilFilled();
  auto edition = std::make_shared<v1::Edition>();
  edition->set_name("editions/e");
  edition->set_reference_date("2027-05-10");
  store_.Apply({{"editions/e", edition, 2}});
  EXPECT_TRUE(told_.back().all);
  AskUntilFilled();
}

// Whoever saw the new view before Apply had returned was forgotten: no lists were kept until somebody asked again.
TEST_F(AffectedTest, AQuestionAskedWhileEverythingChangesIsNotForgotten) {
  AskUntilFilled();
  for (int day = 1; day <= 28; ++day) {
    std::atomic<bool> stop{false};
    uint64_t seen = 0;
    std::thread reader([&] {
      while (!stop) seen = store_.Find("editions/e")->version;
    });
    auto edition = std::make_shared<v1::Edition>();
    edition->set_name("editions/e");
    edition->set_reference_date(absl::StrFormat("2027-06-%02d", day));
    store_.Apply({{"editions/e", edition, 1 + day}});
    stop = true;
    reader.join();
    if (seen < told_.back().version) continue;  // asked too early
    const auto late = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (!store_.ActivityOf("editions/e").lists.filled && std::chrono::steady_clock::now() < late) {
      std::this_thread::yield();
    }
    ASSERT_TRUE(store_.ActivityOf("editions/e").lists.filled) << "day " << day;
  }
}

TEST_F(AffectedTest, AWatchedProjectIsNamed) {
  AskUntilFilled();
  const auto view = store_.Find("editions/e");
  EXPECT_TRUE(store_.WatchProject(*view, "editions/e/projects/p"));
  EXPECT_FALSE(store_.WatchProject(*view, "editions/e/projects/nobody"));
  EXPECT_EQ(store_.ActivityOf("editions/e").lists.watched, 1u);
  store_.Apply({InvestorItem("editions/e/investors/k", 2)});
  EXPECT_THAT(told_.back().projects, testing::ElementsAre("editions/e/projects/p"));
  EXPECT_TRUE(store_.WatchProject(*store_.Find("editions/e"), "editions/e/projects/p"));
  store_.ForgetProject(*view, "editions/e/projects/p");
  EXPECT_EQ(store_.ActivityOf("editions/e").lists.watched, 0u);
}

TEST(MarketStoreTest, SaysWhenAChangeWasAppliedLast) {
  class FixedClock final : public Clock {
   public:
    absl::Time Now() const override { return absl::FromUnixSeconds(1'800'000'000); }
  };
  const FixedClock clock;
  MarketStore::Options options;
  options.clock = &clock;
  MarketStore store(options);
  EXPECT_EQ(store.ActivityOf("editions/e").last_apply, absl::InfinitePast());
  store.Apply({EditionItem("editions/e", 1)});
  EXPECT_EQ(store.ActivityOf("editions/e").last_apply, clock.Now());
  EXPECT_EQ(store.ActivityOf("editions/f").last_apply, absl::InfinitePast());
}

TEST(MarketStoreTest, ListsCanBeLeftOut) {
  MarketStore::Options options;
  options.keep_lists = false;
  MarketStore store(options);
  store.Apply({EditionItem("editions/e", 1), InvestorItem("editions/e/investors/i", 1)});
  store.Find("editions/e");
  store.Apply({ProjectItem("editions/e/projects/p", 2)});
  EXPECT_EQ(store.ActivityOf("editions/e").lists.lists, 0u);
}

// Every list that differs between two views that a reader took was told of in between.
TEST(MarketStoreTest, ReadersWritersAndTheFillerMissNothing) {
  MarketStore store;
  std::vector<feed::Item> items = {EditionItem("editions/e", 1)};
  for (int i = 0; i < 30; ++i) items.push_back(InvestorItem(absl::StrCat("editions/e/investors/", i), 1));
  store.Apply(items);
  std::atomic<uint64_t> told{0};  // the newest version that was told
  store.AddListener([&](const MarketStore::Announcement& announcement) {
    told = std::max(told.load(), announcement.affected.version);
  });
  std::atomic<bool> stop{false};
  std::vector<std::thread> readers;
  for (int i = 0; i < 2; ++i) {
    readers.emplace_back([&] {
      while (!stop) {
        const auto view = store.Find("editions/e");
        store.WatchProject(*view, "editions/e/projects/1");
        store.ActivityOf("editions/e");
      }
    });
  }
  for (int round = 0; round < 300; ++round) {
    const std::vector<feed::Item> stretch = {
        ProjectItem(absl::StrCat("editions/e/projects/", round % 7), round, round % 9 + 1),
        InvestorItem(absl::StrCat("editions/e/investors/", round % 40), round)};
    round % 25 == 24 ? store.ApplySnapshot(stretch) : store.Apply(stretch);
    EXPECT_LE(store.Find("editions/e")->version, told.load()) << "a view that nobody was told of";
  }
  stop = true;
  for (std::thread& reader : readers) reader.join();
}

}  // namespace
}  // namespace tandem::pairing
