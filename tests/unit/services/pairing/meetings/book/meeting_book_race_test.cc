// 64 callers accept, book, move, cancel, leave and block over few slots, on two replicas: what the change log says must
// have been possible at every moment, and what is stored is what it ends with.
#include <map>
#include <random>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "tests/support/pairing_history/meeting_history.h"
#include "tests/unit/services/pairing/meetings/book/meeting_book_fixture.h"

namespace tandem::pairing::meetings {
namespace {

constexpr int kCallers = 64, kProjects = 5, kInvestors = 5;

class MeetingBookRaceTest : public MeetingBookTest {
 protected:
  int StepsOfEach() const { return GetParam().name == "memory" ? 120 : 15; }

  std::string Step(ledger::Ledger* ledger, MeetingBook* book, std::mt19937_64* random) {
    const auto pick = [&](int below) { return static_cast<int>((*random)() % static_cast<uint64_t>(below)); };
    const int p = pick(kProjects), i = pick(kInvestors);
    const Caller caller = CallerOfSide(pick(2) == 0 ? kProject : kInvestor);
    std::vector<int> slots;
    for (int left = pick(3); left > 0; --left) slots.push_back(pick(4));
    const auto of_meeting = [&](const Caller& who, auto request, auto method) -> std::string {
      const auto pairing = store_->Get(ledger::PairNames(ProjectName(p), InvestorName(i)).PairingKey());
      if (!pairing.ok() || !pairing->has_value()) return "";
      v1::Pairing parsed;
      EXPECT_TRUE(parsed.ParseFromString((*pairing)->value));
      if (parsed.meeting().empty()) return "";
      request.set_name(parsed.meeting());
      return ledger::ReasonOf((book->*method)(who, request));
    };
    switch (pick(10)) {
      case 0:
      case 1: {
        v1::SetStanceRequest request;
        request.set_project(ProjectName(p));
        request.set_investor(InvestorName(i));
        request.set_kind(pick(6) == 0 ? v1::STANCE_KIND_BLOCKED : v1::STANCE_KIND_INTERESTED);
        return ledger::ReasonOf(ledger->SetStance(caller, request, ledger::Deadline::max()));
      }
      case 2:
        return ledger::ReasonOf(ledger->SendRequest(caller, AskRequest(p, i), ledger::Deadline::max()));
      case 3: {
        v1::AcceptRequestRequest request;
        request.set_name(PairingName(p, i));
        AddSlots(slots, request.mutable_slots());
        return ledger::ReasonOf(ledger->Accept(caller, request, ledger::Deadline::max()));
      }
      case 4: {
        if (pick(3) != 0) return "";
        v1::WithdrawRequestRequest request;
        request.set_name(PairingName(p, i));
        return ledger::ReasonOf(ledger->Withdraw(caller, request, ledger::Deadline::max()));
      }
      case 5:
        return of_meeting(caller, v1::CancelMeetingRequest(), &MeetingBook::Cancel);
      case 6:
        return of_meeting(pick(2) == 0 ? caller : CallerOfSide(kOrganiser), v1::RescheduleMeetingRequest(),
                          &MeetingBook::Reschedule);
      case 7:
        return of_meeting(caller, v1::AnswerRescheduleRequest(), &MeetingBook::Answer);
      default:
        return ledger::ReasonOf(book->Book(caller, BookRequest(p, i, slots)));
    }
  }

  // Plays the log again, whole commits at a time.
  void Replay(MeetingHistory* history) {
    Revision after = 0;
    for (;;) {
      const auto batch = store_->Changes(after, 1000);
      ASSERT_TRUE(batch.ok()) << batch.status();
      if (batch->through == after) return;
      after = batch->through;
      for (size_t i = 0; i < batch->changes.size(); ++i) {
        const Change& change = batch->changes[i];
        const std::string where = absl::StrCat("revision ", change.revision, " ", change.key);
        v1::Meeting meeting;
        v1::Pairing pairing;
        if (absl::StartsWith(change.key, "r/meetings/")) {
          ASSERT_TRUE(meeting.ParseFromString(*change.value));
          history->Apply(meeting, where);
        } else if (absl::StartsWith(change.key, "r/pairings/")) {
          ASSERT_TRUE(pairing.ParseFromString(*change.value));
          history->Apply(pairing);
        }
        if (i + 1 == batch->changes.size() || batch->changes[i + 1].revision != change.revision)
          history->EndCommit(where);
      }
    }
  }
};

std::vector<Backend> RacedBackends() {
  std::vector<Backend> backends;
  for (Backend& backend : Backends()) {
    if (backend.name == "memory" || backend.name == "sqlite") backends.push_back(std::move(backend));
  }
  return backends;
}

INSTANTIATE_TEST_SUITE_P(Store, MeetingBookRaceTest, testing::ValuesIn(RacedBackends()), BackendName);

TEST_P(MeetingBookRaceTest, NobodyAndNothingIsTwiceAtAnyMoment) {
  // Who meets for two investors has one calendar.
  AddRepresentative("a", {InvestorName(0), InvestorName(1)});
  edition_.mutable_agenda()->set_most_attempts(20);
  WriteEdition();
  const std::unique_ptr<MeetingBook> other_book = NewBook();
  const std::unique_ptr<ledger::Ledger> other = NewJoined(other_book.get());
  for (int p = 0; p < kProjects; ++p) {
    for (int i = 0; i < kInvestors; ++i) MakeMutual(p, i);
  }
  const uint64_t seed = std::random_device()();
  SCOPED_TRACE(absl::StrCat("seed ", seed));
  std::vector<std::map<std::string, int>> reasons(kCallers);
  std::vector<std::thread> callers;
  for (int c = 0; c < kCallers; ++c) {
    callers.emplace_back([&, c] {
      std::mt19937_64 random(seed + static_cast<uint64_t>(c));
      const bool second = c % 4 == 0;
      for (int step = 0; step < StepsOfEach(); ++step)
        ++reasons[static_cast<size_t>(c)]
                 [Step(second ? other.get() : ledger_.get(), second ? other_book.get() : book_.get(), &random)];
    });
  }
  for (std::thread& caller : callers) caller.join();
  std::map<std::string, int> all;
  for (const auto& of_one : reasons) {
    for (const auto& [reason, count] : of_one) all[reason] += count;
  }
  const std::set<std::string> expected = {
      "", "STATE_CONFLICT", "PARTY_NOT_OPEN", "REQUEST_COOLDOWN", "RESOURCE_NOT_FOUND", "CONTENTION", "SLOT_TAKEN"};
  for (const auto& [reason, count] : all) {
    EXPECT_TRUE(expected.count(reason)) << reason;
    RecordProperty(reason.empty() ? "OK" : reason, count);
  }
  EXPECT_LT(all["CONTENTION"], kCallers * StepsOfEach() / 20) << "nobody starves";
  EXPECT_GT(all["SLOT_TAKEN"], 0) << "there was room for all";

  Problems problems;
  MeetingHistory history(&problems);
  Replay(&history);
  EXPECT_THAT(problems.texts, testing::IsEmpty());
  const auto& meetings = history.meetings();
  EXPECT_GT(meetings.size(), 20u);
  for (const auto cause : {v1::MeetingChange::CAUSE_PAIRING_ENDED, v1::MeetingChange::CAUSE_MOVED})
    EXPECT_EQ(history.causes().count(cause), 1u) << cause;
  // What is booked is what stands.
  std::set<std::string> standing, booked;
  for (const auto& [name, meeting] : meetings) {
    if (meeting.state() != v1::Meeting::STATE_CANCELLED) standing.insert(name);
  }
  const auto rows = store_->Scan("booking/", "booking0", 1000);
  ASSERT_TRUE(rows.ok());
  for (const Record& row : *rows) {
    const auto booking = DecodeBooking(row.value);
    ASSERT_TRUE(booking.ok());
    booked.insert(booking->meeting);
    EXPECT_EQ(ledger::ToStamp(booking->start).seconds(), meetings.at(booking->meeting).start_time().seconds());
  }
  EXPECT_EQ(booked, standing);
}

}  // namespace
}  // namespace tandem::pairing::meetings
