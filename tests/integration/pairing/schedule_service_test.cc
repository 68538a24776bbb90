// Schedules as the organiser sees them, over gRPC: a run, its preview, published, the board, taken back.
#include <gmock/gmock.h>

#include "tandem/pairing/v1/run_service.grpc.pb.h"
#include "tandem/pairing/v1/schedule_service.grpc.pb.h"
#include "tests/integration/pairing/meeting_zone_fixture.h"

namespace tandem {
namespace {

namespace pb = pairing::v1;
using pb::LedgerService;
using pb::MeetingService;
using pb::RunService;
using pb::ScheduleService;

class ScheduleServiceTest : public MeetingZoneTest {
 protected:
  void SetUp() override {
    StartWithTables(4, 4, {"t1", "t2"});
    if (HasFatalFailure()) return;
    runs_ = RunService::NewStub(NewChannel());
    schedules_ = ScheduleService::NewStub(NewChannel());
  }

  void MakeMutual(size_t project, size_t investor) {
    for (const Caller& side : {kProject, kInvestor}) {
      pb::SetStanceRequest request;
      request.set_project(edition_.projects[project]);
      request.set_investor(edition_.investors[investor]);
      request.set_kind(pb::STANCE_KIND_MUST_MEET);
      const auto said = Call(side, ledger_.get(), &LedgerService::Stub::SetStance, request);
      ASSERT_TRUE(said.ok()) << said.status();
    }
  }
  size_t CountBooked() {
    pb::ListMeetingsRequest request;
    request.set_parent(edition_.name);
    request.add_states(pb::Meeting::STATE_CONFIRMED);
    const auto listed = Call(kOrganiser, meetings_.get(), &MeetingService::Stub::ListMeetings, request);
    EXPECT_TRUE(listed.ok()) << listed.status();
    return listed.ok() ? static_cast<size_t>(listed->meetings_size()) : 0;
  }

  std::unique_ptr<RunService::Stub> runs_;
  std::unique_ptr<ScheduleService::Stub> schedules_;
};

TEST_F(ScheduleServiceTest, MadeShownPublishedProvedMendedAndTakenBack) {
  for (size_t project = 0; project < 3; ++project) {
    for (size_t investor = 0; investor < 2; ++investor) MakeMutual(project, investor);
  }
  pb::GenerateScheduleRequest generate;
  generate.set_parent(edition_.name);
  const auto denied = Call(kProject, schedules_.get(), &ScheduleService::Stub::GenerateSchedule, generate);
  EXPECT_EQ(ReasonOf(denied.status()), "PERMISSION_DENIED") << denied.status();
  const auto submitted = Call(kOrganiser, schedules_.get(), &ScheduleService::Stub::GenerateSchedule, generate);
  ASSERT_TRUE(submitted.ok()) << submitted.status();
  pb::WaitRunRequest wait;
  wait.set_name(submitted->name());
  const auto run = Call(kOrganiser, runs_.get(), &RunService::Stub::WaitRun, wait);
  ASSERT_TRUE(run.ok()) << run.status();
  ASSERT_EQ(run->state(), type::v1::Run::STATE_SUCCEEDED) << run->ShortDebugString();
  EXPECT_EQ(run->kind(), "schedule");

  pb::GetScheduleRequest get;
  get.set_name(run->result());
  const auto preview = Call(kOrganiser, schedules_.get(), &ScheduleService::Stub::GetSchedule, get);
  ASSERT_TRUE(preview.ok()) << preview.status();
  EXPECT_EQ(preview->placed(), 6);
  EXPECT_EQ(preview->added(), 6);
  EXPECT_EQ(CountBooked(), 0u) << "nothing is booked by a preview";
  pb::ListPlacementsRequest list;
  list.set_parent(preview->name());
  const auto placements = Call(kOrganiser, schedules_.get(), &ScheduleService::Stub::ListPlacements, list);
  ASSERT_TRUE(placements.ok()) << placements.status();
  ASSERT_EQ(placements->placements_size(), 6);
  EXPECT_GT(placements->placements(0).value(), 20'000) << "both must meet, and matching has its word";

  pb::PublishScheduleRequest publish;
  publish.set_name(preview->name());
  const auto published = Call(kOrganiser, schedules_.get(), &ScheduleService::Stub::PublishSchedule, publish);
  ASSERT_TRUE(published.ok()) << published.status();
  EXPECT_EQ(CountBooked(), 6u);
  pb::VerifyScheduleRequest verify;
  verify.set_parent(edition_.name);
  const auto verified = Call(kOrganiser, schedules_.get(), &ScheduleService::Stub::VerifySchedule, verify);
  ASSERT_TRUE(verified.ok()) << verified.status();
  EXPECT_EQ(verified->meetings(), 6);
  EXPECT_EQ(verified->violation_count(), 0) << verified->ShortDebugString();

  MakeMutual(3, 0);
  pb::RepairScheduleRequest repair;
  repair.set_parent(edition_.name);
  repair.add_attendees(edition_.projects[3]);
  repair.set_publish(true);
  const auto repaired = Call(kOrganiser, schedules_.get(), &ScheduleService::Stub::RepairSchedule, repair);
  ASSERT_TRUE(repaired.ok()) << repaired.status();
  EXPECT_EQ(repaired->added(), 1) << repaired->ShortDebugString();
  EXPECT_EQ(CountBooked(), 7u);

  pb::RollBackScheduleRequest back;
  back.set_name(preview->name());
  const auto taken = Call(kOrganiser, schedules_.get(), &ScheduleService::Stub::RollBackSchedule, back);
  ASSERT_TRUE(taken.ok()) << taken.status();
  EXPECT_EQ(taken->restored() + taken->kept_size(), 6);
  pb::ListSchedulesRequest all;
  all.set_parent(edition_.name);
  const auto listed = Call(kOrganiser, schedules_.get(), &ScheduleService::Stub::ListSchedules, all);
  ASSERT_TRUE(listed.ok()) << listed.status();
  ASSERT_EQ(listed->schedules_size(), 2);
  EXPECT_EQ(listed->schedules(0).name(), repaired->name()) << "the newest first";
}

}  // namespace
}  // namespace tandem
