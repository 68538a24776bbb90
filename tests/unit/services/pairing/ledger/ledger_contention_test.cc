// Many callers on few pairs, on two replicas at once: what the change log says must have been possible.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <random>
#include <set>
#include <thread>

#include "services/pairing/ledger/rules_cache.h"
#include "tests/support/pairing_history/ledger_history.h"
#include "tests/unit/services/pairing/ledger/ledger_fixture.h"

namespace tandem::pairing::ledger {
namespace {

constexpr int kCallers = 64, kProjects = 4, kInvestors = 4;

class LedgerContentionTest : public LedgerTest {
 protected:
  int StepsOfEach() const { return GetParam().name == "memory" ? 150 : 12; }

  // One random step; its reason.
  std::string Step(Ledger* ledger, std::mt19937_64* random) {
    const auto pick = [&](uint64_t below) { return static_cast<int>((*random)() % below); };
    const int p = pick(kProjects), i = pick(kInvestors);
    const Caller caller = CallerOfSide(pick(2) == 0 ? v1::SIDE_PROJECT : v1::SIDE_INVESTOR);
    if (pick(40) == 0) {
      // Its record is gone for a moment.
      Ledger::PartyEvent event;
      event.party = pick(2) == 0 ? ProjectName(p) : InvestorName(i);
      return ReasonOf(ledger->PartyLeft(event));
    }
    const int kind = pick(10);
    if (pick(20) == 0) clock_.Advance(absl::Minutes(pick(100)));
    if (kind < 3) return ReasonOf(ledger->SendRequest(caller, AskRequest(p, i), Deadline::max()));
    if (kind < 5) {
      v1::AcceptRequestRequest request;
      request.set_name(PairingName(p, i));
      return ReasonOf(ledger->Accept(caller, request, Deadline::max()));
    }
    if (kind < 6) {
      v1::DeclineRequestRequest request;
      request.set_name(PairingName(p, i));
      return ReasonOf(ledger->Decline(caller, request, Deadline::max()));
    }
    if (kind < 7) {
      v1::WithdrawRequestRequest request;
      request.set_name(PairingName(p, i));
      return ReasonOf(ledger->Withdraw(caller, request, Deadline::max()));
    }
    if (kind < 8) return ReasonOf(ledger->ExpireDue());
    v1::SetStanceRequest request;
    request.set_project(ProjectName(p));
    request.set_investor(InvestorName(i));
    request.set_kind(static_cast<v1::StanceKind>(pick(5)));
    return ReasonOf(ledger->SetStance(caller, request, Deadline::max()));
  }
};

INSTANTIATE_TEST_SUITE_P(Store, LedgerContentionTest, testing::ValuesIn(Backends()), BackendName);

TEST_P(LedgerContentionTest, HistoriesAreLegalAndQuotasAreExact) {
  v1::Agenda* agenda = edition_.mutable_agenda();
  agenda->mutable_request_expiry()->set_seconds(3600);
  agenda->mutable_request_cooldown()->set_seconds(60);
  agenda->set_most_attempts(20);
  agenda->mutable_project_quotas()->set_outgoing_pending(2);
  agenda->mutable_project_quotas()->set_pairings(2);
  agenda->mutable_investor_quotas()->set_incoming_pending(2);
  agenda->mutable_investor_quotas()->set_outgoing_per_day(6);
  agenda->mutable_investor_quotas()->set_pairings(3);
  WriteEdition();
  const std::unique_ptr<Ledger> other = NewLedger();
  const uint64_t seed = std::random_device()();
  SCOPED_TRACE(absl::StrCat("seed ", seed));
  std::vector<std::map<std::string, int>> reasons(kCallers);
  std::vector<std::thread> callers;
  for (int c = 0; c < kCallers; ++c) {
    callers.emplace_back([&, c] {
      std::mt19937_64 random(seed + static_cast<uint64_t>(c));
      Ledger* ledger = c % 4 == 0 ? other.get() : ledger_.get();
      for (int step = 0; step < StepsOfEach(); ++step) ++reasons[static_cast<size_t>(c)][Step(ledger, &random)];
    });
  }
  for (std::thread& caller : callers) caller.join();
  std::map<std::string, int> all;
  for (const auto& of_one : reasons) {
    for (const auto& [reason, count] : of_one) all[reason] += count;
  }
  const std::set<std::string> expected = {
      "", "STATE_CONFLICT", "PARTY_NOT_OPEN", "QUOTA_EXCEEDED", "REQUEST_COOLDOWN", "RESOURCE_NOT_FOUND", "CONTENTION"};
  for (const auto& [reason, count] : all) {
    EXPECT_TRUE(expected.count(reason)) << reason;
    RecordProperty(reason.empty() ? "OK" : reason, count);
  }
  EXPECT_LT(all["CONTENTION"], kCallers * StepsOfEach() / 20) << "nobody starves";

  const auto rules = RulesOf(edition_);
  ASSERT_TRUE(rules.ok());
  std::vector<std::string> problems;
  const std::vector<v1::Pairing> history = History();
  EXPECT_GT(history.size(), 20u);
  const auto counts = Replay(history, **rules, &problems);
  EXPECT_THAT(problems, testing::IsEmpty());
  for (const auto& [party, count] : counts) EXPECT_EQ(CountsOf(party), count) << party;
  // Every open request, and nothing else, waits for its expiry.
  std::map<std::string, v1::Pairing::State> states;
  for (const v1::Pairing& version : history) states[version.name()] = version.state();
  size_t open = 0;
  for (const auto& [name, state] : states) open += state == v1::Pairing::STATE_REQUESTED;
  EXPECT_EQ(store_->Scan(kExpiryPrefix, ExpiryEnd(absl::FromUnixSeconds(4'000'000'000)), 1000)->size(), open);
}

// The same request id from everywhere at once is carried out once.
TEST_P(LedgerContentionTest, OneRequestIdHasOneEffect) {
  const std::unique_ptr<Ledger> other = NewLedger();
  v1::SendRequestRequest request = AskRequest(1, 1);
  request.set_request_id("0f8fad5b-d9cb-469f-a165-70867728950e");
  std::vector<std::thread> callers;
  std::vector<absl::StatusOr<v1::Pairing>> answers(16, absl::UnknownError(""));
  for (size_t c = 0; c < answers.size(); ++c) {
    callers.emplace_back([&, c] {
      answers[c] =
          (c % 2 == 0 ? ledger_ : other)->SendRequest(CallerOfSide(v1::SIDE_PROJECT), request, Deadline::max());
    });
  }
  for (std::thread& caller : callers) caller.join();
  for (const auto& answer : answers) {
    ASSERT_TRUE(answer.ok()) << answer.status();
    EXPECT_EQ(answer->SerializeAsString(), answers[0]->SerializeAsString());
  }
  EXPECT_EQ(History().size(), 1u);
  EXPECT_EQ(CountsOf(ProjectName(1)).outgoing.total, 1);
}

}  // namespace
}  // namespace tandem::pairing::ledger
