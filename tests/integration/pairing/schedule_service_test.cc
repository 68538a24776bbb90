// Schedules as the organiser sees them, over gRPC: a run, its preview, published, the board, taken back.
#include <gmock/gmock.h>

#include "common/rpc/call_context.h"
#include "common/storage/record_store.h"
#include "services/pairing/ledger/decision.h"
#include "tandem/pairing/v1/edition.pb.h"
#include "tandem/pairing/v1/ledger_service.grpc.pb.h"
#include "tandem/pairing/v1/meeting_service.grpc.pb.h"
#include "tandem/pairing/v1/run_service.grpc.pb.h"
#include "tandem/pairing/v1/schedule_service.grpc.pb.h"
#include "tests/integration/pairing/all_in_one_fixture.h"

namespace tandem {
namespace {

namespace pb = pairing::v1;
using pb::LedgerService;
using pb::MeetingService;
using pb::RunService;
using pb::ScheduleService;

class ScheduleServiceTest : public AllInOneTest {
 protected:
  void SetUp() override {
    StartWith(OptionsOf(folder_), 4, 4);
    if (HasFatalFailure()) return;
    const auto channel = rpc::NewChannel(absl::StrCat("127.0.0.1:", all_->port()));
    ledger_ = LedgerService::NewStub(channel);
    meetings_ = MeetingService::NewStub(channel);
    runs_ = RunService::NewStub(channel);
    schedules_ = ScheduleService::NewStub(channel);
    RecordStore* const store = all_->store("editions");
    const std::string key = absl::StrCat("r/", edition_.name);
    pb::Edition edition;
    ASSERT_TRUE(edition.ParseFromString((*store->Get(key))->value));
    const absl::Time day = absl::FromUnixSeconds(absl::ToUnixSeconds(absl::Now()) / 3600 * 3600) + absl::Hours(24);
    pb::Session* session = edition.mutable_agenda()->add_sessions();
    session->set_id("day");
    *session->mutable_start_time() = pairing::ledger::ToStamp(day);
    *session->mutable_end_time() = pairing::ledger::ToStamp(day + absl::Hours(2));
    session->set_slot_minutes(30);
    for (const char* id : {"t1", "t2"}) {
      pb::MeetingPlace* place = edition.mutable_agenda()->add_places();
      place->set_id(id);
      place->set_hall("east");
    }
    ASSERT_TRUE(store->Commit({{{}, {Write::Put(key, edition.SerializeAsString())}}}).front().status.ok());
  }

  template <typename Stub, typename Request, typename Response>
  absl::StatusOr<Response> Call(CallerSide side, Stub* stub,
                                grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
                                const Request& request) {
    Caller caller;
    caller.side = side;
    caller.actor = "olga";
    grpc::ClientContext context;
    rpc::SetCaller(&context, caller);
    rpc::SetDeadline(&context, absl::Seconds(30));
    Response response;
    const grpc::Status status = (stub->*method)(&context, request, &response);
    if (!status.ok()) return rpc::FromGrpc(status);
    return response;
  }
  void MakeMutual(size_t project, size_t investor) {
    for (const CallerSide side : {CallerSide::kProject, CallerSide::kInvestor}) {
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
    const auto listed = Call(CallerSide::kOrganiser, meetings_.get(), &MeetingService::Stub::ListMeetings, request);
    EXPECT_TRUE(listed.ok()) << listed.status();
    return listed.ok() ? static_cast<size_t>(listed->meetings_size()) : 0;
  }

  std::unique_ptr<LedgerService::Stub> ledger_;
  std::unique_ptr<MeetingService::Stub> meetings_;
  std::unique_ptr<RunService::Stub> runs_;
  std::unique_ptr<ScheduleService::Stub> schedules_;
};

TEST_F(ScheduleServiceTest, MadeShownPublishedProvedMendedAndTakenBack) {
  for (size_t project = 0; project < 3; ++project) {
    for (size_t investor = 0; investor < 2; ++investor) MakeMutual(project, investor);
  }
  const CallerSide organiser = CallerSide::kOrganiser;
  pb::GenerateScheduleRequest generate;
  generate.set_parent(edition_.name);
  const auto denied = Call(CallerSide::kProject, schedules_.get(), &ScheduleService::Stub::GenerateSchedule, generate);
  EXPECT_EQ(ReasonOf(denied.status()), "PERMISSION_DENIED") << denied.status();
  const auto submitted = Call(organiser, schedules_.get(), &ScheduleService::Stub::GenerateSchedule, generate);
  ASSERT_TRUE(submitted.ok()) << submitted.status();
  pb::WaitRunRequest wait;
  wait.set_name(submitted->name());
  const auto run = Call(organiser, runs_.get(), &RunService::Stub::WaitRun, wait);
  ASSERT_TRUE(run.ok()) << run.status();
  ASSERT_EQ(run->state(), type::v1::Run::STATE_SUCCEEDED) << run->ShortDebugString();
  EXPECT_EQ(run->kind(), "schedule");

  pb::GetScheduleRequest get;
  get.set_name(run->result());
  const auto preview = Call(organiser, schedules_.get(), &ScheduleService::Stub::GetSchedule, get);
  ASSERT_TRUE(preview.ok()) << preview.status();
  EXPECT_EQ(preview->placed(), 6);
  EXPECT_EQ(preview->added(), 6);
  EXPECT_EQ(CountBooked(), 0u) << "nothing is booked by a preview";
  pb::ListPlacementsRequest list;
  list.set_parent(preview->name());
  const auto placements = Call(organiser, schedules_.get(), &ScheduleService::Stub::ListPlacements, list);
  ASSERT_TRUE(placements.ok()) << placements.status();
  ASSERT_EQ(placements->placements_size(), 6);
  EXPECT_GT(placements->placements(0).value(), 20'000) << "both must meet, and matching has its word";

  pb::PublishScheduleRequest publish;
  publish.set_name(preview->name());
  const auto published = Call(organiser, schedules_.get(), &ScheduleService::Stub::PublishSchedule, publish);
  ASSERT_TRUE(published.ok()) << published.status();
  EXPECT_EQ(CountBooked(), 6u);
  pb::VerifyScheduleRequest verify;
  verify.set_parent(edition_.name);
  const auto verified = Call(organiser, schedules_.get(), &ScheduleService::Stub::VerifySchedule, verify);
  ASSERT_TRUE(verified.ok()) << verified.status();
  EXPECT_EQ(verified->meetings(), 6);
  EXPECT_EQ(verified->violation_count(), 0) << verified->ShortDebugString();

  MakeMutual(3, 0);
  pb::RepairScheduleRequest repair;
  repair.set_parent(edition_.name);
  repair.add_attendees(edition_.projects[3]);
  repair.set_publish(true);
  const auto repaired = Call(organiser, schedules_.get(), &ScheduleService::Stub::RepairSchedule, repair);
  ASSERT_TRUE(repaired.ok()) << repaired.status();
  EXPECT_EQ(repaired->added(), 1) << repaired->ShortDebugString();
  EXPECT_EQ(CountBooked(), 7u);

  pb::RollBackScheduleRequest back;
  back.set_name(preview->name());
  const auto taken = Call(organiser, schedules_.get(), &ScheduleService::Stub::RollBackSchedule, back);
  ASSERT_TRUE(taken.ok()) << taken.status();
  EXPECT_EQ(taken->restored() + taken->kept_size(), 6);
  pb::ListSchedulesRequest all;
  all.set_parent(edition_.name);
  const auto listed = Call(organiser, schedules_.get(), &ScheduleService::Stub::ListSchedules, all);
  ASSERT_TRUE(listed.ok()) << listed.status();
  ASSERT_EQ(listed->schedules_size(), 2);
  EXPECT_EQ(listed->schedules(0).name(), repaired->name()) << "the newest first";
}

}  // namespace
}  // namespace tandem
