#include "services/pairing/ledger/ledger.h"

#include <functional>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"

#include "common/tokens/consistency_token.h"
#include "services/pairing/ledger/view.h"
#include "tests/unit/services/pairing/ledger/ledger_fixture.h"

namespace tandem::pairing::ledger {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

constexpr v1::Side kProject = v1::SIDE_PROJECT, kInvestor = v1::SIDE_INVESTOR, kOrganiser = v1::SIDE_UNSPECIFIED;
constexpr char kRequestId[] = "0f8fad5b-d9cb-469f-a165-70867728950e";

INSTANTIATE_TEST_SUITE_P(Store, LedgerTest, testing::ValuesIn(Backends()), BackendName);

TEST_P(LedgerTest, WritesOneVersionForEachEffect) {
  ASSERT_EQ(ResultOf(Ask(kProject, 1, 1)), "REQUESTED");
  ASSERT_EQ(ResultOf(Accept(kInvestor, 1, 1)), "MUTUAL");
  ASSERT_EQ(ResultOf(Say(kInvestor, 1, 1, v1::STANCE_KIND_INTERESTED)), "MUTUAL");
  std::vector<v1::Change::Cause> causes;
  for (const v1::Pairing& version : History()) causes.push_back(version.change().cause());
  EXPECT_THAT(causes, ElementsAre(v1::Change::CAUSE_REQUEST, v1::Change::CAUSE_ACCEPT));
  EXPECT_EQ(CountsOf(ProjectName(1)).pairings, 1);
  EXPECT_EQ(CountsOf(InvestorName(1)).incoming.pending, 0);
}

TEST_P(LedgerTest, ARepeatedRequestIsAnsweredAsTheFirstTime) {
  v1::SendRequestRequest request = AskRequest(1, 1);
  request.set_request_id(kRequestId);
  const auto first = ledger_->SendRequest(CallerOfSide(kProject), request, Deadline::max());
  ASSERT_TRUE(first.ok()) << first.status();
  ASSERT_EQ(ResultOf(Accept(kInvestor, 1, 1)), "MUTUAL");
  parties_.Fail(MakeError(absl::StatusCode::kUnavailable, "NOT_READY", "away"));
  clock_.Advance(absl::Hours(2));
  const auto again = NewLedger()->SendRequest(CallerOfSide(kProject), request, Deadline::max());
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(again->SerializeAsString(), first->SerializeAsString());
  request.set_message("another");
  EXPECT_EQ(ReasonOf(ledger_->SendRequest(CallerOfSide(kProject), request, Deadline::max())), "REQUEST_ID_REUSED");
}

TEST_P(LedgerTest, EtagsAreThoseOfWhatIsSeen) {
  const auto asked = Ask(kProject, 1, 1);
  ASSERT_TRUE(asked.ok());
  const std::string seen = See(kInvestor, 1, 1)->etag();
  // A private step of the investor leaves the project's etag as it was.
  ASSERT_TRUE(Say(kInvestor, 1, 1, v1::STANCE_KIND_SKIPPED).ok());
  EXPECT_EQ(See(kProject, 1, 1)->etag(), asked->etag());
  EXPECT_EQ(ResultOf(Accept(kInvestor, 1, 1, seen)), "ETAG_MISMATCH");
  EXPECT_EQ(ResultOf(Accept(kInvestor, 1, 1, See(kInvestor, 1, 1)->etag())), "MUTUAL");
}

TEST_P(LedgerTest, NothingIsKnownOfAHiddenSkip) {
  ASSERT_TRUE(Say(kInvestor, 1, 1, v1::STANCE_KIND_SKIPPED).ok());
  EXPECT_EQ(ResultOf(See(kProject, 1, 1)), "RESOURCE_NOT_FOUND");
  EXPECT_EQ(ResultOf(Accept(kProject, 1, 1)), "RESOURCE_NOT_FOUND");
  EXPECT_EQ(ResultOf(Say(kProject, 1, 1, v1::STANCE_KIND_UNSPECIFIED)), "RESOURCE_NOT_FOUND");
  EXPECT_EQ(ResultOf(Say(kProject, 1, 2, v1::STANCE_KIND_UNSPECIFIED)), "RESOURCE_NOT_FOUND")
      << "as where there is none";
  EXPECT_EQ(ResultOf(See(kInvestor, 1, 1)), "OPEN");
  EXPECT_EQ(See(kOrganiser, 1, 1)->investor_stance().kind(), v1::STANCE_KIND_SKIPPED);
}

TEST_P(LedgerTest, SidesGetTheTokenOfTheirOwnWritesOnly) {
  EXPECT_NE(Ask(kProject, 1, 1)->consistency_token(), "");
  EXPECT_EQ(See(kProject, 1, 1)->consistency_token(), "");
  const auto token = ConsistencyToken::Decode(keys_, See(kOrganiser, 1, 1)->consistency_token());
  ASSERT_TRUE(token.ok());
  EXPECT_EQ(token->positions().begin()->first, "editions");
  EXPECT_EQ(token->positions().begin()->second.revision, HeadRevision());
}

TEST_P(LedgerTest, ARepeatableStepThatChangesNothingTellsNothingPrivate) {
  v1::SetStanceRequest request;
  request.set_project(ProjectName(1));
  request.set_investor(InvestorName(1));
  request.set_kind(v1::STANCE_KIND_INTERESTED);
  ASSERT_TRUE(ledger_->SetStance(CallerOfSide(kProject), request, Deadline::max()).ok());
  ASSERT_TRUE(Say(kInvestor, 1, 1, v1::STANCE_KIND_SKIPPED).ok());
  const Revision skipped = HeadRevision();
  request.set_request_id(kRequestId);
  const auto first = ledger_->SetStance(CallerOfSide(kProject), request, Deadline::max());
  ASSERT_TRUE(first.ok()) << first.status();
  const auto token = ConsistencyToken::Decode(keys_, first->consistency_token());
  ASSERT_TRUE(token.ok());
  ASSERT_FALSE(token->empty());
  EXPECT_GT(token->positions().begin()->second.revision, skipped) << "that of its own write";
  const auto again = ledger_->SetStance(CallerOfSide(kProject), request, Deadline::max());
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(again->SerializeAsString(), first->SerializeAsString());
}

TEST_P(LedgerTest, WhatIsRefusedByItsOwnEffectElsewhereIsAnsweredAsThere) {
  ASSERT_TRUE(Ask(kProject, 1, 1).ok());
  v1::AcceptRequestRequest request;
  request.set_name(PairingName(1, 1));
  request.set_request_id(kRequestId);
  int calls = 0;
  std::string there;
  // Another replica carries out the same request after this one has read; what joins the step then finds it done.
  const auto replica = NewLedger([&](const Command&, const v1::Pairing&, v1::Pairing*, Transaction*) -> absl::Status {
    ++calls;
    const auto done = ledger_->Accept(CallerOfSide(kInvestor), request, Deadline::max());
    EXPECT_TRUE(done.ok()) << done.status();
    if (done.ok()) there = done->SerializeAsString();
    return MakeError(absl::StatusCode::kAborted, "SLOT_TAKEN", "taken");
  });
  const auto here = replica->Accept(CallerOfSide(kInvestor), request, Deadline::max());
  ASSERT_TRUE(here.ok()) << here.status();
  EXPECT_EQ(here->SerializeAsString(), there);
  EXPECT_EQ(calls, 1);
  EXPECT_EQ(CountsOf(InvestorName(1)).pairings, 1);
}

TEST_P(LedgerTest, ASweepWhoseClockStepsBackLosesNoRequest) {
  ASSERT_TRUE(Ask(kProject, 1, 1).ok());
  clock_.Advance(absl::Hours(3 * 24));
  const absl::Time due = clock_.Now();
  class SteppingBack final : public Clock {
   public:
    explicit SteppingBack(absl::Time first) : next_(first) {}
    absl::Time Now() const override { return std::exchange(next_, next_ - absl::Hours(1)); }

   private:
    mutable absl::Time next_;
  } stepping(due);
  Ledger::Options options;
  options.store = store_.get();
  options.keys = &keys_;
  options.clock = &stepping;
  options.parties = &parties_;
  const auto replica = Ledger::Open(std::move(options));
  ASSERT_TRUE(replica.ok());
  ASSERT_TRUE((*replica)->ExpireDue().ok());
  ASSERT_TRUE(ledger_->ExpireDue().ok());
  EXPECT_EQ(ResultOf(See(kOrganiser, 1, 1)), "EXPIRED");
  EXPECT_EQ(CountsOf(ProjectName(1)).outgoing.pending, 0);
}

TEST_P(LedgerTest, ARequestThatCannotBeReadKeepsNoOtherFromExpiring) {
  ASSERT_TRUE(Ask(kProject, 1, 1).ok());
  clock_.Advance(absl::Seconds(1));
  ASSERT_TRUE(Ask(kProject, 2, 2).ok());
  ASSERT_GT(Put(PairNames(ProjectName(1), InvestorName(1)).PairingKey(), "\xff"), 0);
  clock_.Advance(absl::Hours(3 * 24));
  const auto swept = ledger_->ExpireDue();
  ASSERT_TRUE(swept.ok()) << swept.status();
  EXPECT_EQ(swept->expired, 1);
  EXPECT_EQ(ResultOf(See(kOrganiser, 2, 2)), "EXPIRED");
}

TEST_P(LedgerTest, ASideActsForItselfAndTheOrganiserSaysForWhom) {
  v1::SendRequestRequest request = AskRequest(1, 1);
  EXPECT_EQ(ReasonOf(ledger_->SendRequest(CallerOfSide(kOrganiser), request, Deadline::max())), "FIELD_INVALID");
  request.set_side(kInvestor);
  EXPECT_EQ(ReasonOf(ledger_->SendRequest(CallerOfSide(kProject), request, Deadline::max())), "PERMISSION_DENIED");
  const auto sent = ledger_->SendRequest(CallerOfSide(kOrganiser), request, Deadline::max());
  ASSERT_TRUE(sent.ok()) << sent.status();
  EXPECT_EQ(sent->request().sender(), kInvestor);
  EXPECT_EQ(sent->change().actor(), "olga");
}

TEST_P(LedgerTest, NothingCrossesEditionsAndNothingIsOfAnEditionThatIsNot) {
  v1::SendRequestRequest request = AskRequest(1, 1);
  request.set_investor("editions/other/investors/i1");
  EXPECT_EQ(ReasonOf(ledger_->SendRequest(CallerOfSide(kProject), request, Deadline::max())), "FIELD_INVALID");
  request.set_project("editions/other/projects/p1");
  EXPECT_EQ(ReasonOf(ledger_->SendRequest(CallerOfSide(kProject), request, Deadline::max())), "EDITION_NOT_FOUND");
  v1::AcceptRequestRequest accept;
  accept.set_name("editions/other/pairings/x");
  EXPECT_EQ(ReasonOf(ledger_->Accept(CallerOfSide(kProject), accept, Deadline::max())), "EDITION_NOT_FOUND");
}

TEST_P(LedgerTest, PartiesAreLookedAtOnlyWhereTheyMatter) {
  ASSERT_TRUE(Ask(kProject, 1, 1).ok());
  const int looks = parties_.looks();
  parties_.Fail(MakeError(absl::StatusCode::kUnavailable, "NOT_READY", "away"));
  EXPECT_EQ(ResultOf(Accept(kInvestor, 1, 1)), "NOT_READY");
  EXPECT_EQ(parties_.looks(), looks + 1);
  EXPECT_EQ(ResultOf(Say(kInvestor, 1, 1, v1::STANCE_KIND_SKIPPED)), "REQUESTED");
  EXPECT_EQ(ResultOf(Decline(kInvestor, 1, 1)), "DECLINED") << "one can always leave";
}

TEST_P(LedgerTest, ListsAreOfOnePartyInPagesAndByState) {
  for (int investor = 0; investor < 7; ++investor) ASSERT_TRUE(Ask(kProject, 1, investor).ok());
  ASSERT_TRUE(Ask(kProject, 2, 0).ok());
  ASSERT_TRUE(Accept(kInvestor, 1, 3).ok());
  ASSERT_TRUE(Say(kInvestor, 1, 9, v1::STANCE_KIND_SKIPPED).ok());
  const auto list = [&](v1::Side side, v1::ListPairingsRequest request) {
    std::vector<std::string> names;
    request.set_parent("editions/e");
    request.set_page_size(3);
    for (int page = 0; page < 20; ++page) {
      const auto listed = ledger_->List(CallerOfSide(side), request);
      EXPECT_TRUE(listed.ok()) << listed.status();
      if (!listed.ok()) break;
      for (const auto& pairing : listed->pairings()) names.push_back(pairing.name());
      request.set_page_token(listed->next_page_token());
      if (request.page_token().empty()) break;
    }
    EXPECT_TRUE(std::is_sorted(names.begin(), names.end()));
    return names;
  };
  v1::ListPairingsRequest request;
  EXPECT_EQ(list(kOrganiser, request).size(), 9u);
  request.set_party(ProjectName(1));
  EXPECT_EQ(list(kOrganiser, request).size(), 8u);
  EXPECT_EQ(list(kProject, request).size(), 7u) << "not the hidden skip";
  request.add_states(v1::Pairing::STATE_MUTUAL);
  EXPECT_THAT(list(kProject, request), ElementsAre(PairingName(1, 3)));
  request.clear_states();
  request.set_party(InvestorName(0));
  EXPECT_THAT(list(kInvestor, request), UnorderedElementsAre(PairingName(1, 0), PairingName(2, 0)));
  request.set_party(InvestorName(77));
  EXPECT_THAT(list(kInvestor, request), IsEmpty());
}

TEST_P(LedgerTest, PageTokensDoNotNameHiddenPairings) {
  std::vector<std::string> hidden;
  for (int investor = 0; investor < 20; ++investor) {
    if (investor % 4 == 0) {
      ASSERT_TRUE(Ask(kProject, 1, investor).ok());
    } else {
      ASSERT_TRUE(Say(kInvestor, 1, investor, v1::STANCE_KIND_SKIPPED).ok());
      hidden.push_back(PairNames(ProjectName(1), InvestorName(investor)).id);
    }
  }
  v1::ListPairingsRequest request;
  request.set_parent("editions/e");
  request.set_party(ProjectName(1));
  request.set_page_size(1);
  int shown = 0;
  do {
    const auto listed = ledger_->List(CallerOfSide(kProject), request);
    ASSERT_TRUE(listed.ok()) << listed.status();
    shown += listed->pairings_size();
    request.set_page_token(listed->next_page_token());
    std::string bytes;
    ASSERT_TRUE(absl::WebSafeBase64Unescape(request.page_token(), &bytes));
    for (const std::string& id : hidden) EXPECT_EQ(bytes.find(id), std::string::npos) << id;
  } while (!request.page_token().empty() && shown < 20);
  EXPECT_EQ(shown, 5);
}

TEST_P(LedgerTest, ListsOfOthersAreRefused) {
  const auto reason = [&](v1::Side side, const std::string& party) {
    v1::ListPairingsRequest request;
    request.set_parent("editions/e");
    request.set_party(party);
    return ReasonOf(ledger_->List(CallerOfSide(side), request));
  };
  EXPECT_EQ(reason(kProject, ""), "PERMISSION_DENIED");
  EXPECT_EQ(reason(kProject, InvestorName(1)), "PERMISSION_DENIED");
  EXPECT_EQ(reason(kProject, "editions/other/projects/p1"), "FIELD_INVALID");
  EXPECT_EQ(reason(kOrganiser, "nobody"), "FIELD_INVALID");
  EXPECT_EQ(ReasonOf(ledger_->WatchPrefix(CallerOfSide(kInvestor), "editions/e")), "PERMISSION_DENIED");
  EXPECT_EQ(ReasonOf(ledger_->WatchPrefix(CallerOfSide(kOrganiser), "editions/x")), "EDITION_NOT_FOUND");
  EXPECT_EQ(*ledger_->WatchPrefix(CallerOfSide(kOrganiser), "editions/-"), "r/pairings/");
}

TEST_P(LedgerTest, DueRequestsExpireOnceAndWithoutAnybodyAsking) {
  edition_.mutable_agenda()->mutable_request_expiry()->set_seconds(3600);
  WriteEdition();
  constexpr int kDue = 150;  // more than one sweep takes
  for (int i = 0; i < kDue; ++i) ASSERT_TRUE(Ask(kProject, i % 3, i).ok());
  clock_.Advance(absl::Minutes(30));
  ASSERT_TRUE(Ask(kProject, 1, 500).ok());
  EXPECT_EQ(ledger_->ExpireDue()->expired, 0) << "none is due";
  clock_.Advance(absl::Minutes(30));
  const std::unique_ptr<Ledger> other = NewLedger();
  int expired = 0, more = 0;
  for (Ledger* ledger : {ledger_.get(), other.get(), ledger_.get(), other.get()}) {
    const auto swept = ledger->ExpireDue();
    ASSERT_TRUE(swept.ok()) << swept.status();
    expired += swept->expired;
    more += swept->more;
  }
  EXPECT_EQ(expired, kDue);
  EXPECT_EQ(more, 1);
  EXPECT_EQ(See(kOrganiser, 0, 0)->state(), v1::Pairing::STATE_EXPIRED);
  EXPECT_EQ(See(kOrganiser, 1, 500)->state(), v1::Pairing::STATE_REQUESTED);
  EXPECT_EQ(CountsOf(ProjectName(0)).outgoing.pending, 0);
  EXPECT_EQ(CountsOf(ProjectName(1)).outgoing.pending, 1);
  EXPECT_EQ(CountsOf(InvestorName(149)).incoming.pending, 0);
}

// Another replica writes the same party's counts after they were read.
TEST_P(LedgerTest, AStepThatWasOvertakenIsDecidedAgain) {
  edition_.mutable_agenda()->mutable_project_quotas()->set_pairings(1);
  WriteEdition();
  ASSERT_EQ(ResultOf(Ask(kProject, 1, 1)), "REQUESTED");
  ASSERT_EQ(ResultOf(Ask(kProject, 1, 2)), "REQUESTED");
  const std::unique_ptr<Ledger> other = NewLedger();
  parties_.Meanwhile([&] {
    v1::AcceptRequestRequest request;
    request.set_name(PairingName(1, 2));
    EXPECT_EQ(ResultOf(other->Accept(CallerOfSide(kInvestor), request, Deadline::max())), "MUTUAL");
  });
  EXPECT_EQ(ResultOf(Accept(kInvestor, 1, 1)), "QUOTA_EXCEEDED");
  EXPECT_EQ(CountsOf(ProjectName(1)).pairings, 1);
}

// The same between what is decided and its commit, on the row of either party.
TEST_P(LedgerTest, AStepThatIsOvertakenBeforeItsCommitIsDecidedAgain) {
  edition_.mutable_agenda()->mutable_project_quotas()->set_pairings(1);
  edition_.mutable_agenda()->mutable_investor_quotas()->set_pairings(1);
  WriteEdition();
  const std::unique_ptr<Ledger> other = NewLedger();
  std::function<void()> overtake;
  ledger_ = NewLedger([&](const Command&, const v1::Pairing&, v1::Pairing*, Transaction*) {
    if (const auto once = std::exchange(overtake, nullptr)) once();
    return absl::OkStatus();
  });
  struct Pair {
    int project, investor;
  };
  const std::vector<std::pair<Pair, Pair>> pairs = {{{1, 1}, {1, 2}}, {{3, 3}, {4, 3}}};
  for (const auto& [late, first] : pairs) {
    for (const Pair& pair : {late, first}) ASSERT_EQ(ResultOf(Ask(kProject, pair.project, pair.investor)), "REQUESTED");
    overtake = [&other, name = PairingName(first.project, first.investor)] {
      v1::AcceptRequestRequest request;
      request.set_name(name);
      EXPECT_EQ(ResultOf(other->Accept(CallerOfSide(kInvestor), request, Deadline::max())), "MUTUAL");
    };
    EXPECT_EQ(ResultOf(Accept(kInvestor, late.project, late.investor)), "QUOTA_EXCEEDED");
    EXPECT_EQ(overtake, nullptr) << "nobody overtook it";
  }
  EXPECT_EQ(CountsOf(ProjectName(1)).pairings, 1);
  EXPECT_EQ(CountsOf(InvestorName(3)).pairings, 1);
}

TEST_P(LedgerTest, AnAgendaThatChangesMeanwhileCounts) {
  ASSERT_EQ(ResultOf(Ask(kProject, 1, 1)), "REQUESTED");
  parties_.Meanwhile([&] {
    edition_.mutable_agenda()->mutable_project_quotas()->set_outgoing_total(1);
    WriteEdition();
  });
  EXPECT_EQ(ResultOf(Ask(kProject, 1, 2)), "QUOTA_EXCEEDED");
}

// Both replicas read that the request id is new; the second finds what the first did.
TEST_P(LedgerTest, ARequestThatAnotherReplicaCarriedOutMeanwhileIsAnsweredTheSame) {
  v1::SendRequestRequest request = AskRequest(1, 1);
  request.set_request_id(kRequestId);
  const std::unique_ptr<Ledger> other = NewLedger();
  absl::StatusOr<v1::Pairing> first = absl::UnknownError("");
  parties_.Meanwhile([&] { first = other->SendRequest(CallerOfSide(kProject), request, Deadline::max()); });
  const auto second = ledger_->SendRequest(CallerOfSide(kProject), request, Deadline::max());
  ASSERT_TRUE(first.ok() && second.ok()) << second.status();
  EXPECT_EQ(first->SerializeAsString(), second->SerializeAsString());
  EXPECT_EQ(History().size(), 1u);
}

TEST_P(LedgerTest, WhatIsJoinedToAStepIsWrittenWithItOrRefusesIt) {
  ledger_ = NewLedger(
      [](const Command&, const v1::Pairing& before, v1::Pairing* after, Transaction* transaction) -> absl::Status {
        if (after->state() == v1::Pairing::STATE_MUTUAL) {
          return MakeError(absl::StatusCode::kFailedPrecondition, "STATE_CONFLICT", "no slot is left");
        }
        transaction->writes.push_back(Write::PutUnlogged("joined", StateText(before.state())));
        return absl::OkStatus();
      });
  ASSERT_EQ(ResultOf(Ask(kProject, 1, 1)), "REQUESTED");
  EXPECT_EQ(ValueOf("joined"), "UNSPECIFIED");
  EXPECT_EQ(ResultOf(Accept(kInvestor, 1, 1)), "STATE_CONFLICT");
  EXPECT_EQ(ResultOf(See(kOrganiser, 1, 1)), "REQUESTED");
}

TEST(PairNames, IdsAreResourceIdsAndFollowFromThePairOnly) {
  const PairNames names("editions/e/projects/p1", "editions/e/investors/i1");
  EXPECT_EQ(names.id, PairingId("editions/e/projects/p1", "editions/e/investors/i1"));
  EXPECT_THAT(names.id, testing::MatchesRegex("p[a-z2-7]{24}"));
  EXPECT_NE(names.id, PairingId("editions/e/projects/p", "1editions/e/investors/i1"));
  EXPECT_EQ(names.id, "peundl3rku32fhv6hxbp62gyu") << "ids are in stores and links: they must never change";
}

TEST(PairNames, ExpiryRowsSortByTime) {
  const absl::Time now = absl::FromUnixMicros(999'999);
  EXPECT_LT(ExpiryKey(now, "z", "z"), ExpiryKey(now + absl::Microseconds(1), "a", "a"));
  EXPECT_LT(ExpiryKey(now, "e", "x"), ExpiryEnd(now));
  EXPECT_GE(ExpiryKey(now + absl::Microseconds(1), "e", "x"), ExpiryEnd(now));
  const ExpiryRow row = ParseExpiryKey(ExpiryKey(now, "e", "x"));
  EXPECT_EQ(row.edition, "e");
  EXPECT_EQ(row.id, "x");
}

}  // namespace
}  // namespace tandem::pairing::ledger
