#include "common/feed/follower.h"

#include <chrono>
#include <iostream>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "common/base/status.h"
#include "common/storage/memory/memory_store.h"
#include "tests/unit/common/feed/feed_fakes.h"

namespace tandem::feed {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;

using Values = std::map<std::string, std::string>;

class FollowerTest : public ::testing::Test {
 protected:
  Follower::Options Options(Source* source) {
    Follower::Options options;
    options.source = source;
    options.sink = &sink_;
    options.positions = &positions_;
    options.keys = &keys_;
    return options;
  }
  static Revision Write1(RecordStore* store, Write write) {
    const auto outcomes = store->Commit({{{}, {std::move(write)}}});
    EXPECT_TRUE(outcomes[0].status.ok());
    return outcomes[0].revision;
  }
  static Values ValuesOf(RecordStore* store) {
    Values values;
    const auto records = store->Scan("", "", 1 << 20);
    for (const Record& record : *records) values[record.key] = record.value;
    return values;
  }
  // Waits until the head of `store` is applied.
  absl::Status CatchUp(RecordStore* store) {
    const Head head = *store->GetHead();
    // A change of the epoch is learned by relisting; until then the old one is applied.
    const auto deadline = In(seconds(60));
    for (;;) {
      const absl::Status status =
          positions_.WaitFor(ConsistencyToken("things", Position{head.epoch, head.revision}), deadline);
      if (!absl::IsFailedPrecondition(status) || std::chrono::steady_clock::now() > deadline) return status;
      std::this_thread::yield();
    }
  }
  std::string Token(Revision revision, const std::string& epoch = "e") const {
    return ConsistencyToken("things", Position{epoch, revision}).Encode(keys_);
  }
  static Item Put(const std::string& name, const std::string& value, Revision revision) {
    return {name, Value(value), revision};
  }
  absl::Status WaitFor(Revision revision, milliseconds time = seconds(60)) {
    return positions_.WaitFor(ConsistencyToken("things", Position{"e", revision}), In(time));
  }

  // Until exactly `position` is applied, whatever was before.
  bool Await(const Position& position) {
    for (const auto deadline = In(seconds(60)); std::chrono::steady_clock::now() < deadline;) {
      const ConsistencyToken applied = positions_.Applied();
      const auto found = applied.positions().find("things");
      if (found != applied.positions().end() && found->second == position) return true;
      std::this_thread::yield();
    }
    return false;
  }

  KeyRing keys_ = KeyRing::ForTests();
  MapSink sink_;
  AppliedPositions positions_{{"things"}};
};

// The sink has a memory of its own: no snapshot, and what came since is applied at its positions.
TEST_F(FollowerTest, BeginsWhereItsSinkStands) {
  const std::unique_ptr<RecordStore> store = NewMemoryStore();
  Write1(store.get(), Write::Put("a", "1"));
  const Head stands = *store->GetHead();
  Write1(store.get(), Write::Put("b", "2"));
  StoreSource source(store.get(), &keys_);
  Follower::Options options = Options(&source);
  options.resume_token = Token(stands.revision, stands.epoch);
  Follower follower(options);
  follower.Start();
  ASSERT_TRUE(CatchUp(store.get()).ok());
  follower.Stop();
  EXPECT_EQ(sink_.Values(), (Values{{"b", "2"}}));
  EXPECT_EQ(follower.status().relists, 0);
}

TEST_F(FollowerTest, IsReadyOnlyAtTheFirstProgressAfterTheSnapshot) {
  ScriptedSource source({{{{Phase::kSnapshot, {Put("a", "newer", 7)}, ""},
                           {Phase::kSnapshotEnd, {}, Token(5)},
                           {Phase::kChanges, {Put("b", "1", 6)}, Token(6)}},
                          absl::UnavailableError("cut")},
                         {{}, absl::OkStatus()}});
  Follower follower(Options(&source));
  follower.Start();
  EXPECT_THAT(source.Tokens(2), ElementsAre("", Token(6)));
  EXPECT_EQ(sink_.Values().size(), 2u);
  EXPECT_FALSE(positions_.Ready()) << "`a` is newer than every position so far";
  EXPECT_FALSE(follower.status().ready);
}

TEST_F(FollowerTest, AdvancesAtProgressThenAtEveryStretchOfChanges) {
  ScriptedSource source({{{{Phase::kSnapshotEnd, {}, Token(5)},
                           {Phase::kProgress, {}, Token(5)},
                           {Phase::kChanges, {Put("a", "1", 6)}, Token(6)}},
                          absl::OkStatus()}});
  Follower follower(Options(&source));
  follower.Start();
  ASSERT_TRUE(WaitFor(6).ok());
  EXPECT_THAT(sink_.Values(), ElementsAre(Pair("a", "1")));
  follower.Stop();
  EXPECT_TRUE(follower.status().ready);
  EXPECT_EQ(follower.status().applied.revision, 6);
  EXPECT_EQ(follower.status().relists, 0);
}

TEST_F(FollowerTest, ABrokenSnapshotBeginsAgain) {
  ScriptedSource source({{{{Phase::kSnapshot, {Put("stale", "1", 1)}, ""}}, absl::UnavailableError("cut")},
                         {{{Phase::kSnapshot, {Put("a", "1", 2)}, ""},
                           {Phase::kSnapshotEnd, {}, Token(3)},
                           {Phase::kProgress, {}, Token(3)}},
                          absl::OkStatus()}});
  Follower follower(Options(&source));
  follower.Start();
  ASSERT_TRUE(WaitFor(3).ok());
  EXPECT_THAT(source.Tokens(2), ElementsAre("", ""));
  EXPECT_THAT(sink_.Values(), ElementsAre(Pair("a", "1")));
}

TEST_F(FollowerTest, OutOfRangeRelistsAndSweepsWhatIsGone) {
  ScriptedSource source({{{{Phase::kSnapshot, {Put("a", "1", 1), Put("b", "1", 2)}, ""},
                           {Phase::kSnapshotEnd, {}, Token(2)},
                           {Phase::kProgress, {}, Token(2)}},
                          absl::OutOfRangeError("gone")},
                         {{{Phase::kSnapshot, {Put("b", "2", 9)}, ""},
                           {Phase::kSnapshotEnd, {}, Token(9)},
                           {Phase::kProgress, {}, Token(9)}},
                          absl::OkStatus()}});
  Follower follower(Options(&source));
  follower.Start();
  ASSERT_TRUE(WaitFor(9).ok());
  EXPECT_THAT(sink_.Values(), ElementsAre(Pair("b", "2")));
  follower.Stop();
  EXPECT_EQ(follower.status().relists, 1);
}

TEST_F(FollowerTest, ATokenThatTheSourceDoesNotUnderstandLeadsToARelist) {
  ScriptedSource source({{{{Phase::kSnapshotEnd, {}, Token(2)}}, absl::UnavailableError("cut")},
                         {{}, absl::InvalidArgumentError("what is this")},
                         {{}, absl::OkStatus()}});
  Follower follower(Options(&source));
  follower.Start();
  EXPECT_THAT(source.Tokens(3), ElementsAre("", Token(2), ""));
}

TEST_F(FollowerTest, DuplicatesAreAppliedOnce) {
  ScriptedSource source({{{{Phase::kSnapshot, {Put("a", "new", 7)}, ""},
                           {Phase::kSnapshot, {Put("a", "old", 4)}, ""},
                           {Phase::kSnapshotEnd, {}, Token(5)},
                           {Phase::kChanges, {Put("a", "older", 6)}, Token(6)},
                           {Phase::kChanges, {Put("a", "new", 7)}, Token(7)},
                           {Phase::kProgress, {}, Token(7)}},
                          absl::OkStatus()}});
  Follower follower(Options(&source));
  follower.Start();
  ASSERT_TRUE(WaitFor(7).ok());
  EXPECT_THAT(sink_.Values(), ElementsAre(Pair("a", "new")));
  EXPECT_EQ(sink_.skipped(), 3);
}

TEST_F(FollowerTest, APositionThatCannotBeReadIsAnErrorAndAdvancesNothing) {
  ScriptedSource source({{{{Phase::kSnapshotEnd, {}, "forged"}}, absl::OkStatus()}, {{}, absl::OkStatus()}});
  Follower follower(Options(&source));
  follower.Start();
  EXPECT_THAT(source.Tokens(2), ElementsAre("", ""));
  EXPECT_FALSE(positions_.Ready());
  follower.Stop();
  EXPECT_NE(follower.status().last_error, "");
}

TEST_F(FollowerTest, StopsWhileBlockedAndWithoutHavingStarted) {
  ScriptedSource source({{{}, absl::OkStatus()}});
  Follower follower(Options(&source));
  follower.Start();
  source.Tokens(1);
  follower.Stop();
  follower.Stop();
  Follower never(Options(&source));
  never.Stop();
  never.Start();
  EXPECT_EQ(source.Tokens(0).size(), 1u);
}

TEST_F(FollowerTest, ResumesAfterACutWithoutANewSnapshot) {
  auto store = NewMemoryStore();
  StoreSource source(store.get(), &keys_);
  Write1(store.get(), Write::Put("a", "1"));
  Follower follower(Options(&source));
  follower.Start();
  ASSERT_TRUE(CatchUp(store.get()).ok());
  source.Break();
  Write1(store.get(), Write::Delete("a"));
  Write1(store.get(), Write::Put("b", "1"));
  source.Resume(store.get());
  ASSERT_TRUE(CatchUp(store.get()).ok());
  EXPECT_EQ(sink_.Values(), ValuesOf(store.get()));
  EXPECT_EQ(sink_.begins(), 1);
}

TEST_F(FollowerTest, ForgottenDeletesAreSweptWhenTheLogIsGone) {
  auto store = NewMemoryStore();
  StoreSource source(store.get(), &keys_);
  for (int i = 0; i < 10; ++i) Write1(store.get(), Write::Put(absl::StrCat("k", i), "1"));
  Follower follower(Options(&source));
  follower.Start();
  ASSERT_TRUE(CatchUp(store.get()).ok());
  source.Break();
  for (int i = 0; i < 5; ++i) Write1(store.get(), Write::Delete(absl::StrCat("k", i)));
  ASSERT_TRUE(store->CompactLog(store->GetHead()->revision).ok());
  Write1(store.get(), Write::Put("last", "1"));
  source.Resume(store.get());
  ASSERT_TRUE(CatchUp(store.get()).ok());
  EXPECT_EQ(sink_.Values(), ValuesOf(store.get()));
  EXPECT_EQ(sink_.Values().size(), 6u);
  EXPECT_EQ(follower.status().relists, 1);
}

TEST_F(FollowerTest, AnotherEpochIsListedAgain) {
  auto store = NewMemoryStore();
  auto restored = NewMemoryStore();
  StoreSource source(store.get(), &keys_);
  for (int i = 0; i < 5; ++i) Write1(store.get(), Write::Put("a", absl::StrCat(i)));
  Write1(restored.get(), Write::Put("a", "restored"));
  Follower follower(Options(&source));
  follower.Start();
  ASSERT_TRUE(CatchUp(store.get()).ok());
  source.Break();
  source.Resume(restored.get());
  // The old stream still reads the old store; cut it.
  while (source.opened() < 2) {
    source.Break();
    std::this_thread::yield();
    source.Resume(restored.get());
  }
  ASSERT_TRUE(CatchUp(restored.get()).ok());
  EXPECT_THAT(sink_.Values(), ElementsAre(Pair("a", "restored")));
  const Position applied = positions_.Applied().positions().at("things");
  EXPECT_EQ(applied, (Position{restored->GetHead()->epoch, 1}));
}

// Notes what was promised at the moment at which the sink was changed.
class PromisesSink final : public MapSink {
 public:
  explicit PromisesSink(const AppliedPositions* positions) : positions_(positions) {}
  void BeginSnapshot() override { Note(); }
  void EndSnapshot() override { Note(); }
  std::vector<int> promised;  // sources that had a position

 private:
  void Note() { promised.push_back(static_cast<int>(positions_->Applied().positions().size())); }
  const AppliedPositions* positions_;
};

TEST_F(FollowerTest, NoPositionIsPromisedWhileARestoredHistoryIsApplied) {
  const absl::Status gone_back =
      MakeError(absl::StatusCode::kOutOfRange, "RESUME_TOKEN_EXPIRED", "restored", {{"cause", "history"}});
  ScriptedSource source(
      {{{{Phase::kSnapshot, {Put("a", "1", 9)}, ""},
         {Phase::kSnapshotEnd, {}, Token(9)},
         {Phase::kProgress, {}, Token(9)}},
        gone_back},
       {{{Phase::kSnapshotEnd, {}, Token(3)}, {Phase::kProgress, {}, Token(3)}}, gone_back},
       {{{Phase::kSnapshotEnd, {}, Token(4, "f")}, {Phase::kProgress, {}, Token(4, "f")}}, absl::OkStatus()}});
  PromisesSink sink(&positions_);
  Follower::Options options = Options(&source);
  options.sink = &sink;
  Follower follower(options);
  follower.Start();
  source.Tokens(3);
  ASSERT_TRUE(Await(Position{"f", 4}));
  follower.Stop();
  EXPECT_THAT(sink.promised, ElementsAre(0, 0, 0, 0, 0, 0));
  EXPECT_TRUE(follower.status().ready);
}

TEST_F(FollowerTest, ASnapshotThatTurnsOutToBeOlderWithdrawsThePositionBeforeItsSweep) {
  ScriptedSource source({{{{Phase::kSnapshotEnd, {}, Token(9)}, {Phase::kProgress, {}, Token(9)}},
                          absl::InvalidArgumentError("made with other keys")},
                         {{{Phase::kSnapshotEnd, {}, Token(3)}, {Phase::kProgress, {}, Token(3)}}, absl::OkStatus()}});
  PromisesSink sink(&positions_);
  Follower::Options options = Options(&source);
  options.sink = &sink;
  Follower follower(options);
  follower.Start();
  source.Tokens(2);
  ASSERT_TRUE(Await(Position{"e", 3}));
  follower.Stop();
  EXPECT_THAT(sink.promised, ElementsAre(0, 0, 1, 0));
}

TEST_F(FollowerTest, ACompactedLogKeepsThePositionWhileItIsListedAgain) {
  ScriptedSource source(
      {{{{Phase::kSnapshotEnd, {}, Token(5)}, {Phase::kProgress, {}, Token(5)}},
        MakeError(absl::StatusCode::kOutOfRange, "RESUME_TOKEN_EXPIRED", "compacted", {{"cause", kLogCompacted}})},
       {{{Phase::kSnapshotEnd, {}, Token(9)}, {Phase::kProgress, {}, Token(9)}}, absl::OkStatus()}});
  PromisesSink sink(&positions_);
  Follower::Options options = Options(&source);
  options.sink = &sink;
  Follower follower(options);
  follower.Start();
  ASSERT_TRUE(WaitFor(9).ok());
  follower.Stop();
  EXPECT_THAT(sink.promised, ElementsAre(0, 0, 1, 1));
}

// The oracle of all of it: writes, cuts and compactions at random, and at any time the sink holds at least what the
// applied position promises.
TEST_F(FollowerTest, UnderRandomWritesCutsAndCompactionsNoPositionIsAheadOfTheSink) {
  const auto seed = std::random_device{}();
  std::cout << "seed " << seed << "\n";
  std::mt19937 random(seed);
  const auto upto = [&](int most) { return std::uniform_int_distribution<int>(0, most)(random); };
  auto store = NewMemoryStore();
  for (int i = 0; i < 30; ++i) Write1(store.get(), Write::Put(absl::StrCat("k", i), "0"));
  StoreSource source(store.get(), &keys_);
  Follower follower(Options(&source));
  follower.Start();
  // What the counter said at each revision: it only grows, so the sink must never show less than at the position.
  std::map<Revision, int> counters{{0, 0}};
  for (int round = 1; round <= 1500; ++round) {
    const std::string key = absl::StrCat("k", upto(40));
    Transaction transaction;
    transaction.writes.push_back(upto(2) == 0 ? Write::Delete(key) : Write::Put(key, absl::StrCat(round)));
    transaction.writes.push_back(Write::Put("counter", absl::StrCat(round)));
    const auto outcomes = store->Commit({transaction});
    ASSERT_TRUE(outcomes[0].status.ok());
    counters[outcomes[0].revision] = round;
    if (upto(60) == 0) {
      source.Break();
      if (upto(1) == 0) {
        ASSERT_TRUE(store->CompactLog(outcomes[0].revision).ok());
      }
    }
    if (upto(20) == 0) source.Resume(store.get());
    if (upto(3) == 0) {
      const ConsistencyToken applied = positions_.Applied();
      const Values seen = sink_.Values();  // read after the position
      if (applied.empty()) continue;
      const int promised = std::prev(counters.upper_bound(applied.positions().at("things").revision))->second;
      const int shown = seen.count("counter") > 0 ? std::stoi(seen.at("counter")) : 0;
      ASSERT_GE(shown, promised) << "seed " << seed;
    }
  }
  source.Resume(store.get());
  ASSERT_TRUE(CatchUp(store.get()).ok());
  EXPECT_EQ(sink_.Values(), ValuesOf(store.get())) << "seed " << seed;
}

}  // namespace
}  // namespace tandem::feed
