// Situations of stances, requests and quotas, over every store. Each test is named after its situation.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <thread>

#include "tests/support/pairing_history/ledger_history.h"
#include "tests/unit/services/pairing/ledger/ledger_fixture.h"

namespace tandem::pairing::ledger {
namespace {

constexpr v1::Side kProject = v1::SIDE_PROJECT, kInvestor = v1::SIDE_INVESTOR, kOrganiser = v1::SIDE_UNSPECIFIED;

class Situations : public LedgerTest {
 protected:
  v1::Change::Cause LastCause() { return History().back().change().cause(); }
  // The second of two replicas.
  absl::StatusOr<v1::Pairing> AcceptAt(Ledger* ledger, int project, int investor) {
    v1::AcceptRequestRequest request;
    request.set_name(PairingName(project, investor));
    return ledger->Accept(CallerOfSide(kInvestor), request, Deadline::max());
  }
  // What happened is legal, and the counts are those of what happened.
  void ExpectExact() {
    Rules rules;
    std::vector<std::string> problems;
    for (const auto& [party, counts] : Replay(History(), rules, &problems)) EXPECT_EQ(CountsOf(party), counts) << party;
    EXPECT_THAT(problems, testing::IsEmpty());
  }
};

INSTANTIATE_TEST_SUITE_P(Store, Situations, testing::ValuesIn(Backends()), BackendName);

TEST_P(Situations, CrossInterestAtTheSameInstant) {
  const std::unique_ptr<Ledger> other = NewLedger();
  constexpr int kPairs = 12;
  std::vector<std::thread> people;
  std::vector<absl::StatusOr<v1::Pairing>> answers(2 * kPairs, absl::UnknownError(""));
  for (int pair = 0; pair < kPairs; ++pair) {
    for (const v1::Side side : {kProject, kInvestor}) {
      people.emplace_back([&, pair, side] {
        Ledger* ledger = side == kProject ? ledger_.get() : other.get();
        answers[static_cast<size_t>(2 * pair + (side == kInvestor))] =
            ledger->SendRequest(CallerOfSide(side), AskRequest(pair, pair), Deadline::max());
      });
    }
  }
  for (std::thread& person : people) person.join();
  for (int pair = 0; pair < kPairs; ++pair) {
    EXPECT_EQ(ResultOf(See(kOrganiser, pair, pair)), "MUTUAL");
    EXPECT_EQ(CountsOf(ProjectName(pair)).pairings, 1);
    EXPECT_EQ(CountsOf(InvestorName(pair)).pairings, 1);
    // One of them asked, the other answered: one request was counted, once on each side.
    EXPECT_EQ(CountsOf(ProjectName(pair)).outgoing.total + CountsOf(InvestorName(pair)).outgoing.total, 1);
    EXPECT_EQ(CountsOf(ProjectName(pair)).incoming.total + CountsOf(InvestorName(pair)).incoming.total, 1);
  }
  for (const auto& answer : answers) EXPECT_TRUE(answer.ok()) << answer.status();
  EXPECT_EQ(History().size(), size_t{2 * kPairs});
  ExpectExact();
}

TEST_P(Situations, PauseWithPendingRequests) {
  ASSERT_EQ(ResultOf(Ask(kProject, 1, 1)), "REQUESTED");
  parties_.Set(InvestorName(1), PartyState::kNotOpen);
  EXPECT_EQ(ResultOf(Ask(kProject, 2, 1)), "PARTY_NOT_OPEN");
  EXPECT_EQ(ResultOf(Accept(kInvestor, 1, 1)), "PARTY_NOT_OPEN");
  EXPECT_EQ(ResultOf(See(kProject, 1, 1)), "REQUESTED") << "it waits, and expires in its time";
  clock_.Advance(absl::Hours(3 * 24));
  EXPECT_EQ(ledger_->ExpireDue()->expired, 1);
  EXPECT_EQ(CountsOf(ProjectName(1)).outgoing.pending, 0) << "the quota is free again";
  ExpectExact();
}

TEST_P(Situations, ReRequestAfterDecline) {
  ASSERT_EQ(ResultOf(Ask(kProject, 1, 1)), "REQUESTED");
  ASSERT_EQ(ResultOf(Decline(kInvestor, 1, 1)), "DECLINED");
  const auto again = Ask(kProject, 1, 1);
  ASSERT_EQ(ReasonOf(again), "REQUEST_COOLDOWN");
  EXPECT_NE(GetErrorDetail(again.status()).metadata[1].second, "") << "until when";
  clock_.Advance(absl::Hours(7 * 24));
  ASSERT_EQ(ResultOf(Ask(kProject, 1, 1)), "REQUESTED");
  ASSERT_EQ(ResultOf(Decline(kInvestor, 1, 1)), "DECLINED");
  clock_.Advance(absl::Hours(30 * 24));
  const auto third = Ask(kProject, 1, 1);
  ASSERT_EQ(ReasonOf(third), "REQUEST_COOLDOWN");
  EXPECT_EQ(GetErrorDetail(third.status()).metadata[1].second, "") << "not again";
  EXPECT_EQ(ResultOf(Ask(kInvestor, 1, 1)), "MUTUAL") << "the other side may ask at any time";
  ExpectExact();
}

TEST_P(Situations, RequestAfterAHiddenSkip) {
  ASSERT_EQ(ResultOf(Say(kInvestor, 1, 1, v1::STANCE_KIND_SKIPPED)), "OPEN");
  const auto sent = Ask(kProject, 1, 1);
  ASSERT_EQ(ResultOf(sent), "REQUESTED") << "it is sent as usual";
  EXPECT_FALSE(sent->has_investor_stance());
  EXPECT_FALSE(sent->has_change());
  EXPECT_EQ(FromStamp(sent->create_time()), clock_.Now());
  EXPECT_EQ(See(kInvestor, 1, 1)->investor_stance().kind(), v1::STANCE_KIND_SKIPPED);
  EXPECT_EQ(ResultOf(Accept(kInvestor, 1, 1)), "MUTUAL") << "one may think again";
  ExpectExact();
}

TEST_P(Situations, ExpiryAgainstAcceptance) {
  const std::unique_ptr<Ledger> other = NewLedger();
  int accepted = 0;
  constexpr int kRounds = 30;
  for (int round = 0; round < kRounds; ++round) {
    ASSERT_EQ(ResultOf(Ask(kProject, round, round)), "REQUESTED");
    const absl::Time expires = clock_.Now() + absl::Hours(3 * 24);
    clock_.Set(expires - absl::Microseconds(1));
    absl::StatusOr<v1::Pairing> answer = absl::UnknownError("");
    std::thread acceptance([&] { answer = AcceptAt(other.get(), round, round); });
    std::thread expiry([&] {
      clock_.Set(expires);
      EXPECT_TRUE(ledger_->ExpireDue().ok());
    });
    acceptance.join();
    expiry.join();
    const std::string state = ResultOf(See(kOrganiser, round, round));
    // One winner: who was told yes has the pairing, who was told no reads why.
    EXPECT_EQ(state, answer.ok() ? "MUTUAL" : "EXPIRED");
    EXPECT_EQ(ReasonOf(answer), answer.ok() ? "" : "STATE_CONFLICT");
    accepted += answer.ok();
  }
  RecordProperty("accepted", accepted);
  // Too late is too late, also when no sweep has come by: the expiry is written by who comes.
  ASSERT_EQ(ResultOf(Ask(kProject, 99, 99)), "REQUESTED");
  clock_.Advance(absl::Hours(3 * 24));
  EXPECT_EQ(ResultOf(Accept(kInvestor, 99, 99)), "STATE_CONFLICT");
  EXPECT_EQ(ResultOf(See(kOrganiser, 99, 99)), "EXPIRED");
  EXPECT_EQ(LastCause(), v1::Change::CAUSE_EXPIRY);
  ExpectExact();
}

TEST_P(Situations, QuotaLoweredBelowUse) {
  for (int investor = 0; investor < 3; ++investor) ASSERT_EQ(ResultOf(Ask(kProject, 1, investor)), "REQUESTED");
  ASSERT_EQ(ResultOf(Accept(kInvestor, 1, 0)), "MUTUAL");
  ASSERT_EQ(ResultOf(Accept(kInvestor, 1, 1)), "MUTUAL");
  edition_.mutable_agenda()->mutable_project_quotas()->set_outgoing_pending(1);
  edition_.mutable_agenda()->mutable_project_quotas()->set_pairings(1);
  WriteEdition();
  EXPECT_EQ(ResultOf(See(kOrganiser, 1, 0)), "MUTUAL") << "nothing is cancelled";
  EXPECT_EQ(ResultOf(See(kOrganiser, 1, 1)), "MUTUAL");
  EXPECT_EQ(ResultOf(See(kOrganiser, 1, 2)), "REQUESTED");
  const auto refused = Ask(kProject, 1, 3);
  ASSERT_EQ(ReasonOf(refused), "QUOTA_EXCEEDED") << "what is new is refused";
  EXPECT_EQ(GetErrorDetail(refused.status()).metadata[1].second, "1");
  EXPECT_EQ(ResultOf(Accept(kInvestor, 1, 2)), "QUOTA_EXCEEDED");
  ASSERT_EQ(ResultOf(Withdraw(kProject, 1, 0)), "WITHDRAWN");
  ASSERT_EQ(ResultOf(Withdraw(kProject, 1, 1)), "WITHDRAWN");
  EXPECT_EQ(ResultOf(Accept(kInvestor, 1, 2)), "MUTUAL");
  ExpectExact();
}

TEST_P(Situations, AcceptingBeyondOnesOwnCap) {
  edition_.mutable_agenda()->mutable_investor_quotas()->set_pairings(1);
  WriteEdition();
  ASSERT_EQ(ResultOf(Ask(kProject, 1, 1)), "REQUESTED");
  ASSERT_EQ(ResultOf(Ask(kProject, 2, 1)), "REQUESTED");
  ASSERT_EQ(ResultOf(Accept(kInvestor, 1, 1)), "MUTUAL");
  const auto refused = Accept(kInvestor, 2, 1);
  EXPECT_EQ(refused.status().code(), absl::StatusCode::kResourceExhausted);
  const std::vector<std::pair<std::string, std::string>> expected = {
      {"quota", "pairings"}, {"limit", "1"}, {"party", InvestorName(1)}};
  EXPECT_EQ(GetErrorDetail(refused.status()).metadata, expected);
  EXPECT_EQ(ResultOf(See(kOrganiser, 2, 1)), "REQUESTED") << "the request still waits";
  ASSERT_EQ(ResultOf(Withdraw(kInvestor, 1, 1)), "WITHDRAWN");
  EXPECT_EQ(ResultOf(Accept(kInvestor, 2, 1)), "MUTUAL");
  ExpectExact();
}

TEST_P(Situations, BlockAfterAMutualMatch) {
  ASSERT_EQ(ResultOf(Ask(kProject, 1, 1)), "REQUESTED");
  ASSERT_EQ(ResultOf(Accept(kInvestor, 1, 1)), "MUTUAL");
  ASSERT_EQ(ResultOf(Say(kInvestor, 1, 1, v1::STANCE_KIND_BLOCKED)), "BLOCKED");
  EXPECT_EQ(LastCause(), v1::Change::CAUSE_BLOCK);
  EXPECT_EQ(CountsOf(ProjectName(1)).pairings, 0);
  const auto seen = See(kProject, 1, 1);
  EXPECT_EQ(ResultOf(seen), "CLOSED");
  EXPECT_FALSE(seen->has_investor_stance());
  EXPECT_FALSE(seen->has_change());
  EXPECT_EQ(ResultOf(Ask(kProject, 1, 1)), "PARTY_NOT_OPEN");
  EXPECT_EQ(ResultOf(Ask(kInvestor, 1, 1)), "PARTY_NOT_OPEN");
  EXPECT_EQ(ResultOf(Withdraw(kProject, 1, 1)), "STATE_CONFLICT");
  ASSERT_EQ(ResultOf(Say(kInvestor, 1, 1, v1::STANCE_KIND_UNSPECIFIED)), "OPEN");
  EXPECT_EQ(ResultOf(Ask(kInvestor, 1, 1)), "MUTUAL") << "the project never said otherwise";
  ExpectExact();
}

TEST_P(Situations, TheEditionEndsWithRequestsPending) {
  v1::Session* session = edition_.mutable_agenda()->add_sessions();
  session->set_id("day1");
  session->set_slot_minutes(30);
  const int64_t start = absl::ToUnixSeconds(clock_.Now()) / 3600 * 3600 + 24 * 3600;
  session->mutable_start_time()->set_seconds(start);
  session->mutable_end_time()->set_seconds(start + 2 * 3600);
  WriteEdition();
  ASSERT_EQ(ResultOf(Ask(kProject, 1, 1)), "REQUESTED");
  ASSERT_EQ(ResultOf(Ask(kInvestor, 2, 2)), "REQUESTED");
  const absl::Time last_slot = absl::FromUnixSeconds(start + 3 * 1800);
  EXPECT_EQ(FromStamp(See(kProject, 1, 1)->request().expire_time()), last_slot);
  clock_.Set(last_slot);
  EXPECT_EQ(ledger_->ExpireDue()->expired, 2);
  EXPECT_EQ(ResultOf(See(kProject, 1, 1)), "EXPIRED");
  EXPECT_EQ(ResultOf(Ask(kProject, 3, 3)), "STATE_CONFLICT") << "there is nothing left to ask for";
  ExpectExact();
}

}  // namespace
}  // namespace tandem::pairing::ledger
