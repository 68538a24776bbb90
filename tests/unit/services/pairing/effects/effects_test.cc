// What befalls records in the stores of projects and investors, and what becomes of pairings and meetings: with real
// followers, over every store, on one and on two replicas.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <thread>

#include "common/storage/memory/memory_store.h"
#include "services/pairing/effects/party_effects.h"
#include "tests/support/pairing_history/ledger_history.h"
#include "tests/unit/services/pairing/effects/source_of_store.h"
#include "tests/unit/services/pairing/meetings/book/meeting_book_fixture.h"

namespace tandem::pairing::effects {
namespace {

using ledger::PartyState;
using ledger::ReasonOf;
using meetings::CallerOfSide;
using meetings::InvestorName;
using meetings::kInvestor;
using meetings::kOrganiser;
using meetings::kProject;
using meetings::ProjectName;
using projects::v1::Project;
using testing::ElementsAre;
using testing::IsEmpty;

class EffectsTest : public meetings::MeetingBookTest {
 protected:
  void SetUp() override {
    meetings::MeetingBookTest::SetUp();
    if (IsSkipped() || HasFatalFailure()) return;
    projects_ = NewMemoryStore();
    investors_ = NewMemoryStore();
    for (int i = 0; i < 40; ++i) {
      PutProject(i, Project::STATE_PUBLISHED);
      PutInvestor(i);
    }
    effects_ = NewEffects(ledger_.get());
    // The first snapshots are over.
    const EffectLog log(store_.get());
    for (const char* source : {"projects", "investors"}) AwaitThat([&] { return log.Read(source)->row.has_value(); });
  }
  void TearDown() override {
    effects_.reset();
    meetings::MeetingBookTest::TearDown();
  }

  std::unique_ptr<PartyEffects> NewEffects(ledger::Ledger* ledger) {
    PartyEffects::Options options;
    options.store = store_.get();
    options.ledger = ledger;
    options.keys = &keys_;
    auto effects = std::make_unique<PartyEffects>(options);
    std::vector<std::unique_ptr<feed::Source>> sources;
    sources.push_back(std::make_unique<SourceOfStore>("projects", projects_.get(), &keys_));
    sources.push_back(std::make_unique<SourceOfStore>("investors", investors_.get(), &keys_));
    effects->Start(std::move(sources));
    return effects;
  }
  void PutProject(int number, Project::State state, bool deleted = false) {
    Project project;
    project.set_name(ProjectName(number));
    project.set_state(state);
    if (deleted) project.mutable_delete_time()->set_seconds(1);
    ASSERT_TRUE(projects_->Commit({{{}, {Write::Put(project.name(), project.SerializeAsString())}}})[0].status.ok());
    parties_.Set(project.name(),
                 deleted || state != Project::STATE_PUBLISHED ? PartyState::kNotOpen : PartyState::kOpen);
  }
  void PutInvestor(int number, investors::v1::Investor::State state = investors::v1::Investor::STATE_VERIFIED) {
    investors::v1::Investor investor;
    investor.set_name(InvestorName(number));
    investor.set_state(state);
    ASSERT_TRUE(investors_->Commit({{{}, {Write::Put(investor.name(), investor.SerializeAsString())}}})[0].status.ok());
  }
  // Waits until the pairing is in the state, as the organiser sees it.
  void Await(int project, int investor, const std::string& state) {
    AwaitThat([&] { return ledger::ResultOf(See(kOrganiser, project, investor)) == state; });
  }
  template <typename What>
  void AwaitThat(What what) {
    for (const auto until = In(std::chrono::seconds(20)); !what(); std::this_thread::yield())
      ASSERT_LT(std::chrono::steady_clock::now(), until);
  }
  // Until everything that was written before is noted and done.
  void AwaitQuiet() {
    const EffectLog log(store_.get());
    // The last change that matters: each of the sources gets one.
    ASSERT_TRUE(Ask(kProject, 39, 39).ok() || true);
    PutProject(39, Project::STATE_WITHDRAWN);
    PutInvestor(39, investors::v1::Investor::STATE_REJECTED);
    AwaitThat([&] {
      return CountsOf(ProjectName(39)).departures > barriers_ && CountsOf(InvestorName(39)).departures > barriers_ &&
             log.Due()->empty();
    });
    ++barriers_;
    PutProject(39, Project::STATE_PUBLISHED);
  }
  void ExpectExact() {
    std::vector<std::string> problems;
    for (const auto& [party, counts] : Replay(History(), ledger::Rules(), &problems))
      EXPECT_EQ(CountsOf(party), counts) << party;
    EXPECT_THAT(problems, IsEmpty());
  }

  std::unique_ptr<RecordStore> projects_, investors_;
  std::unique_ptr<PartyEffects> effects_;
  int barriers_ = 0;
};

INSTANTIATE_TEST_SUITE_P(Store, EffectsTest, testing::ValuesIn(Backends()), BackendName);

TEST_P(EffectsTest, WithdrawWithAcceptedMeetings) {
  MakeMutual(1, 1);
  MakeMutual(1, 2);
  ASSERT_TRUE(AskFor(kProject, 1, 3, {2}).ok());
  const auto first = BookIt(kProject, 1, 1, {0}), second = BookIt(kProject, 1, 2, {1});
  ASSERT_TRUE(first.ok() && second.ok()) << first.status() << second.status();
  // What takes the same places waits for them.
  for (const int other : {5, 6, 7}) MakeMutual(other, other);
  ASSERT_TRUE(BookIt(kProject, 5, 5, {0}).ok());
  ASSERT_EQ(ReasonOf(BookIt(kProject, 6, 6, {0})), "SLOT_TAKEN");

  PutProject(1, Project::STATE_WITHDRAWN);
  for (const int investor : {1, 2, 3}) Await(1, investor, "CLOSED");
  for (const auto& booked : {first, second}) {
    for (const v1::Side side : {kProject, kInvestor}) {
      const auto seen = SeeMeeting(side, booked->name());
      EXPECT_EQ(meetings::ResultOf(seen), "CANCELLED");
      EXPECT_EQ(seen->change().cause(), v1::MeetingChange::CAUSE_PARTY_LEFT);
      EXPECT_EQ(seen->change().note(), "project withdrawn") << "both sides read why";
    }
  }
  const auto closed = See(kOrganiser, 1, 1);
  EXPECT_EQ(closed->change().cause(), v1::Change::CAUSE_PARTY_LEFT);
  EXPECT_EQ(closed->change().side(), kProject);
  EXPECT_EQ(closed->change().actor(), "tandem-projects");
  EXPECT_EQ(closed->change().detail(), "project withdrawn");
  EXPECT_EQ(closed->meeting(), "");
  EXPECT_EQ(CountsOf(InvestorName(1)).pairings, 0);
  EXPECT_EQ(CountsOf(ProjectName(1)).departures, 1) << "in one transaction";
  EXPECT_EQ(meetings::ResultOf(BookIt(kProject, 6, 6, {0})), "CONFIRMED") << "slot and table are free";
  EXPECT_EQ(ReasonOf(Ask(kInvestor, 1, 4)), "PARTY_NOT_OPEN");
}

TEST_P(EffectsTest, EveryWayOfLeavingIsSaidAndPausingIsNone) {
  for (const int project : {1, 2, 3, 4}) ASSERT_TRUE(Ask(kProject, project, 1).ok());
  MakeMutual(5, 2);
  ASSERT_TRUE(BookIt(kProject, 5, 2, {0}).ok());
  PutProject(1, Project::STATE_REJECTED);
  PutProject(2, Project::STATE_PUBLISHED, true);
  PutProject(3, Project::STATE_PAUSED);
  PutProject(4, Project::STATE_IN_REVIEW);
  PutProject(5, Project::STATE_PAUSED);
  AwaitQuiet();
  EXPECT_EQ(See(kOrganiser, 1, 1)->change().detail(), "project rejected");
  EXPECT_EQ(See(kOrganiser, 2, 1)->change().detail(), "project deleted");
  EXPECT_EQ(ledger::ResultOf(See(kOrganiser, 3, 1)), "REQUESTED");
  EXPECT_EQ(ledger::ResultOf(See(kOrganiser, 4, 1)), "REQUESTED");
  EXPECT_EQ(meetings::ResultOf(SeeMeeting(kOrganiser, MeetingOf(5, 2))), "CONFIRMED")
      << "who pauses keeps its meetings";
  PutInvestor(2, investors::v1::Investor::STATE_WITHDRAWN);
  Await(5, 2, "CLOSED");
  EXPECT_EQ(See(kOrganiser, 5, 2)->change().detail(), "investor withdrawn");
  EXPECT_EQ(See(kOrganiser, 5, 2)->change().actor(), "tandem-investors");
  EXPECT_EQ(BookedRows(), 0u);
}

// A project was deleted and came back while no process ran: what was agreed before it was deleted is over.
TEST_P(EffectsTest, WhatHappenedWhileAllProcessesWereDownHasItsEffectAfterwards) {
  ASSERT_TRUE(Ask(kProject, 1, 1).ok());
  ASSERT_TRUE(Ask(kProject, 2, 1).ok());
  AwaitQuiet();
  effects_.reset();
  PutProject(1, Project::STATE_PUBLISHED, true);
  PutProject(1, Project::STATE_PUBLISHED);
  PutProject(2, Project::STATE_WITHDRAWN);
  EXPECT_EQ(ledger::ResultOf(See(kOrganiser, 1, 1)), "REQUESTED");
  effects_ = NewEffects(ledger_.get());
  Await(1, 1, "CLOSED");
  Await(2, 1, "CLOSED");
  EXPECT_EQ(CountsOf(ProjectName(1)).departures, 1);
  // And what begins anew then stays.
  ASSERT_EQ(ledger::ResultOf(Ask(kProject, 1, 1)), "REQUESTED");
  effects_.reset();
  effects_ = NewEffects(ledger_.get());
  AwaitQuiet();
  EXPECT_EQ(ledger::ResultOf(See(kOrganiser, 1, 1)), "REQUESTED");
  EXPECT_EQ(CountsOf(ProjectName(1)).departures, 1);
}

// The log no longer reaches back: a snapshot tells who is gone, and who is not in it at all.
TEST_P(EffectsTest, WhoLeftWhileTheLogWasCompactedIsFoundMissing) {
  for (const int project : {1, 2, 3}) ASSERT_TRUE(Ask(kProject, project, 1).ok());
  AwaitQuiet();
  effects_.reset();
  PutProject(1, Project::STATE_WITHDRAWN);
  ASSERT_TRUE(projects_->Commit({{{}, {Write::Delete(ProjectName(2))}}})[0].status.ok());
  parties_.Set(ProjectName(2), PartyState::kAbsent);
  ASSERT_TRUE(projects_->CompactLog(projects_->GetHead()->revision).ok());
  effects_ = NewEffects(ledger_.get());
  Await(1, 1, "CLOSED");
  Await(2, 1, "CLOSED");
  EXPECT_EQ(See(kOrganiser, 1, 1)->change().detail(), "project withdrawn");
  EXPECT_EQ(See(kOrganiser, 2, 1)->change().detail(), "project deleted");
  AwaitQuiet();
  EXPECT_EQ(ledger::ResultOf(See(kOrganiser, 3, 1)), "REQUESTED");
}

// The source was restored from a backup that knows less, under another epoch.
TEST_P(EffectsTest, WhoIsNotInARestoredSourceHasLeft) {
  ASSERT_TRUE(Ask(kProject, 1, 1).ok());
  ASSERT_TRUE(Ask(kProject, 2, 1).ok());
  AwaitQuiet();
  effects_.reset();
  projects_ = NewMemoryStore();
  PutProject(2, Project::STATE_PUBLISHED);
  parties_.Set(ProjectName(1), PartyState::kAbsent);
  effects_ = NewEffects(ledger_.get());
  Await(1, 1, "CLOSED");
  EXPECT_EQ(ledger::ResultOf(See(kOrganiser, 2, 1)), "REQUESTED");
}

TEST_P(EffectsTest, TwoReplicasApplyTheSameChangesOnce) {
  const std::unique_ptr<meetings::MeetingBook> other_book = NewBook();
  const std::unique_ptr<ledger::Ledger> other = NewJoined(other_book.get());
  std::unique_ptr<PartyEffects> replica = NewEffects(other.get());
  for (int project = 0; project < 20; ++project) ASSERT_TRUE(Ask(kProject, project, project).ok());
  for (int project = 0; project < 20; ++project) PutProject(project, Project::STATE_WITHDRAWN);
  for (int project = 0; project < 20; ++project) Await(project, project, "CLOSED");
  AwaitQuiet();
  for (int project = 0; project < 20; ++project) EXPECT_EQ(CountsOf(ProjectName(project)).departures, 1) << project;
  EXPECT_EQ(effects_->counts().failed + replica->counts().failed, 0);
  replica.reset();
  ExpectExact();
}

// The replica that noted it is gone: another one does it.
TEST_P(EffectsTest, WhatAKilledReplicaHasNotedAnotherDoes) {
  ASSERT_TRUE(Ask(kProject, 1, 1).ok());
  const EffectLog log(store_.get());
  effects_.reset();
  const Noted noted = *log.Read("projects");
  const Effect effect{"projects", {"another epoch", 5}, Effect::Kind::kLeft, ProjectName(1), "project withdrawn"};
  ASSERT_TRUE(log.Note("projects", noted, noted.position, {effect}).ok());
  effects_ = NewEffects(ledger_.get());
  Await(1, 1, "CLOSED");
  AwaitThat([&] { return log.Due()->empty(); });
}

TEST_P(EffectsTest, ARecordEditedOverAMustHaveFlagsOpenRequests) {
  ASSERT_TRUE(Ask(kInvestor, 1, 1).ok());
  SetUnmet(1, 1, {"mandate.criteria[0].trl"});
  PutProject(1, Project::STATE_PUBLISHED);
  AwaitThat([&] { return See(kProject, 1, 1)->request().needs_reconfirm(); });
  const auto flagged = See(kOrganiser, 1, 1);
  EXPECT_EQ(flagged->change().cause(), v1::Change::CAUSE_PARTY_CHANGED);
  EXPECT_EQ(flagged->change().detail(), "project changed");
  EXPECT_EQ(ReasonOf(Accept(kProject, 1, 1)), "STATE_CONFLICT");
  SetUnmet(1, 1, {});
  PutInvestor(1);
  AwaitThat([&] { return !See(kProject, 1, 1)->request().needs_reconfirm(); });
  EXPECT_EQ(See(kOrganiser, 1, 1)->change().detail(), "investor changed");
  EXPECT_EQ(ledger::ResultOf(Accept(kProject, 1, 1)), "MUTUAL");
  // Without open requests an edit is nothing to pairings.
  const size_t versions = History().size();
  PutProject(1, Project::STATE_PUBLISHED);
  AwaitQuiet();
  EXPECT_GE(History().size(), versions);
  EXPECT_EQ(ledger::ResultOf(See(kOrganiser, 1, 1)), "MUTUAL");
}

// One effect cannot be done for now. It is tried again and holds up no other.
TEST_P(EffectsTest, WhatFailsIsTriedAgainUntilItIsDone) {
  ASSERT_TRUE(Ask(kProject, 1, 1).ok());
  ASSERT_TRUE(Ask(kProject, 2, 2).ok());
  const std::string key = ledger::PairNames(ProjectName(1), InvestorName(1)).PairingKey();
  const std::string was = ValueOf(key);
  ASSERT_GT(Put(key, "\xff"), 0);
  PutProject(1, Project::STATE_WITHDRAWN);
  PutProject(2, Project::STATE_WITHDRAWN);
  Await(2, 2, "CLOSED");
  AwaitThat([&] { return effects_->counts().failed >= 3; });
  EXPECT_GE(effects_->counts().due, 1);
  ASSERT_GT(Put(key, was), 0);
  Await(1, 1, "CLOSED");
  AwaitThat([&] { return effects_->counts().due == 0; });
}

TEST_P(EffectsTest, LeavingRacesAcceptingAndBooking) {
  const std::unique_ptr<meetings::MeetingBook> other_book = NewBook();
  const std::unique_ptr<ledger::Ledger> other = NewJoined(other_book.get());
  constexpr int kRounds = 8;
  for (int round = 0; round < kRounds; ++round) {
    MakeMutual(round, 1);
    ASSERT_TRUE(AskFor(kProject, round, 2, {1, 2}).ok());
    std::thread accepts([&] {
      v1::AcceptRequestRequest request;
      request.set_name(meetings::PairingName(round, 2));
      AddSlots({1}, request.mutable_slots());
      (void)other->Accept(CallerOfSide(kInvestor), request, ledger::Deadline::max());
    });
    std::thread books([&] { (void)BookIt(kInvestor, round, 1, {0}); });
    PutProject(round, Project::STATE_WITHDRAWN);
    accepts.join();
    books.join();
    Await(round, 1, "CLOSED");
    Await(round, 2, "CLOSED");
    EXPECT_EQ(CountsOf(ProjectName(round)).pairings, 0);
    EXPECT_EQ(BookedRows(), 0u) << "nothing is left booked for who is gone";
    EXPECT_EQ(CountsOf(ProjectName(round)).departures, 1);
  }
  EXPECT_EQ(CountsOf(InvestorName(1)).pairings, 0);
  EXPECT_EQ(CountsOf(InvestorName(2)).incoming.pending, 0);
}

}  // namespace
}  // namespace tandem::pairing::effects
