// Meetings as callers see them, over gRPC: from a request with slots to a calendar, and what a watch shows of it.
#include <gmock/gmock.h>

#include "tandem/pairing/v1/edition_service.grpc.pb.h"
#include "tests/integration/pairing/meeting_zone_fixture.h"

namespace tandem {
namespace {

namespace pb = pairing::v1;
using pb::Meeting;
using pb::MeetingService;

class MeetingServiceTest : public MeetingZoneTest {
 protected:
  void SetUp() override { StartWithTables(6, 6, {"t1"}); }
};

TEST_F(MeetingServiceTest, AcceptedIntoASlotMovedAndCancelledWithEveryStepWatched) {
  const auto asked = Ask(kProject, 0, 0);
  ASSERT_TRUE(asked.ok()) << asked.status();
  const auto other = Ask(kProject, 1, 0);
  ASSERT_TRUE(other.ok()) << other.status();

  grpc::ClientContext context;
  const auto reader = WatchFromNow(&context);
  pb::WatchPairingsResponse stretch;

  const auto accepted = Accept(kInvestor, asked->name(), {1});
  ASSERT_TRUE(accepted.ok()) << accepted.status();
  const std::string name = accepted->meeting();
  const auto lost = Accept(kInvestor, other->name(), {1});
  EXPECT_EQ(ReasonOf(lost.status()), "SLOT_TAKEN") << lost.status();
  EXPECT_THAT(GetErrorDetail(lost.status()).metadata[0].second,
              testing::HasSubstr(absl::FormatTime(absl::RFC3339_sec, day_, absl::UTCTimeZone())));

  pb::ListOpenSlotsRequest open;
  open.set_pairing(other->name());
  const auto slots = Call(kInvestor, meetings_.get(), &MeetingService::Stub::ListOpenSlots, open);
  ASSERT_TRUE(slots.ok()) << slots.status();
  EXPECT_EQ(slots->slots(1).obstacle(), pb::OpenSlot::OBSTACLE_BUSY);

  pb::RescheduleMeetingRequest move;
  move.set_name(name);
  ASSERT_TRUE(Call(kProject, meetings_.get(), &MeetingService::Stub::RescheduleMeeting, move).ok());
  pb::AnswerRescheduleRequest answer;
  answer.set_name(name);
  const auto moved = Call(kInvestor, meetings_.get(), &MeetingService::Stub::AnswerReschedule, answer);
  ASSERT_TRUE(moved.ok()) << moved.status();
  EXPECT_EQ(moved->start_time().seconds(), absl::ToUnixSeconds(day_));

  pb::ListMeetingsRequest list;
  list.set_parent(edition_.name);
  list.set_attendee(edition_.projects[0]);
  const auto listed = Call(kProject, meetings_.get(), &MeetingService::Stub::ListMeetings, list);
  ASSERT_TRUE(listed.ok()) << listed.status();
  ASSERT_EQ(listed->meetings_size(), 1);
  EXPECT_EQ(listed->meetings(0).etag(), GetMeeting(kProject, name)->etag());

  pb::LockMeetingRequest lock;
  lock.set_name(name);
  EXPECT_EQ(ReasonOf(Call(kProject, meetings_.get(), &MeetingService::Stub::LockMeeting, lock).status()),
            "PERMISSION_DENIED");
  pb::ReportMeetingRequest report;
  report.set_name(name);
  report.set_check_in(true);
  EXPECT_EQ(ReasonOf(Call(kProject, meetings_.get(), &MeetingService::Stub::ReportMeeting, report).status()),
            "STATE_CONFLICT")
      << "it is tomorrow";
  pb::RecordOutcomeRequest outcome;
  outcome.set_name(name);
  outcome.set_stage(pb::OUTCOME_STAGE_FOLLOW_UP);
  EXPECT_EQ(ReasonOf(Call(kProject, meetings_.get(), &MeetingService::Stub::RecordOutcome, outcome).status()),
            "STATE_CONFLICT");

  pb::CancelMeetingRequest cancel;
  cancel.set_name(name);
  cancel.set_note("ill");
  ASSERT_TRUE(Call(kProject, meetings_.get(), &MeetingService::Stub::CancelMeeting, cancel).ok());
  pb::BookMeetingRequest book;
  book.set_pairing(asked->name());
  ASSERT_TRUE(Call(kInvestor, meetings_.get(), &MeetingService::Stub::BookMeeting, book).ok());
  pb::ExportCalendarRequest file;
  file.set_attendee(edition_.investors[0]);
  const auto calendar = Call(kInvestor, meetings_.get(), &MeetingService::Stub::ExportCalendar, file);
  ASSERT_TRUE(calendar.ok()) << calendar.status();
  EXPECT_THAT(calendar->calendar(), testing::HasSubstr("STATUS:CANCELLED"));
  EXPECT_THAT(calendar->calendar(), testing::HasSubstr("STATUS:CONFIRMED"));

  // Accepted and booked in one commit, then moved, cancelled and booked anew, in that order.
  std::vector<pb::MeetingChange::Cause> causes;
  int64_t accepted_at = 0, booked_at = -1;
  while (causes.size() < 5 && reader->Read(&stretch)) {
    for (const auto& change : stretch.changes()) {
      if (change.has_meeting()) {
        if (causes.empty()) booked_at = change.revision();
        causes.push_back(change.meeting().change().cause());
      } else if (change.pairing().change().cause() == pb::Change::CAUSE_ACCEPT) {
        accepted_at = change.revision();
      }
    }
  }
  context.TryCancel();
  EXPECT_EQ(accepted_at, booked_at);
  EXPECT_THAT(causes, testing::ElementsAre(pb::MeetingChange::CAUSE_BOOKED, pb::MeetingChange::CAUSE_RESCHEDULE_ASKED,
                                           pb::MeetingChange::CAUSE_MOVED, pb::MeetingChange::CAUSE_CANCELLED,
                                           pb::MeetingChange::CAUSE_BOOKED));
}

TEST_F(MeetingServiceTest, AnAgendaTakesSlotsFromMeetingsByForceOnly) {
  const auto asked = Ask(kProject, 0, 0);
  ASSERT_TRUE(asked.ok()) << asked.status();
  const auto accepted = Accept(kInvestor, asked->name(), {1});
  ASSERT_TRUE(accepted.ok()) << accepted.status();
  const auto editions = pb::EditionService::NewStub(NewChannel());
  pb::GetEditionRequest get;
  get.set_name(edition_.name);
  auto edition = Call(kOrganiser, editions.get(), &pb::EditionService::Stub::GetEdition, get);
  ASSERT_TRUE(edition.ok()) << edition.status();
  pb::UpdateEditionRequest update;
  *update.mutable_edition() = *edition;
  *update.mutable_edition()->mutable_agenda()->mutable_sessions(0)->add_closed_slots() =
      pairing::ledger::ToStamp(SlotAt(1));
  update.mutable_update_mask()->add_paths("agenda");
  const auto refused = Call(kOrganiser, editions.get(), &pb::EditionService::Stub::UpdateEdition, update);
  EXPECT_EQ(ReasonOf(refused.status()), "MEETINGS_AFFECTED") << refused.status();
  EXPECT_EQ(GetMeeting(kProject, accepted->meeting())->state(), Meeting::STATE_CONFIRMED);
  update.set_force(true);
  const auto changed = Call(kOrganiser, editions.get(), &pb::EditionService::Stub::UpdateEdition, update);
  ASSERT_TRUE(changed.ok()) << changed.status();
  const auto meeting = GetMeeting(kProject, accepted->meeting());
  EXPECT_EQ(meeting->state(), Meeting::STATE_RESCHEDULE_PENDING);
  EXPECT_EQ(meeting->change().cause(), pb::MeetingChange::CAUSE_AGENDA_CHANGED);
  EXPECT_EQ(meeting->consistency_token(), changed->consistency_token()) << "one transaction";
}

}  // namespace
}  // namespace tandem
