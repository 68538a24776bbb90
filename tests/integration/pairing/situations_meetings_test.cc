// Situations of meetings, over every store. Each test is named after its situation.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <thread>

#include "tests/unit/services/pairing/meetings/book/meeting_book_fixture.h"

namespace tandem::pairing::meetings {
namespace {

using SituationsOfMeetings = MeetingBookTest;

INSTANTIATE_TEST_SUITE_P(Store, SituationsOfMeetings, testing::ValuesIn(Backends()), BackendName);

// Runs both at the same time.
template <typename First, typename Second>
void AtOnce(First first, Second second) {
  std::thread other(second);
  first();
  other.join();
}

TEST_P(SituationsOfMeetings, TwoAcceptsForOneSlot) {
  const std::unique_ptr<MeetingBook> other_book = NewBook();
  const std::unique_ptr<ledger::Ledger> other = NewJoined(other_book.get());
  for (int round = 0; round < 4; ++round) {
    const int investor = 10 + round;
    ASSERT_TRUE(AskFor(kProject, 1, investor, {round}).ok());
    ASSERT_TRUE(AskFor(kProject, 1, investor + 10, {round, (round + 1) % 4}).ok());
    absl::StatusOr<v1::Pairing> a = absl::UnknownError(""), b = absl::UnknownError("");
    const auto accept = [&](ledger::Ledger* ledger, int of, absl::StatusOr<v1::Pairing>* answer) {
      v1::AcceptRequestRequest request;
      request.set_name(PairingName(1, of));
      AddSlots({round}, request.mutable_slots());
      *answer = ledger->Accept(CallerOfSide(kInvestor), request, ledger::Deadline::max());
    };
    AtOnce([&] { accept(ledger_.get(), investor, &a); }, [&] { accept(other.get(), investor + 10, &b); });
    ASSERT_NE(a.ok(), b.ok()) << a.status() << b.status();
    const absl::Status lost = a.ok() ? b.status() : a.status();
    EXPECT_EQ(ledger::ReasonOf(lost), "SLOT_TAKEN") << lost;
    const int loser = a.ok() ? investor + 10 : investor;
    EXPECT_EQ(ledger::ResultOf(See(kOrganiser, 1, loser)), "REQUESTED") << "nothing was accepted";
    if (a.ok() && round < 3) {
      EXPECT_THAT(GetErrorDetail(lost).metadata[0].second,
                  absl::FormatTime(absl::RFC3339_sec, SlotAt(round + 1), absl::UTCTimeZone()))
          << "the other slot that was named";
    }
    ASSERT_TRUE(Decline(kInvestor, 1, loser).ok());
  }
}

TEST_P(SituationsOfMeetings, TwoRepresentativesOfOneInvestorAndOneProject) {
  AddRepresentative("a", {InvestorName(1)});
  AddRepresentative("b", {InvestorName(1)});
  MakeMutual(1, 1);
  absl::StatusOr<v1::Meeting> a = absl::UnknownError(""), b = absl::UnknownError("");
  const auto book = [&](const std::string& who, int slot, absl::StatusOr<v1::Meeting>* answer) {
    v1::BookMeetingRequest request = BookRequest(1, 1, {slot});
    request.set_investor_attendee("editions/e/representatives/" + who);
    *answer = book_->Book(CallerOfSide(kInvestor), request);
  };
  AtOnce([&] { book("a", 0, &a); }, [&] { book("b", 1, &b); });
  ASSERT_NE(a.ok(), b.ok()) << a.status() << b.status();
  EXPECT_EQ(ResultOf(a.ok() ? b : a), "STATE_CONFLICT") << "the two parties have one meeting";
  EXPECT_EQ(MeetingOf(1, 1), a.ok() ? a->name() : b->name());
}

TEST_P(SituationsOfMeetings, OneRepresentativeTwoMandates) {
  AddRepresentative("a", {InvestorName(1), InvestorName(2)});
  MakeMutual(1, 1);
  MakeMutual(2, 2);
  absl::StatusOr<v1::Meeting> one = absl::UnknownError(""), two = absl::UnknownError("");
  AtOnce([&] { one = BookIt(kProject, 1, 1, {0}); }, [&] { two = BookIt(kProject, 2, 2, {0}); });
  ASSERT_NE(one.ok(), two.ok()) << one.status() << two.status();
  EXPECT_EQ(ResultOf(one.ok() ? two : one), "SLOT_TAKEN") << "the calendar is the person's, not the mandate's";
  const auto later = one.ok() ? BookIt(kProject, 2, 2, {1}) : BookIt(kProject, 1, 1, {1});
  EXPECT_EQ(ResultOf(later), "CONFIRMED") << later.status();
}

TEST_P(SituationsOfMeetings, NoShow) {
  MakeMutual(1, 1);
  const std::string name = BookIt(kProject, 1, 1, {0})->name();
  v1::ReportMeetingRequest report;
  report.set_name(name);
  report.set_check_in(true);
  report.set_other_side(v1::PRESENCE_ABSENT);
  clock_.Set(SlotAt(0) + absl::Minutes(4));
  EXPECT_EQ(ResultOf(book_->Report(CallerOfSide(kProject), report)), "STATE_CONFLICT") << "five minutes of grace";
  clock_.Set(SlotAt(0) + absl::Minutes(5));
  EXPECT_EQ(ResultOf(book_->Report(CallerOfSide(kProject), report)), "NO_SHOW");
  v1::RecordOutcomeRequest outcome;
  outcome.set_name(name);
  outcome.set_stage(v1::OUTCOME_STAGE_FOLLOW_UP);
  EXPECT_EQ(ResultOf(book_->RecordOutcome(CallerOfSide(kProject), outcome)), "STATE_CONFLICT");
  // The other side says that it met somebody: both words are kept.
  v1::ReportMeetingRequest other;
  other.set_name(name);
  other.set_other_side(v1::PRESENCE_CAME);
  other.set_rating(2);
  EXPECT_EQ(ResultOf(book_->Report(CallerOfSide(kInvestor), other)), "HELD");
  EXPECT_EQ(SeeMeeting(kOrganiser, name)->project_report().other_side(), v1::PRESENCE_ABSENT);
  EXPECT_EQ(SeeMeeting(kOrganiser, name)->investor_report().rating(), 2);
  EXPECT_EQ(SeeMeeting(kProject, name)->investor_report().rating(), 0) << "ratings are private";
  EXPECT_EQ(ResultOf(book_->RecordOutcome(CallerOfSide(kProject), outcome)), "HELD");
}

TEST_P(SituationsOfMeetings, OrganiserForcedMeetingOverAGate) {
  ASSERT_TRUE(Ask(kProject, 1, 1).ok());
  v1::BookMeetingRequest request = BookRequest(1, 1);
  EXPECT_EQ(ResultOf(book_->Book(CallerOfSide(kOrganiser), request)), "STATE_CONFLICT") << "a reason is needed";
  request.set_forced_reason("the minister asked");
  EXPECT_EQ(ResultOf(book_->Book(CallerOfSide(kProject), request)), "PERMISSION_DENIED");
  const auto forced = book_->Book(CallerOfSide(kOrganiser), request);
  ASSERT_EQ(ResultOf(forced), "CONFIRMED") << forced.status();
  EXPECT_EQ(forced->change().actor(), "olga") << "audited";
  for (const v1::Side side : {kProject, kInvestor}) {
    EXPECT_EQ(SeeMeeting(side, forced->name())->forced_reason(), "the minister asked") << "explained to both";
    EXPECT_EQ(SeeMeeting(side, forced->name())->change().side(), v1::SIDE_UNSPECIFIED);
  }
  EXPECT_EQ(ledger::ResultOf(See(kOrganiser, 1, 1)), "REQUESTED") << "nobody has agreed to anything";
  EXPECT_EQ(History().back().change().cause(), v1::Change::CAUSE_MEETING);
  ASSERT_TRUE(Say(kInvestor, 2, 2, v1::STANCE_KIND_BLOCKED).ok());
  request.set_pairing(PairingName(2, 2));
  EXPECT_EQ(ResultOf(book_->Book(CallerOfSide(kOrganiser), request)), "STATE_CONFLICT") << "not over a block";
}

TEST_P(SituationsOfMeetings, BlockAfterAMutualMatch) {
  MakeMutual(1, 1);
  const auto booked = BookIt(kProject, 1, 1);
  ASSERT_TRUE(booked.ok()) << booked.status();
  const Revision before = HeadRevision();
  ASSERT_EQ(ledger::ResultOf(Say(kInvestor, 1, 1, v1::STANCE_KIND_BLOCKED)), "BLOCKED");
  EXPECT_EQ(HeadRevision(), before + 1) << "in one transaction";
  EXPECT_EQ(BookedRows(), 0u);
  EXPECT_EQ(ResultOf(SeeMeeting(kOrganiser, booked->name())), "CANCELLED");
  EXPECT_EQ(SeeMeeting(kOrganiser, booked->name())->change().side(), kInvestor);
  const auto seen = SeeMeeting(kProject, booked->name());
  EXPECT_EQ(seen->change().cause(), v1::MeetingChange::CAUSE_PARTY_LEFT) << "as if the other side had left";
  EXPECT_EQ(seen->change().note(), "investor withdrawn");
  EXPECT_EQ(seen->change().actor(), "");
  EXPECT_EQ(SeeMeeting(kInvestor, booked->name())->change().cause(), v1::MeetingChange::CAUSE_PAIRING_ENDED);
  EXPECT_EQ(SeeMeeting(kOrganiser, booked->name())->change().note(), kBlockedNote);
  EXPECT_EQ(See(kProject, 1, 1)->meeting(), "");
  EXPECT_EQ(ResultOf(BookIt(kProject, 1, 1)), "STATE_CONFLICT");
  EXPECT_EQ(ResultOf(CancelIt(kProject, booked->name())), "STATE_CONFLICT") << "once";
}

}  // namespace
}  // namespace tandem::pairing::meetings
