// A ledger and a book over each store, in an edition of one day with few slots and places.
#ifndef TANDEM_TESTS_UNIT_SERVICES_PAIRING_MEETINGS_BOOK_MEETING_BOOK_FIXTURE_H_
#define TANDEM_TESTS_UNIT_SERVICES_PAIRING_MEETINGS_BOOK_MEETING_BOOK_FIXTURE_H_

#include <memory>
#include <string>
#include <vector>

#include "services/pairing/meetings/book/meeting_book.h"
#include "tests/unit/services/pairing/ledger/ledger_fixture.h"

namespace tandem::pairing::meetings {

inline constexpr v1::Side kProject = v1::SIDE_PROJECT, kInvestor = v1::SIDE_INVESTOR, kOrganiser = v1::SIDE_UNSPECIFIED;

using ledger::CallerOfSide;
using ledger::InvestorName;
using ledger::PairingName;
using ledger::ProjectName;

// Half an hour each, from a day after the fixture's clock.
inline absl::Time SlotAt(int number) {
  return absl::FromUnixSeconds(1'800'000'000) + absl::Hours(24) + absl::Minutes(30 * number);
}

// "CONFIRMED", or the reason of the error.
inline std::string ResultOf(const absl::StatusOr<v1::Meeting>& result) {
  return result.ok() ? StateText(result->state()) : ledger::ReasonOf(result);
}

class MeetingBookTest : public ledger::LedgerTest {
 protected:
  void SetUp() override {
    ledger::LedgerTest::SetUp();
    if (IsSkipped() || HasFatalFailure()) return;
    v1::Agenda* agenda = edition_.mutable_agenda();
    v1::Session* session = agenda->add_sessions();
    session->set_id("day");
    *session->mutable_start_time() = ledger::ToStamp(SlotAt(0));
    *session->mutable_end_time() = ledger::ToStamp(SlotAt(4));
    session->set_slot_minutes(30);
    for (const char* id : {"t1", "t2"}) {
      v1::MeetingPlace* place = agenda->add_places();
      place->set_id(id);
      place->set_hall("east");
    }
    WriteEdition();
    book_ = NewBook();
    ledger_ = NewJoined(book_.get());
  }
  void TearDown() override {
    ledger_.reset();
    book_.reset();
    ledger::LedgerTest::TearDown();
  }

  std::unique_ptr<MeetingBook> NewBook() {
    MeetingBook::Options options;
    options.store = store_.get();
    options.keys = &keys_;
    options.clock = &clock_;
    auto book = MeetingBook::Open(std::move(options));
    EXPECT_TRUE(book.ok()) << book.status();
    return book.ok() ? *std::move(book) : nullptr;
  }
  std::unique_ptr<ledger::Ledger> NewJoined(MeetingBook* book) {
    return NewLedger([book](const ledger::Command& command, const v1::Pairing& before, v1::Pairing* after,
                            Transaction* transaction) { return book->Join(command, before, after, transaction); },
                     [book](const ledger::Command& command, std::vector<ledger::Ledger::Turn>* turns,
                            Transaction* transaction) { return book->JoinAll(command, turns, transaction); });
  }
  void AddRepresentative(const std::string& id, const std::vector<std::string>& parties) {
    v1::Representative representative;
    representative.set_name("editions/e/representatives/" + id);
    for (const std::string& party : parties) representative.add_parties(party);
    ASSERT_GT(Put("r/representatives/e/" + id, representative.SerializeAsString()), 0);
  }

  void MakeMutual(int project, int investor) {
    ASSERT_TRUE(Say(kProject, project, investor, v1::STANCE_KIND_INTERESTED).ok());
    const auto mutual = Say(kInvestor, project, investor, v1::STANCE_KIND_INTERESTED);
    ASSERT_EQ(ledger::ResultOf(mutual), "MUTUAL") << mutual.status();
  }
  static void AddSlots(const std::vector<int>& slots,
                       google::protobuf::RepeatedPtrField<google::protobuf::Timestamp>* to) {
    for (const int slot : slots) *to->Add() = ledger::ToStamp(SlotAt(slot));
  }
  absl::StatusOr<v1::Pairing> AskFor(v1::Side side, int project, int investor, const std::vector<int>& slots) {
    v1::SendRequestRequest request = AskRequest(project, investor);
    AddSlots(slots, request.mutable_slots());
    return ledger_->SendRequest(CallerOfSide(side), request, ledger::Deadline::max());
  }
  absl::StatusOr<v1::Pairing> AcceptIn(v1::Side side, int project, int investor, const std::vector<int>& slots) {
    v1::AcceptRequestRequest request;
    request.set_name(PairingName(project, investor));
    AddSlots(slots, request.mutable_slots());
    return ledger_->Accept(CallerOfSide(side), request, ledger::Deadline::max());
  }
  v1::BookMeetingRequest BookRequest(int project, int investor, const std::vector<int>& slots = {}) {
    v1::BookMeetingRequest request;
    request.set_pairing(PairingName(project, investor));
    AddSlots(slots, request.mutable_slots());
    return request;
  }
  absl::StatusOr<v1::Meeting> BookIt(v1::Side side, int project, int investor, const std::vector<int>& slots = {}) {
    return book_->Book(CallerOfSide(side), BookRequest(project, investor, slots));
  }
  absl::StatusOr<v1::Meeting> CancelIt(v1::Side side, const std::string& name) {
    v1::CancelMeetingRequest request;
    request.set_name(name);
    request.set_note("ill");
    return book_->Cancel(CallerOfSide(side), request);
  }
  absl::StatusOr<v1::Meeting> AskMove(v1::Side side, const std::string& name, const std::vector<int>& slots = {}) {
    v1::RescheduleMeetingRequest request;
    request.set_name(name);
    AddSlots(slots, request.mutable_slots());
    return book_->Reschedule(CallerOfSide(side), request);
  }
  absl::StatusOr<v1::Meeting> AnswerMove(v1::Side side, const std::string& name, bool refuse = false) {
    v1::AnswerRescheduleRequest request;
    request.set_name(name);
    request.set_refuse(refuse);
    return book_->Answer(CallerOfSide(side), request);
  }
  absl::StatusOr<v1::Meeting> SeeMeeting(v1::Side side, const std::string& name) {
    v1::GetMeetingRequest request;
    request.set_name(name);
    return book_->Get(CallerOfSide(side), request);
  }
  std::string MeetingOf(int project, int investor) { return See(kOrganiser, project, investor)->meeting(); }
  // Rows of bookings that are there now; people's `busy/` rows stay.
  size_t BookedRows() {
    size_t rows = 0;
    for (const char* prefix : {"booking/", "calendar/", "place/", "interpreter/", "meetings-on/"})
      rows += store_->Scan(prefix, std::string(prefix) + "\xff", 10000)->size();
    return rows;
  }

  std::unique_ptr<MeetingBook> book_;
};

}  // namespace tandem::pairing::meetings

#endif  // TANDEM_TESTS_UNIT_SERVICES_PAIRING_MEETINGS_BOOK_MEETING_BOOK_FIXTURE_H_
