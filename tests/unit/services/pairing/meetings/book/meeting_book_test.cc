#include "services/pairing/meetings/book/meeting_book.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/str_split.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "tests/unit/services/pairing/meetings/book/meeting_book_fixture.h"

namespace tandem::pairing::meetings {
namespace {

INSTANTIATE_TEST_SUITE_P(Store, MeetingBookTest, testing::ValuesIn(Backends()), BackendName);

std::vector<std::string> LeftOf(const absl::Status& status) {
  const auto detail = GetErrorDetail(status);
  EXPECT_EQ(detail.reason, "SLOT_TAKEN") << status;
  if (detail.metadata.empty()) return {};
  return absl::StrSplit(detail.metadata[0].second, ',', absl::SkipEmpty());
}

std::string Text(int slot) { return absl::FormatTime(absl::RFC3339_sec, SlotAt(slot), absl::UTCTimeZone()); }

TEST_P(MeetingBookTest, AMutualPairingGetsOneMeetingAndSaysWhich) {
  EXPECT_EQ(ResultOf(BookIt(kProject, 1, 1)), "RESOURCE_NOT_FOUND");
  ASSERT_TRUE(Say(kProject, 1, 1, v1::STANCE_KIND_INTERESTED).ok());
  EXPECT_EQ(ResultOf(BookIt(kProject, 1, 1)), "STATE_CONFLICT") << "the other side has said nothing";
  MakeMutual(1, 1);
  const auto booked = BookIt(kProject, 1, 1, {2, 0});
  ASSERT_EQ(ResultOf(booked), "CONFIRMED") << booked.status();
  EXPECT_EQ(booked->name(), MeetingName(PairingName(1, 1), 1));
  EXPECT_EQ(ledger::FromStamp(booked->start_time()), SlotAt(2)) << "the first that was wished";
  EXPECT_EQ(booked->project_attendee(), ProjectName(1)) << "a party without representatives meets by itself";
  EXPECT_EQ(MeetingOf(1, 1), booked->name());
  EXPECT_EQ(ResultOf(BookIt(kInvestor, 1, 1)), "STATE_CONFLICT") << "one at a time";
  EXPECT_EQ(SeeMeeting(kInvestor, booked->name())->etag(), SeeMeeting(kInvestor, booked->name())->etag());

  ASSERT_EQ(ResultOf(CancelIt(kInvestor, booked->name())), "CANCELLED");
  EXPECT_EQ(MeetingOf(1, 1), "");
  EXPECT_EQ(BookedRows(), 0u);
  const auto again = BookIt(kInvestor, 1, 1, {2});
  ASSERT_EQ(ResultOf(again), "CONFIRMED") << again.status();
  EXPECT_EQ(again->name(), MeetingName(PairingName(1, 1), 2));
  EXPECT_EQ(SeeMeeting(kProject, booked->name())->change().note(), "ill");
}

TEST_P(MeetingBookTest, WhoFindsItsSlotTakenIsToldWhatIsLeft) {
  MakeMutual(1, 1);
  MakeMutual(1, 2);
  ASSERT_EQ(ResultOf(BookIt(kProject, 1, 1, {1})), "CONFIRMED");
  const auto taken = BookIt(kProject, 1, 2, {1});
  EXPECT_THAT(LeftOf(taken.status()), testing::ElementsAre(Text(0), Text(2), Text(3)));
  EXPECT_THAT(std::string(taken.status().message()), testing::HasSubstr("meets somebody else"));
  EXPECT_EQ(ResultOf(BookIt(kProject, 1, 2, {9})), "FIELD_INVALID") << "there is no such slot";
  clock_.Set(SlotAt(2));
  EXPECT_THAT(LeftOf(BookIt(kProject, 1, 2, {0, 1}).status()), testing::ElementsAre(Text(2), Text(3)))
      << "what is past does not do";
}

TEST_P(MeetingBookTest, OnlySlotsThatTheOtherSideNamedCanBeTaken) {
  ASSERT_TRUE(AskFor(kProject, 1, 1, {1, 3}).ok());
  ASSERT_EQ(ledger::ResultOf(AcceptIn(kInvestor, 1, 1, {2})), "FIELD_INVALID");
  ASSERT_EQ(ledger::ResultOf(AcceptIn(kInvestor, 1, 1, {})), "MUTUAL");
  EXPECT_EQ(ResultOf(BookIt(kInvestor, 1, 1, {2})), "FIELD_INVALID");
  MakeMutual(2, 1);
  ASSERT_EQ(ResultOf(BookIt(kProject, 2, 1, {1})), "CONFIRMED");
  EXPECT_THAT(LeftOf(BookIt(kInvestor, 1, 1, {1}).status()), testing::ElementsAre(Text(3)));
  const auto booked = BookIt(kInvestor, 1, 1);
  ASSERT_EQ(ResultOf(booked), "CONFIRMED") << booked.status();
  EXPECT_EQ(ledger::FromStamp(booked->start_time()), SlotAt(3));
}

TEST_P(MeetingBookTest, AcceptingWithSlotsIsAllOrNothing) {
  ASSERT_TRUE(Ask(kProject, 1, 1).ok());
  ASSERT_TRUE(Ask(kProject, 1, 2).ok());
  const auto accepted = AcceptIn(kInvestor, 1, 1, {0});
  ASSERT_EQ(ledger::ResultOf(accepted), "MUTUAL") << accepted.status();
  EXPECT_EQ(accepted->meeting(), MeetingName(PairingName(1, 1), 1));
  EXPECT_EQ(SeeMeeting(kProject, accepted->meeting())->state(), v1::Meeting::STATE_CONFIRMED);
  EXPECT_THAT(LeftOf(AcceptIn(kInvestor, 1, 2, {0}).status()), testing::ElementsAre(Text(1), Text(2), Text(3)));
  EXPECT_EQ(ledger::ResultOf(See(kOrganiser, 1, 2)), "REQUESTED") << "nothing is accepted";
  EXPECT_EQ(ledger::ResultOf(AcceptIn(kInvestor, 1, 2, {0, 3})), "MUTUAL");
}

TEST_P(MeetingBookTest, AMeetingKeepsItsSlotUntilTheOtherSideConfirms) {
  MakeMutual(1, 1);
  const std::string name = BookIt(kProject, 1, 1, {0})->name();
  EXPECT_EQ(ResultOf(AskMove(kProject, name, {0, 1})), "RESCHEDULE_PENDING");
  EXPECT_EQ(ledger::FromStamp(SeeMeeting(kInvestor, name)->start_time()), SlotAt(0));
  EXPECT_EQ(ResultOf(AnswerMove(kProject, name)), "STATE_CONFLICT") << "who asks does not answer";
  const auto moved = AnswerMove(kInvestor, name);
  ASSERT_EQ(ResultOf(moved), "CONFIRMED") << moved.status();
  EXPECT_EQ(ledger::FromStamp(moved->start_time()), SlotAt(1));
  EXPECT_EQ(BookedRows(), 6u) << "booking, two calendars, a place, two counts";
  ASSERT_EQ(ResultOf(AskMove(kInvestor, name)), "RESCHEDULE_PENDING");
  EXPECT_EQ(ResultOf(AnswerMove(kProject, name, true)), "CONFIRMED");
  EXPECT_EQ(ledger::FromStamp(SeeMeeting(kInvestor, name)->start_time()), SlotAt(1));
  EXPECT_EQ(ResultOf(AskMove(kOrganiser, name, {3})), "CONFIRMED") << "the organiser moves at once";
  EXPECT_EQ(ResultOf(AskMove(kProject, name, {8})), "FIELD_INVALID");
}

TEST_P(MeetingBookTest, RepresentativesMeetForTheirPartyWhoeverCan) {
  AddRepresentative("a", {InvestorName(1)});
  AddRepresentative("b", {InvestorName(1)});
  MakeMutual(1, 1);
  MakeMutual(2, 1);
  MakeMutual(3, 1);
  EXPECT_EQ(BookIt(kProject, 1, 1, {0})->investor_attendee(), "editions/e/representatives/a");
  EXPECT_EQ(BookIt(kProject, 2, 1, {0})->investor_attendee(), "editions/e/representatives/b") << "a meets somebody";
  v1::BookMeetingRequest request = BookRequest(3, 1, {1});
  request.set_investor_attendee("editions/e/representatives/b");
  EXPECT_EQ(book_->Book(CallerOfSide(kProject), request)->investor_attendee(), "editions/e/representatives/b");
  MakeMutual(4, 2);
  request = BookRequest(4, 2, {1});
  request.set_investor_attendee("editions/e/representatives/b");
  EXPECT_EQ(ResultOf(book_->Book(CallerOfSide(kProject), request)), "FIELD_INVALID") << "of another investor";
  request.set_investor_attendee("editions/e/representatives/c");
  EXPECT_EQ(ResultOf(book_->Book(CallerOfSide(kProject), request)), "RESOURCE_NOT_FOUND");
  AddRepresentative("c", {InvestorName(2)});
  EXPECT_EQ(ResultOf(book_->Book(CallerOfSide(kProject), request)), "CONFIRMED") << "it has come meanwhile";
}

TEST_P(MeetingBookTest, TheFirstRepresentativeInheritsWhatThePartyHasBooked) {
  MakeMutual(1, 1);
  MakeMutual(2, 1);
  const std::string own = BookIt(kProject, 1, 1, {0})->name();
  AddRepresentative("a", {InvestorName(1)});
  EXPECT_THAT(LeftOf(BookIt(kProject, 2, 1, {0}).status()), testing::ElementsAre(Text(1), Text(2), Text(3)))
      << "a is the one who meets then";
  EXPECT_EQ(BookIt(kProject, 2, 1, {1})->investor_attendee(), "editions/e/representatives/a");
  const auto moved = AskMove(kOrganiser, own, {2});
  ASSERT_EQ(ResultOf(moved), "CONFIRMED") << moved.status();
  EXPECT_EQ(moved->investor_attendee(), "editions/e/representatives/a") << "takes over";
  v1::ListMeetingsRequest list;
  list.set_parent("editions/e");
  list.set_attendee("editions/e/representatives/a");
  EXPECT_EQ(book_->List(CallerOfSide(kOrganiser), list)->meetings_size(), 2);
}

TEST_P(MeetingBookTest, TheSameRequestIdFromTheOtherSideIsAnotherWrite) {
  MakeMutual(1, 1);
  const std::string name = BookIt(kProject, 1, 1, {0})->name();
  clock_.Set(SlotAt(0));
  v1::ReportMeetingRequest report;
  report.set_name(name);
  report.set_check_in(true);
  report.set_request_id("11111111-2222-4333-8444-555555555555");
  Caller caller = CallerOfSide(kProject);
  ASSERT_TRUE(book_->Report(caller, report).ok());
  Caller other = CallerOfSide(kInvestor);
  other.actor = caller.actor;
  ASSERT_TRUE(book_->Report(other, report).ok());
  EXPECT_TRUE(SeeMeeting(kOrganiser, name)->project_report().has_check_in_time());
  EXPECT_TRUE(SeeMeeting(kOrganiser, name)->investor_report().has_check_in_time());
}

TEST_P(MeetingBookTest, QuotasOfADayBindBothParties) {
  edition_.mutable_agenda()->mutable_investor_quotas()->set_meetings_per_day(1);
  WriteEdition();
  MakeMutual(1, 1);
  MakeMutual(2, 1);
  ASSERT_EQ(ResultOf(BookIt(kProject, 1, 1)), "CONFIRMED");
  EXPECT_THAT(LeftOf(BookIt(kProject, 2, 1).status()), testing::IsEmpty());
}

TEST_P(MeetingBookTest, LeavingAPairingCancelsItsMeetingToCome) {
  MakeMutual(1, 1);
  const std::string name = BookIt(kProject, 1, 1)->name();
  ASSERT_EQ(ledger::ResultOf(Withdraw(kInvestor, 1, 1)), "WITHDRAWN");
  const auto seen = SeeMeeting(kProject, name);
  EXPECT_EQ(ResultOf(seen), "CANCELLED");
  EXPECT_EQ(seen->change().cause(), v1::MeetingChange::CAUSE_PAIRING_ENDED);
  EXPECT_EQ(MeetingOf(1, 1), "");
  EXPECT_EQ(BookedRows(), 0u);
}

TEST_P(MeetingBookTest, WritesCanBeRepeatedAndEtagsBind) {
  MakeMutual(1, 1);
  v1::BookMeetingRequest request = BookRequest(1, 1);
  request.set_request_id("0f8fad5b-d9cb-469f-a165-70867728950e");
  const auto first = book_->Book(CallerOfSide(kProject), request);
  const auto second = book_->Book(CallerOfSide(kProject), request);
  ASSERT_TRUE(second.ok()) << second.status();
  EXPECT_EQ(first->SerializeAsString(), second->SerializeAsString());
  v1::CancelMeetingRequest cancel;
  cancel.set_name(first->name());
  cancel.set_etag("old");
  EXPECT_EQ(ResultOf(book_->Cancel(CallerOfSide(kProject), cancel)), "ETAG_MISMATCH");
  cancel.set_etag(first->etag());
  EXPECT_EQ(ResultOf(book_->Cancel(CallerOfSide(kProject), cancel)), "CANCELLED");
}

TEST_P(MeetingBookTest, SidesListTheirOwnAndTheOrganiserAll) {
  AddRepresentative("a", {InvestorName(1), InvestorName(2)});
  for (const int investor : {1, 2, 3}) {
    MakeMutual(investor, investor);
    ASSERT_EQ(ResultOf(BookIt(kProject, investor, investor)), "CONFIRMED");
  }
  v1::ListMeetingsRequest request;
  request.set_parent("editions/e");
  EXPECT_EQ(book_->List(CallerOfSide(kOrganiser), request)->meetings_size(), 3);
  EXPECT_EQ(ledger::ReasonOf(book_->List(CallerOfSide(kInvestor), request)), "PERMISSION_DENIED");
  request.set_attendee("editions/e/representatives/a");
  EXPECT_EQ(book_->List(CallerOfSide(kInvestor), request)->meetings_size(), 2);
  EXPECT_EQ(ledger::ReasonOf(book_->List(CallerOfSide(kProject), request)), "PERMISSION_DENIED");
  request.set_page_size(1);
  auto page = book_->List(CallerOfSide(kInvestor), request);
  ASSERT_EQ(page->meetings_size(), 1);
  request.set_page_token(page->next_page_token());
  page = book_->List(CallerOfSide(kInvestor), request);
  EXPECT_EQ(page->meetings_size(), 1);
  EXPECT_EQ(page->next_page_token(), "");
  request.clear_page_token();
  request.set_attendee(ProjectName(3));
  request.add_states(v1::Meeting::STATE_CONFIRMED);
  EXPECT_EQ(book_->List(CallerOfSide(kProject), request)->meetings_size(), 1);
  EXPECT_EQ(ledger::ReasonOf(book_->List(CallerOfSide(kInvestor), request)), "PERMISSION_DENIED");
  request.set_attendee("editions/other/projects/p1");
  EXPECT_EQ(ledger::ReasonOf(book_->List(CallerOfSide(kOrganiser), request)), "FIELD_INVALID");
}

TEST_P(MeetingBookTest, OpenSlotsSayWhatIsInTheWay) {
  MakeMutual(1, 1);
  MakeMutual(1, 2);
  ASSERT_EQ(ResultOf(BookIt(kProject, 1, 1, {1})), "CONFIRMED");
  clock_.Set(SlotAt(0) + absl::Minutes(1));
  v1::ListOpenSlotsRequest request;
  request.set_pairing(PairingName(1, 2));
  const auto slots = book_->ListOpenSlots(CallerOfSide(kProject), request);
  ASSERT_TRUE(slots.ok()) << slots.status();
  ASSERT_EQ(slots->slots_size(), 4);
  EXPECT_EQ(slots->slots(0).obstacle(), v1::OpenSlot::OBSTACLE_PASSED);
  EXPECT_EQ(slots->slots(1).obstacle(), v1::OpenSlot::OBSTACLE_BUSY);
  EXPECT_EQ(slots->slots(2).obstacle(), v1::OpenSlot::OBSTACLE_UNSPECIFIED);
  EXPECT_EQ(ledger::FromStamp(slots->slots(3).end_time()), SlotAt(4));
  request.set_pairing(PairingName(1, 1));
  EXPECT_EQ(book_->ListOpenSlots(CallerOfSide(kProject), request)->slots(1).obstacle(),
            v1::OpenSlot::OBSTACLE_UNSPECIFIED)
      << "its own meeting is in nobody's way";
}

TEST_P(MeetingBookTest, ACalendarHasWhatStandsAndWhatWasCancelled) {
  MakeMutual(1, 1);
  MakeMutual(1, 2);
  const std::string name = BookIt(kProject, 1, 1, {0})->name();
  ASSERT_TRUE(CancelIt(kProject, name).ok());
  ASSERT_TRUE(BookIt(kProject, 1, 2, {0}).ok());
  v1::ExportCalendarRequest request;
  request.set_attendee(ProjectName(1));
  const auto file = book_->Export(CallerOfSide(kProject), request);
  ASSERT_TRUE(file.ok()) << file.status();
  EXPECT_THAT(file->calendar(), testing::HasSubstr("STATUS:CANCELLED"));
  EXPECT_THAT(file->calendar(), testing::HasSubstr("STATUS:CONFIRMED"));
  EXPECT_EQ(ledger::ReasonOf(book_->Export(CallerOfSide(kInvestor), request)), "PERMISSION_DENIED");
}

TEST_P(MeetingBookTest, LockingIsTheOrganisers) {
  MakeMutual(1, 1);
  v1::LockMeetingRequest request;
  request.set_name(BookIt(kProject, 1, 1)->name());
  EXPECT_EQ(ResultOf(book_->Lock(CallerOfSide(kProject), request)), "PERMISSION_DENIED");
  EXPECT_TRUE(book_->Lock(CallerOfSide(kOrganiser), request)->locked());
  request.set_unlock(true);
  EXPECT_FALSE(book_->Lock(CallerOfSide(kOrganiser), request)->locked());
}

}  // namespace
}  // namespace tandem::pairing::meetings
