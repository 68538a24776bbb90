// What befalls projects and investors in their own services, and what both sides see of it here: over gRPC.
#include <chrono>
#include <gmock/gmock.h>
#include <iostream>
#include <thread>

#include "common/rpc/call_context.h"
#include "common/storage/record_store.h"
#include "services/pairing/ledger/decision.h"
#include "tandem/pairing/v1/ledger_service.grpc.pb.h"
#include "tandem/pairing/v1/meeting_service.grpc.pb.h"
#include "tests/integration/pairing/all_in_one_fixture.h"

namespace tandem {
namespace {

namespace pb = pairing::v1;
using pb::LedgerService;
using pb::MeetingService;

Caller Of(CallerSide side) {
  Caller caller;
  caller.side = side;
  caller.actor = side == CallerSide::kProject ? "ann" : side == CallerSide::kInvestor ? "ivo" : "olga";
  return caller;
}
const Caller kProject = Of(CallerSide::kProject), kInvestor = Of(CallerSide::kInvestor),
             kOrganiser = Of(CallerSide::kOrganiser);

class EffectsServiceTest : public AllInOneTest {
 protected:
  void SetUp() override {
    StartWith(OptionsOf(folder_), 6, 6);
    if (HasFatalFailure()) return;
    const auto channel = rpc::NewChannel(absl::StrCat("127.0.0.1:", all_->port()));
    ledger_ = LedgerService::NewStub(channel);
    meetings_ = MeetingService::NewStub(channel);
    // One table, and four slots tomorrow; written past the service, which has its own tests.
    day_ = absl::FromUnixSeconds(absl::ToUnixSeconds(absl::Now()) / 3600 * 3600) + absl::Hours(24);
    RecordStore* const store = all_->store("editions");
    const std::string key = absl::StrCat("r/", edition_.name);
    pb::Edition edition;
    ASSERT_TRUE(edition.ParseFromString((*store->Get(key))->value));
    pb::Session* session = edition.mutable_agenda()->add_sessions();
    session->set_id("day");
    *session->mutable_start_time() = pairing::ledger::ToStamp(day_);
    *session->mutable_end_time() = pairing::ledger::ToStamp(day_ + absl::Hours(2));
    session->set_slot_minutes(30);
    pb::MeetingPlace* place = edition.mutable_agenda()->add_places();
    place->set_id("t1");
    place->set_hall("east");
    ASSERT_TRUE(store->Commit({{{}, {Write::Put(key, edition.SerializeAsString())}}}).front().status.ok());
  }

  template <typename Stub, typename Request, typename Response>
  absl::StatusOr<Response> Call(const Caller& caller, Stub* stub,
                                grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
                                const Request& request) {
    grpc::ClientContext context;
    rpc::SetCaller(&context, caller);
    rpc::SetDeadline(&context, absl::Seconds(20));
    Response response;
    const grpc::Status status = (stub->*method)(&context, request, &response);
    if (!status.ok()) return rpc::FromGrpc(status);
    return response;
  }
  absl::StatusOr<pb::Pairing> Ask(const Caller& caller, size_t project, size_t investor) {
    pb::SendRequestRequest request;
    request.set_project(edition_.projects[project]);
    request.set_investor(edition_.investors[investor]);
    return Call(caller, ledger_.get(), &LedgerService::Stub::SendRequest, request);
  }
  absl::StatusOr<pb::Pairing> AcceptIn(const Caller& caller, const std::string& name, int slot) {
    pb::AcceptRequestRequest request;
    request.set_name(name);
    if (slot >= 0) *request.add_slots() = pairing::ledger::ToStamp(day_ + absl::Minutes(30 * slot));
    return Call(caller, ledger_.get(), &LedgerService::Stub::AcceptRequest, request);
  }
  pb::Pairing See(const Caller& caller, const std::string& name) {
    pb::GetPairingRequest request;
    request.set_name(name);
    return Call(caller, ledger_.get(), &LedgerService::Stub::GetPairing, request).value_or(pb::Pairing());
  }
  absl::StatusOr<pb::Meeting> Meeting(const Caller& caller, const std::string& name) {
    pb::GetMeetingRequest request;
    request.set_name(name);
    return Call(caller, meetings_.get(), &MeetingService::Stub::GetMeeting, request);
  }
  // Waits until `what` holds, for 20 seconds at most, and notes as `name` how long that took.
  template <typename What>
  testing::AssertionResult Comes(const std::string& name, What what) {
    const auto begin = std::chrono::steady_clock::now(), end = begin + std::chrono::seconds(20);
    while (!what()) {
      if (std::chrono::steady_clock::now() >= end)
        return testing::AssertionFailure() << name << " has not come in 20 seconds";
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - begin);
    RecordProperty(name + "_ms", absl::StrCat(took.count()));
    std::cout << name << " came after " << took.count() << " ms\n";
    return testing::AssertionSuccess();
  }

  absl::Time day_;
  std::unique_ptr<LedgerService::Stub> ledger_;
  std::unique_ptr<MeetingService::Stub> meetings_;
};

TEST_F(EffectsServiceTest, WithdrawWithAcceptedMeetingsIsSeenByBothSides) {
  const auto asked = Ask(kProject, 0, 0), other = Ask(kProject, 1, 0), open = Ask(kInvestor, 0, 2);
  ASSERT_TRUE(asked.ok() && other.ok() && open.ok()) << asked.status() << other.status() << open.status();
  const auto accepted = AcceptIn(kInvestor, asked->name(), 1);
  ASSERT_TRUE(accepted.ok()) << accepted.status();
  ASSERT_EQ(ReasonOf(AcceptIn(kInvestor, other->name(), 1).status()), "SLOT_TAKEN");

  grpc::ClientContext context;
  rpc::SetCaller(&context, kOrganiser);
  rpc::SetDeadline(&context, absl::Seconds(30));
  pb::WatchPairingsRequest watch;
  watch.set_parent(edition_.name);
  const auto reader = ledger_->WatchPairings(&context, watch);
  pb::WatchPairingsResponse stretch;
  while (reader->Read(&stretch) && stretch.phase() != type::v1::WATCH_PHASE_PROGRESS) {
  }
  ASSERT_TRUE(client_->Withdraw(edition_.projects[0]).ok());
  ASSERT_TRUE(
      Comes("closed_pairing", [&] { return See(kInvestor, asked->name()).state() == pb::Pairing::STATE_CLOSED; }));
  EXPECT_EQ(See(kProject, asked->name()).state(), pb::Pairing::STATE_CLOSED);
  EXPECT_EQ(See(kInvestor, open->name()).state(), pb::Pairing::STATE_CLOSED) << "in the same transaction";
  for (const Caller& side : {kProject, kInvestor}) {
    const auto meeting = Meeting(side, accepted->meeting());
    ASSERT_TRUE(meeting.ok()) << meeting.status();
    EXPECT_EQ(meeting->state(), pb::Meeting::STATE_CANCELLED);
    EXPECT_EQ(meeting->change().cause(), pb::MeetingChange::CAUSE_PARTY_LEFT);
    EXPECT_EQ(meeting->change().note(), "project withdrawn");
  }
  const auto again = AcceptIn(kInvestor, other->name(), 1);
  EXPECT_TRUE(again.ok()) << "slot and table are free: " << again.status();

  int pairings = 0, meetings = 0;
  while ((pairings < 2 || meetings < 1) && reader->Read(&stretch)) {
    for (const auto& change : stretch.changes()) {
      if (change.has_pairing() && change.pairing().change().cause() == pb::Change::CAUSE_PARTY_LEFT) {
        ++pairings;
        EXPECT_EQ(change.pairing().change().side(), pb::SIDE_PROJECT);
        EXPECT_EQ(change.pairing().change().actor(), "tandem-projects");
        EXPECT_EQ(change.pairing().change().detail(), "project withdrawn");
      }
      meetings += change.has_meeting() && change.meeting().change().cause() == pb::MeetingChange::CAUSE_PARTY_LEFT;
    }
  }
  EXPECT_EQ(pairings, 2);
  EXPECT_EQ(meetings, 1);
  context.TryCancel();
}

TEST_F(EffectsServiceTest, AnEditOverAMustHaveNeedsTheInvestorsWord) {
  ASSERT_TRUE(client_->SetTrl(edition_.projects[0], 6).ok());
  investors::v1::UpdateInvestorRequest mandate;
  mandate.mutable_investor()->set_name(edition_.investors[0]);
  auto* must = mandate.mutable_investor()->mutable_mandate()->add_criteria();
  must->set_strength(type::v1::STRENGTH_MUST);
  must->mutable_trl()->set_min(5);
  mandate.mutable_update_mask()->add_paths("mandate");
  const auto updated =
      client_->Call(client_->investors(), &investors::v1::InvestorService::Stub::UpdateInvestor, mandate);
  ASSERT_TRUE(updated.ok()) << updated.status();
  ASSERT_TRUE(client_->Find(edition_.investors[0], updated->consistency_token()).ok()) << "the market knows";
  const auto asked = Ask(kInvestor, 0, 0);
  ASSERT_TRUE(asked.ok()) << asked.status();

  ASSERT_TRUE(client_->SetTrl(edition_.projects[0], 2).ok());
  ASSERT_TRUE(Comes("word_to_reconfirm", [&] { return See(kProject, asked->name()).request().needs_reconfirm(); }));
  EXPECT_THAT(See(kInvestor, asked->name()).request().broken_rules(), testing::Contains("mandate.criteria[0].trl"));
  EXPECT_EQ(See(kOrganiser, asked->name()).change().cause(), pb::Change::CAUSE_PARTY_CHANGED);
  EXPECT_EQ(ReasonOf(AcceptIn(kProject, asked->name(), -1).status()), "STATE_CONFLICT");
  ASSERT_TRUE(Ask(kInvestor, 0, 0).ok()) << "sent again";
  EXPECT_TRUE(AcceptIn(kProject, asked->name(), -1).ok());
}

}  // namespace
}  // namespace tandem
