// Pairings as callers see them, over gRPC: what each side may do and see, and what happens by itself.
#include <gmock/gmock.h>

#include "tests/integration/pairing/meeting_zone_fixture.h"

namespace tandem {
namespace {

namespace pb = pairing::v1;
using pb::LedgerService;
using pb::Pairing;

class LedgerServiceTest : public MeetingZoneTest {
 protected:
  void SetUp() override { StartZone(6, 6); }

  absl::StatusOr<Pairing> Get(const Caller& caller, const std::string& name) {
    pb::GetPairingRequest request;
    request.set_name(name);
    return Call(caller, ledger_.get(), &LedgerService::Stub::GetPairing, request);
  }
  template <typename T>
  static std::string Reason(const absl::StatusOr<T>& result) {
    return ReasonOf(result.status());
  }
};

TEST_F(LedgerServiceTest, AMatchBecomesAPairingThatBothSidesSee) {
  const auto asked = Ask(kProject, 0, 0);
  ASSERT_TRUE(asked.ok()) << asked.status();
  EXPECT_EQ(asked->state(), Pairing::STATE_REQUESTED);
  const auto accepted = Accept(kInvestor, asked->name());
  ASSERT_TRUE(accepted.ok()) << accepted.status();
  EXPECT_EQ(accepted->state(), Pairing::STATE_MUTUAL);
  EXPECT_EQ(Get(kProject, asked->name())->etag(), accepted->etag()) << "nothing private was said: one view";
  pb::ListPairingsRequest list;
  list.set_parent(edition_.name);
  list.set_party(edition_.investors[0]);
  const auto listed = Call(kInvestor, ledger_.get(), &LedgerService::Stub::ListPairings, list);
  ASSERT_TRUE(listed.ok()) << listed.status();
  ASSERT_EQ(listed->pairings_size(), 1);
  EXPECT_EQ(listed->pairings(0).request().message(), "shall we meet");
  EXPECT_EQ(Reason(Call(kProject, ledger_.get(), &LedgerService::Stub::ListPairings, list)), "PERMISSION_DENIED");
}

TEST_F(LedgerServiceTest, WhoLeavesIsNotOpenFromThenOn) {
  const auto asked = Ask(kProject, 0, 0);
  ASSERT_TRUE(asked.ok()) << asked.status();
  ASSERT_TRUE(client_->Pause(edition_.projects[0]).ok());
  // No token and no waiting: what was acknowledged is known.
  EXPECT_EQ(Reason(Accept(kInvestor, asked->name())), "PARTY_NOT_OPEN");
  EXPECT_EQ(Reason(Ask(kProject, 0, 1)), "PARTY_NOT_OPEN");
  ASSERT_TRUE(client_->Resume(edition_.projects[0]).ok());
  EXPECT_TRUE(Accept(kInvestor, asked->name()).ok());
  ASSERT_TRUE(client_->Withdraw(edition_.projects[1]).ok());
  EXPECT_EQ(Reason(Ask(kInvestor, 1, 1)), "PARTY_NOT_OPEN");
}

TEST_F(LedgerServiceTest, NobodyAsksWhoDoesNotExist) {
  edition_.investors[0] = edition_.name + "/investors/nobody";
  EXPECT_EQ(Reason(Ask(kProject, 0, 0)), "RESOURCE_NOT_FOUND");
}

TEST_F(LedgerServiceTest, AWatchShowsEveryChangeWithItsCauseToTheOrganiserOnly) {
  const auto asked = Ask(kProject, 0, 0);
  ASSERT_TRUE(asked.ok()) << asked.status();
  pb::WatchPairingsRequest request;
  request.set_parent(edition_.name);
  for (const Caller& side : {kProject, kInvestor}) {
    grpc::ClientContext context;
    rpc::SetCaller(&context, side);
    pb::WatchPairingsResponse response;
    const auto reader = ledger_->WatchPairings(&context, request);
    while (reader->Read(&response)) {
    }
    EXPECT_EQ(ReasonOf(rpc::FromGrpc(reader->Finish())), "PERMISSION_DENIED");
  }
  grpc::ClientContext context;
  rpc::SetCaller(&context, kOrganiser);
  rpc::SetDeadline(&context, absl::Seconds(30));
  const auto reader = ledger_->WatchPairings(&context, request);
  std::vector<pb::Change> changes;
  bool accepted = false;
  pb::WatchPairingsResponse response;
  while (changes.size() < 2 && reader->Read(&response)) {
    for (const auto& change : response.changes()) changes.push_back(change.pairing().change());
    if (!accepted && response.phase() == type::v1::WATCH_PHASE_PROGRESS) {
      accepted = true;
      EXPECT_TRUE(Accept(kInvestor, asked->name()).ok());
    }
  }
  context.TryCancel();
  ASSERT_EQ(changes.size(), 2u);
  EXPECT_EQ(changes[0].cause(), pb::Change::CAUSE_REQUEST);
  EXPECT_EQ(changes[0].actor(), "ann");
  EXPECT_EQ(changes[1].cause(), pb::Change::CAUSE_ACCEPT);
  EXPECT_EQ(changes[1].side(), pb::SIDE_INVESTOR);
}

TEST_F(LedgerServiceTest, WhatNobodyAnswersExpiresByItself) {
  // The contract allows no expiry as short as a test can wait for: it is written past the service.
  ASSERT_NO_FATAL_FAILURE(
      ChangeEdition([](pb::Edition* edition) { edition->mutable_agenda()->mutable_request_expiry()->set_seconds(1); }));
  const auto asked = Ask(kProject, 0, 0);
  ASSERT_TRUE(asked.ok()) << asked.status();
  // The change of the expiry itself is awaited; nobody touches the pairing.
  pb::WatchPairingsRequest request;
  request.set_parent("editions/-");
  grpc::ClientContext context;
  rpc::SetDeadline(&context, absl::Seconds(30));
  const auto reader = ledger_->WatchPairings(&context, request);
  pb::WatchPairingsResponse response;
  Pairing expired;
  while (expired.state() != Pairing::STATE_EXPIRED && reader->Read(&response)) {
    for (const auto& change : response.changes()) expired = change.pairing();
  }
  context.TryCancel();
  EXPECT_EQ(expired.state(), Pairing::STATE_EXPIRED);
  EXPECT_EQ(expired.change().cause(), pb::Change::CAUSE_EXPIRY);
  EXPECT_GE(expired.change().time().seconds(), expired.request().expire_time().seconds()) << "not before its time";
  EXPECT_EQ(Reason(Accept(kInvestor, asked->name())), "STATE_CONFLICT");
}

TEST_F(LedgerServiceTest, BadRequestsShowAllThatIsWrong) {
  pb::DeclineRequestRequest request;
  request.set_name("no name");
  request.set_request_id("no uuid");
  const auto declined = Call(kInvestor, ledger_.get(), &LedgerService::Stub::DeclineRequest, request);
  EXPECT_EQ(Reason(declined), "FIELD_INVALID");
  EXPECT_EQ(GetErrorDetail(declined.status()).violations.size(), 3u) << declined.status();
}

TEST_F(LedgerServiceTest, ACallerOfAnotherEditionIsRefused) {
  Caller foreign = kProject;
  foreign.edition = "editions/other";
  EXPECT_EQ(Reason(Ask(foreign, 0, 0)), "PERMISSION_DENIED");
}

}  // namespace
}  // namespace tandem
