// What befalls a party's record, and what steps on its pairings make of it meanwhile.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <thread>

#include "tests/support/pairing_history/ledger_history.h"
#include "tests/unit/services/pairing/ledger/ledger_fixture.h"

namespace tandem::pairing::ledger {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr v1::Side kProject = v1::SIDE_PROJECT, kInvestor = v1::SIDE_INVESTOR, kOrganiser = v1::SIDE_UNSPECIFIED;
constexpr char kRequestId[] = "0f8fad5b-d9cb-469f-a165-70867728950e";

class LedgerPartiesTest : public LedgerTest {
 protected:
  // What happens at most once under one key.
  static Ledger::PartyEvent Event(const std::string& party, const std::string& guard = "") {
    Ledger::PartyEvent event;
    event.party = party;
    event.actor = "tandem-projects";
    event.detail = "project withdrawn";
    if (guard.empty()) return event;
    event.guard.conditions.push_back(Condition::Absent(guard));
    event.guard.writes.push_back(Write::PutUnlogged(guard, ""));
    return event;
  }
  void ExpectExact() {
    std::vector<std::string> problems;
    for (const auto& [party, counts] : Replay(History(), Rules(), &problems))
      EXPECT_EQ(CountsOf(party), counts) << party;
    EXPECT_THAT(problems, IsEmpty());
  }
  int Changes() { return static_cast<int>(History().size()); }
};

INSTANTIATE_TEST_SUITE_P(Store, LedgerPartiesTest, testing::ValuesIn(Backends()), BackendName);

TEST_P(LedgerPartiesTest, LeavingClosesEverythingInOneTransaction) {
  ASSERT_TRUE(Ask(kProject, 1, 1).ok());
  ASSERT_TRUE(Ask(kInvestor, 1, 2).ok());
  ASSERT_TRUE(Ask(kProject, 1, 3).ok());
  ASSERT_TRUE(Accept(kInvestor, 1, 3).ok());
  ASSERT_TRUE(Say(kInvestor, 1, 4, v1::STANCE_KIND_SKIPPED).ok());
  ASSERT_TRUE(Say(kInvestor, 1, 5, v1::STANCE_KIND_BLOCKED).ok());
  ASSERT_TRUE(Ask(kProject, 2, 1).ok());
  const Revision before = HeadRevision();
  const auto left = ledger_->PartyLeft(Event(ProjectName(1), "guard"));
  ASSERT_TRUE(left.ok()) << left.status();
  EXPECT_EQ(left->pairings, 4);
  EXPECT_EQ(HeadRevision(), before + 1);
  for (const int investor : {1, 2, 3, 4}) {
    const auto closed = See(kOrganiser, 1, investor);
    EXPECT_EQ(ResultOf(closed), "CLOSED") << investor;
    EXPECT_EQ(closed->change().cause(), v1::Change::CAUSE_PARTY_LEFT);
    EXPECT_EQ(closed->change().side(), kProject);
    EXPECT_EQ(closed->change().actor(), "tandem-projects");
    EXPECT_EQ(closed->change().detail(), "project withdrawn");
  }
  EXPECT_EQ(ResultOf(See(kOrganiser, 1, 5)), "BLOCKED") << "a block outlives it";
  EXPECT_EQ(ResultOf(See(kOrganiser, 2, 1)), "REQUESTED") << "of another project";
  EXPECT_EQ(CountsOf(InvestorName(3)).pairings, 0);
  EXPECT_EQ(CountsOf(InvestorName(1)).incoming.pending, 1);
  EXPECT_EQ(store_->Scan(kExpiryPrefix, ExpiryEnd(absl::FromUnixSeconds(4'000'000'000)), 1000)->size(), 1u);
  ExpectExact();
}

TEST_P(LedgerPartiesTest, WhoIsBackBeginsAnew) {
  ASSERT_TRUE(Ask(kProject, 1, 1).ok());
  ASSERT_TRUE(Accept(kInvestor, 1, 1).ok());
  ASSERT_TRUE(ledger_->PartyLeft(Event(ProjectName(1))).ok());
  parties_.Set(ProjectName(1), PartyState::kNotOpen);
  EXPECT_EQ(ResultOf(Ask(kInvestor, 1, 1)), "PARTY_NOT_OPEN");
  parties_.Set(ProjectName(1), PartyState::kOpen);
  EXPECT_EQ(ResultOf(See(kProject, 1, 1)), "CLOSED") << "nothing comes back by itself";
  EXPECT_EQ(ResultOf(Ask(kInvestor, 1, 1)), "REQUESTED");
  EXPECT_EQ(ResultOf(Accept(kProject, 1, 1)), "MUTUAL");
  ExpectExact();
}

TEST_P(LedgerPartiesTest, TwoReplicasApplyOneChangeOnce) {
  for (int i = 0; i < 5; ++i) ASSERT_TRUE(Ask(kProject, 1, i).ok());
  const std::unique_ptr<Ledger> other = NewLedger();
  for (int round = 0; round < 5; ++round) {
    const std::string guard = absl::StrCat("guard/", round);
    std::vector<absl::StatusOr<Ledger::EventDone>> done(4, absl::UnknownError(""));
    std::vector<std::thread> replicas;
    for (size_t i = 0; i < done.size(); ++i) {
      replicas.emplace_back(
          [&, i] { done[i] = (i % 2 == 0 ? ledger_.get() : other.get())->PartyLeft(Event(ProjectName(1), guard)); });
    }
    for (std::thread& replica : replicas) replica.join();
    int carried = 0;
    for (const auto& each : done) {
      ASSERT_TRUE(each.ok()) << each.status();
      carried += !each->was_guarded;
    }
    EXPECT_EQ(carried, 1);
    EXPECT_EQ(CountsOf(ProjectName(1)).departures, round + 1);
    // What begins anew is not closed by the change that closed what was before.
    ASSERT_TRUE(Say(kProject, 1, round, v1::STANCE_KIND_MUST_MEET).ok());
    EXPECT_TRUE(ledger_->PartyLeft(Event(ProjectName(1), guard))->was_guarded);
  }
  EXPECT_EQ(CountsOf(ProjectName(1)).outgoing.pending, 0);
  ExpectExact();
}

// The step has looked at the party, which leaves before the step is written.
TEST_P(LedgerPartiesTest, AStepThatLookedBeforeAPartyLeftLooksAgain) {
  ASSERT_TRUE(Ask(kProject, 1, 1).ok());
  const std::unique_ptr<Ledger> other = NewLedger();
  const auto leaves = [&] {
    parties_.Meanwhile([&] {
      ASSERT_TRUE(other->PartyLeft(Event(ProjectName(1))).ok());
      parties_.Set(ProjectName(1), PartyState::kOpen);  // as this look still says
    });
  };
  leaves();
  const int looks = parties_.looks();
  EXPECT_EQ(ResultOf(Accept(kInvestor, 1, 1)), "STATE_CONFLICT") << "it is closed";
  EXPECT_GE(parties_.looks(), looks + 2);
  // Also where there was no pairing yet.
  for (const int investor : {7, 8}) {
    leaves();
    const int before = parties_.looks();
    EXPECT_EQ(ResultOf(Ask(kProject, 1, investor)), "REQUESTED") << "it is open when it is looked at again";
    EXPECT_EQ(parties_.looks(), before + 2);
  }
  ExpectExact();
}

TEST_P(LedgerPartiesTest, LeavingRacesAcceptanceWithdrawalAndExpiry) {
  const std::unique_ptr<Ledger> other = NewLedger();
  constexpr int kRounds = 12;
  for (int round = 0; round < kRounds; ++round) {
    for (int i = 0; i < 4; ++i) ASSERT_EQ(ResultOf(Ask(kProject, round, 10 * round + i)), "REQUESTED");
    ASSERT_TRUE(Accept(kInvestor, round, 10 * round + 3).ok());
    std::vector<std::thread> people;
    const auto at_once = [&](std::function<void()> step) { people.emplace_back(std::move(step)); };
    at_once([&] {
      const auto left = other->PartyLeft(Event(ProjectName(round), absl::StrCat("guard/", round)));
      EXPECT_TRUE(left.ok()) << left.status();
    });
    at_once([&] { (void)Accept(kInvestor, round, 10 * round); });
    at_once([&] { (void)Withdraw(kProject, round, 10 * round + 1); });
    at_once([&] { (void)Decline(kInvestor, round, 10 * round + 2); });
    at_once([&] { (void)Say(kInvestor, round, 10 * round + 3, v1::STANCE_KIND_BLOCKED); });
    at_once([&] { (void)Say(kInvestor, round, 10 * round + 4, v1::STANCE_KIND_SKIPPED); });
    at_once([&] { EXPECT_TRUE(ledger_->ExpireDue().ok()); });
    for (std::thread& person : people) person.join();
    EXPECT_EQ(CountsOf(ProjectName(round)).pairings, 0);
    EXPECT_EQ(CountsOf(ProjectName(round)).outgoing.pending, 0);
  }
  ExpectExact();
}

TEST_P(LedgerPartiesTest, WhatIsOverWhenAPartyLeavesHasExpired) {
  ASSERT_TRUE(Ask(kProject, 1, 1).ok());
  clock_.Advance(absl::Hours(3 * 24));
  ASSERT_TRUE(ledger_->PartyLeft(Event(ProjectName(1))).ok());
  std::vector<v1::Change::Cause> causes;
  for (const v1::Pairing& version : History()) causes.push_back(version.change().cause());
  EXPECT_THAT(causes, ElementsAre(v1::Change::CAUSE_REQUEST, v1::Change::CAUSE_EXPIRY, v1::Change::CAUSE_PARTY_LEFT));
  ExpectExact();
}

TEST_P(LedgerPartiesTest, ALargePartyLeavesAsAWhole) {
  const int pairings = GetParam().name == "memory" ? 3000 : 150;
  for (int i = 0; i < pairings; ++i) ASSERT_TRUE(Ask(kProject, 1, i).ok());
  const Revision before = HeadRevision();
  const auto left = ledger_->PartyLeft(Event(ProjectName(1)));
  ASSERT_TRUE(left.ok()) << left.status();
  EXPECT_EQ(left->pairings, pairings);
  EXPECT_EQ(HeadRevision(), before + 1);
  EXPECT_EQ(CountsOf(ProjectName(1)).outgoing.pending, 0);
  EXPECT_EQ(CountsOf(InvestorName(pairings - 1)).incoming.pending, 0);
}

// The first service that was asked was wrong, or its store was restored.
TEST_P(LedgerPartiesTest, WhoIsOnlyMissedIsAskedForFirst) {
  ASSERT_TRUE(Ask(kProject, 1, 1).ok());
  Ledger::PartyEvent event = Event(ProjectName(1), "guard");
  event.if_absent = true;
  ASSERT_TRUE(ledger_->PartyLeft(event).ok());
  EXPECT_EQ(ResultOf(See(kOrganiser, 1, 1)), "REQUESTED") << "it is there";
  EXPECT_TRUE(ledger_->PartyLeft(event)->was_guarded);
  parties_.Set(ProjectName(1), PartyState::kAbsent);
  event = Event(ProjectName(1), "guard 2");
  event.if_absent = true;
  ASSERT_TRUE(ledger_->PartyLeft(event).ok());
  EXPECT_EQ(ResultOf(See(kOrganiser, 1, 1)), "CLOSED");
}

TEST_P(LedgerPartiesTest, AChangedRecordFlagsOpenRequestsAndMendingTakesTheFlagAway) {
  SetUnmet(1, 1, {"mandate.criteria[0].trl"});
  ASSERT_TRUE(Ask(kInvestor, 1, 1).ok());
  ASSERT_TRUE(Ask(kProject, 1, 2).ok());
  ASSERT_TRUE(Ask(kProject, 1, 3).ok());
  ASSERT_TRUE(Accept(kInvestor, 1, 3).ok());
  EXPECT_THAT(See(kInvestor, 1, 1)->request().unmet_rules(), ElementsAre("mandate.criteria[0].trl"));
  Ledger::PartyEvent event = Event(ProjectName(1), "guard");
  event.detail = "project changed";
  for (const int investor : {1, 2, 3}) SetUnmet(1, investor, {"mandate.criteria[0].trl", "mandate.criteria[1].rounds"});
  const auto changed = ledger_->PartyChanged(event);
  ASSERT_TRUE(changed.ok()) << changed.status();
  EXPECT_EQ(changed->pairings, 2) << "what is mutual stays";
  EXPECT_TRUE(ledger_->PartyChanged(event)->was_guarded);
  EXPECT_THAT(See(kProject, 1, 1)->request().broken_rules(), ElementsAre("mandate.criteria[1].rounds"));
  EXPECT_EQ(See(kOrganiser, 1, 1)->change().cause(), v1::Change::CAUSE_PARTY_CHANGED);
  EXPECT_EQ(See(kOrganiser, 1, 1)->change().detail(), "project changed");
  EXPECT_EQ(ResultOf(Accept(kProject, 1, 1)), "STATE_CONFLICT");
  EXPECT_EQ(ResultOf(Accept(kInvestor, 1, 2)), "MUTUAL") << "the investor's accepting is its word";
  ASSERT_EQ(ResultOf(Ask(kInvestor, 1, 1)), "REQUESTED");
  EXPECT_EQ(ResultOf(Accept(kProject, 1, 1)), "MUTUAL");
  EXPECT_EQ(CountsOf(InvestorName(1)).outgoing.total, 1);
  // And the other way: what is mended needs no word.
  ASSERT_TRUE(Ask(kInvestor, 1, 4).ok());
  SetUnmet(1, 4, {"project.wishes[0].types"});
  ASSERT_EQ(ledger_->PartyChanged(Event(InvestorName(4)))->pairings, 1);
  EXPECT_EQ(ResultOf(Accept(kProject, 1, 4)), "STATE_CONFLICT");
  SetUnmet(1, 4, {});
  ASSERT_EQ(ledger_->PartyChanged(Event(InvestorName(4)))->pairings, 1);
  EXPECT_EQ(ResultOf(Accept(kProject, 1, 4)), "MUTUAL");
  ExpectExact();
}

// A service of projects that hangs holds up the step that asks it, and no other of the same party.
TEST_P(LedgerPartiesTest, AHangingLookHoldsUpNobodyElse) {
  ASSERT_TRUE(Ask(kProject, 1, 1).ok());
  ASSERT_TRUE(Ask(kProject, 1, 2).ok());
  ASSERT_TRUE(Ask(kProject, 1, 3).ok());
  int steps = 0;
  // Within the look of one step, by the same process: with the turn kept, this would never end.
  parties_.Meanwhile([&] {
    std::thread others([&] {
      steps += ResultOf(Decline(kInvestor, 1, 2)) == "DECLINED";
      steps += ResultOf(Withdraw(kProject, 1, 3)) == "WITHDRAWN";
    });
    others.join();
  });
  EXPECT_EQ(ResultOf(Accept(kInvestor, 1, 1)), "MUTUAL");
  EXPECT_EQ(steps, 2);
}

// One person acts for both sides and repeats a request id.
TEST_P(LedgerPartiesTest, ARequestIdOfTheOtherSideIsAnotherOne) {
  v1::SetStanceRequest request;
  request.set_project(ProjectName(1));
  request.set_investor(InvestorName(1));
  request.set_kind(v1::STANCE_KIND_SKIPPED);
  request.set_request_id(kRequestId);
  Caller project = CallerOfSide(kProject), investor = CallerOfSide(kInvestor);
  project.actor = investor.actor = "both";
  ASSERT_TRUE(ledger_->SetStance(project, request, Deadline::max()).ok());
  const auto other = ledger_->SetStance(investor, request, Deadline::max());
  ASSERT_TRUE(other.ok()) << other.status();
  EXPECT_EQ(other->investor_stance().kind(), v1::STANCE_KIND_SKIPPED) << "its own step was taken";
  EXPECT_FALSE(other->has_project_stance());
  EXPECT_EQ(Changes(), 2);
}

TEST_P(LedgerPartiesTest, NobodyAcceptsAfterTheLastSlotOfAShortenedAgenda) {
  v1::Session* session = edition_.mutable_agenda()->add_sessions();
  session->set_id("day");
  session->set_slot_minutes(30);
  *session->mutable_start_time() = ToStamp(clock_.Now() + absl::Hours(40));
  *session->mutable_end_time() = ToStamp(clock_.Now() + absl::Hours(41));
  WriteEdition();
  ASSERT_EQ(ResultOf(Ask(kProject, 1, 1)), "REQUESTED");
  const absl::Time over = clock_.Now() + absl::Hours(10);
  *session->mutable_start_time() = ToStamp(over);
  *session->mutable_end_time() = ToStamp(over + absl::Minutes(30));
  WriteEdition();
  clock_.Set(over);
  EXPECT_EQ(ResultOf(Accept(kInvestor, 1, 1)), "STATE_CONFLICT");
  EXPECT_EQ(ResultOf(See(kOrganiser, 1, 1)), "EXPIRED");
  EXPECT_EQ(FromStamp(See(kProject, 1, 1)->request().expire_time()), over);
  EXPECT_EQ(CountsOf(ProjectName(1)).outgoing.pending, 0);
}

}  // namespace
}  // namespace tandem::pairing::ledger
