// What befalls projects and investors in their own services, and what both sides see of it here: over gRPC.
#include <chrono>
#include <gmock/gmock.h>
#include <iostream>
#include <thread>

#include "tests/integration/pairing/meeting_zone_fixture.h"

namespace tandem {
namespace {

namespace pb = pairing::v1;
using pb::LedgerService;

class EffectsServiceTest : public MeetingZoneTest {
 protected:
  void SetUp() override { StartWithTables(6, 6, {"t1"}); }

  pb::Pairing See(const Caller& caller, const std::string& name) {
    pb::GetPairingRequest request;
    request.set_name(name);
    return Call(caller, ledger_.get(), &LedgerService::Stub::GetPairing, request).value_or(pb::Pairing());
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
};

TEST_F(EffectsServiceTest, WithdrawWithAcceptedMeetingsIsSeenByBothSides) {
  const auto asked = Ask(kProject, 0, 0), other = Ask(kProject, 1, 0), open = Ask(kInvestor, 0, 2);
  ASSERT_TRUE(asked.ok() && other.ok() && open.ok()) << asked.status() << other.status() << open.status();
  const auto accepted = Accept(kInvestor, asked->name(), {1});
  ASSERT_TRUE(accepted.ok()) << accepted.status();
  ASSERT_EQ(ReasonOf(Accept(kInvestor, other->name(), {1}).status()), "SLOT_TAKEN");

  grpc::ClientContext context;
  const auto reader = WatchFromNow(&context);
  pb::WatchPairingsResponse stretch;
  ASSERT_TRUE(client_->Withdraw(edition_.projects[0]).ok());
  ASSERT_TRUE(
      Comes("closed_pairing", [&] { return See(kInvestor, asked->name()).state() == pb::Pairing::STATE_CLOSED; }));
  EXPECT_EQ(See(kProject, asked->name()).state(), pb::Pairing::STATE_CLOSED);
  EXPECT_EQ(See(kInvestor, open->name()).state(), pb::Pairing::STATE_CLOSED) << "in the same transaction";
  for (const Caller& side : {kProject, kInvestor}) {
    const auto meeting = GetMeeting(side, accepted->meeting());
    ASSERT_TRUE(meeting.ok()) << meeting.status();
    EXPECT_EQ(meeting->state(), pb::Meeting::STATE_CANCELLED);
    EXPECT_EQ(meeting->change().cause(), pb::MeetingChange::CAUSE_PARTY_LEFT);
    EXPECT_EQ(meeting->change().note(), "project withdrawn");
  }
  const auto again = Accept(kInvestor, other->name(), {1});
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
  // Counted a moment after it is seen.
  pb::EffectsStatus counted;
  ASSERT_TRUE(Comes("count", [&] {
    const auto status =
        client_->Call(client_->pairing(), &pb::PairingService::Stub::GetIndexStatus, pb::GetIndexStatusRequest());
    if (status.ok()) counted = status->effects();
    return counted.done_count() > 0 && counted.due_count() == 0;
  }));
  EXPECT_EQ(counted.done_count(), 1);
  EXPECT_EQ(counted.failure_count(), 0);
  EXPECT_EQ(counted.due_count(), 0);
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
  EXPECT_EQ(ReasonOf(Accept(kProject, asked->name()).status()), "STATE_CONFLICT");
  ASSERT_TRUE(Ask(kInvestor, 0, 0).ok()) << "sent again";
  EXPECT_TRUE(Accept(kProject, asked->name()).ok());
}

}  // namespace
}  // namespace tandem
