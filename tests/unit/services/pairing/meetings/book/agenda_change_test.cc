#include "services/pairing/meetings/book/agenda_change.h"

#include <algorithm>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "tests/unit/services/pairing/meetings/book/meeting_book_fixture.h"

namespace tandem::pairing::meetings {
namespace {

class AgendaChangeTest : public MeetingBookTest {
 protected:
  std::optional<Record> EditionRow() { return *store_->Get(EditionKey("e")); }

  absl::StatusOr<Transaction> PlanTo(const v1::Edition& after, bool force) {
    const std::optional<Record> row = EditionRow();
    v1::Edition before;
    EXPECT_TRUE(before.ParseFromString(row->value));
    Transaction transaction;
    ledger::AddCondition(row->key, row, &transaction);
    transaction.writes.push_back(Write::Put(row->key, after.SerializeAsString()));
    const Acting acting{v1::SIDE_UNSPECIFIED, "boss", clock_.Now(), ""};
    TANDEM_RETURN_IF_ERROR(PlanAgendaChange(store_.get(), before, after, acting, force, &transaction));
    return transaction;
  }
  absl::Status CommitIt(Transaction transaction) {
    std::vector<Transaction> transactions;
    transactions.push_back(std::move(transaction));
    return store_->Commit(std::move(transactions)).front().status;
  }
  // "OK", or the reason of the error.
  std::string ChangeTo(const v1::Edition& after, bool force = false) {
    auto planned = PlanTo(after, force);
    if (!planned.ok()) return GetErrorDetail(planned.status()).reason;
    const absl::Status done = CommitIt(*std::move(planned));
    if (done.ok()) edition_ = after;
    return done.ok() ? "OK" : done.ToString();
  }
  v1::Edition Closing(int slot) {
    v1::Edition after = edition_;
    *after.mutable_agenda()->mutable_sessions(0)->add_closed_slots() = ledger::ToStamp(SlotAt(slot));
    return after;
  }
};

INSTANTIATE_TEST_SUITE_P(Store, AgendaChangeTest, testing::ValuesIn(Backends()), BackendName);

// The situation: slot removed.
TEST_P(AgendaChangeTest, SlotRemoved) {
  MakeMutual(1, 1);
  MakeMutual(2, 2);
  const std::string lost = BookIt(kProject, 1, 1, {1})->name();
  const std::string kept = BookIt(kProject, 2, 2, {2})->name();
  const auto refused = PlanTo(Closing(1), false);
  EXPECT_EQ(GetErrorDetail(refused.status()).reason, "MEETINGS_AFFECTED") << refused.status();
  EXPECT_THAT(GetErrorDetail(refused.status()).metadata, testing::Contains(testing::Pair("meetings", lost)));
  EXPECT_EQ(ResultOf(SeeMeeting(kProject, lost)), "CONFIRMED") << "nothing was changed";
  ASSERT_EQ(ChangeTo(Closing(1), true), "OK");

  const auto seen = SeeMeeting(kInvestor, lost);
  ASSERT_EQ(ResultOf(seen), "RESCHEDULE_PENDING") << seen.status();
  EXPECT_FALSE(seen->has_start_time());
  EXPECT_EQ(seen->place(), "");
  EXPECT_EQ(seen->change().cause(), v1::MeetingChange::CAUSE_AGENDA_CHANGED);
  EXPECT_THAT(seen->change().note(), testing::HasSubstr("its slot is gone"));
  EXPECT_EQ(ResultOf(SeeMeeting(kInvestor, kept)), "CONFIRMED");
  EXPECT_EQ(BookedRows(), 6u) << "the other meeting's alone";
  EXPECT_EQ(MeetingOf(1, 1), lost) << "it is still the pairing's meeting";

  // It goes on as any wish to move does: one side asks, the other answers; or the organiser moves it.
  EXPECT_EQ(ResultOf(BookIt(kProject, 1, 1)), "STATE_CONFLICT") << "one meeting at a time";
  ASSERT_EQ(ResultOf(AskMove(kProject, lost, {0})), "RESCHEDULE_PENDING");
  const auto moved = AnswerMove(kInvestor, lost);
  ASSERT_EQ(ResultOf(moved), "CONFIRMED") << moved.status();
  EXPECT_EQ(ledger::FromStamp(moved->start_time()), SlotAt(0));
  EXPECT_EQ(BookedRows(), 12u);
}

TEST_P(AgendaChangeTest, WhatLosesSomethingIsNamedAndAllElseStays) {
  MakeMutual(1, 1);
  const std::string name = BookIt(kProject, 1, 1, {1})->name();
  const std::string place = SeeMeeting(kProject, name)->place();
  const auto reason_of = [&](const std::function<void(v1::Agenda*)>& change) {
    v1::Edition after = edition_;
    change(after.mutable_agenda());
    const auto planned = PlanTo(after, false);
    return planned.ok() ? "OK" : GetErrorDetail(planned.status()).reason;
  };
  const auto the_place = [&](v1::Agenda* agenda) {
    return agenda->mutable_places(agenda->places(0).id() == place ? 0 : 1);
  };
  const std::string kAffected = "MEETINGS_AFFECTED";
  EXPECT_EQ(reason_of([&](v1::Agenda* agenda) { the_place(agenda)->set_id("other"); }), kAffected);
  EXPECT_EQ(reason_of([&](v1::Agenda* agenda) { the_place(agenda)->set_hall("west"); }), kAffected);
  EXPECT_EQ(reason_of([&](v1::Agenda* agenda) { agenda->mutable_sessions(0)->set_slot_minutes(20); }), kAffected)
      << "a slot that ends sooner is another one";
  EXPECT_EQ(reason_of([&](v1::Agenda* agenda) {
              *agenda->mutable_sessions(0)->mutable_start_time() = ledger::ToStamp(SlotAt(0) + absl::Minutes(10));
              *agenda->mutable_sessions(0)->mutable_end_time() = ledger::ToStamp(SlotAt(4) + absl::Minutes(10));
            }),
            kAffected)
      << "a session that moves";
  EXPECT_EQ(reason_of([&](v1::Agenda* agenda) {
              v1::MeetingPlace* booth = the_place(agenda);
              booth->set_kind(v1::PLACE_KIND_BOOTH);
              booth->set_owner(ProjectName(7));
            }),
            kAffected)
      << "a table that becomes somebody else's booth";
  v1::Edition elsewhere = edition_;
  elsewhere.set_time_zone("Pacific/Pago_Pago");
  EXPECT_EQ(GetErrorDetail(PlanTo(elsewhere, false).status()).reason, kAffected) << "it would be on another day";

  EXPECT_EQ(reason_of([&](v1::Agenda* agenda) { agenda->mutable_sessions(0)->set_id("morning"); }), "OK");
  EXPECT_EQ(reason_of([&](v1::Agenda* agenda) {
              *agenda->mutable_sessions(0)->mutable_end_time() = ledger::ToStamp(SlotAt(2));
            }),
            "OK")
      << "slots that nobody has";
  EXPECT_EQ(reason_of([](v1::Agenda* agenda) { agenda->mutable_project_quotas()->set_meetings_per_day(1); }), "OK");
  clock_.Set(SlotAt(1));
  EXPECT_EQ(ChangeTo(Closing(1)), "OK") << "what has begun is no longer changed by anything";
  EXPECT_EQ(ResultOf(SeeMeeting(kProject, name)), "CONFIRMED");
}

TEST_P(AgendaChangeTest, WhoBooksMeanwhileIsNotOverlooked) {
  MakeMutual(1, 1);
  auto planned = PlanTo(Closing(1), false);
  ASSERT_TRUE(planned.ok()) << planned.status();
  ASSERT_EQ(ResultOf(BookIt(kProject, 1, 1, {1})), "CONFIRMED");
  EXPECT_TRUE(absl::IsAborted(CommitIt(*std::move(planned)))) << "the change must be decided again";
  planned = PlanTo(Closing(2), false);
  ASSERT_TRUE(planned.ok()) << planned.status();
  MakeMutual(2, 2);
  ASSERT_EQ(ResultOf(BookIt(kProject, 2, 2, {0})), "CONFIRMED");
  EXPECT_TRUE(CommitIt(*std::move(planned)).ok()) << "a booking of another slot is no matter";
}

TEST_P(AgendaChangeTest, WhoBooksByTheOldAgendaFails) {
  MakeMutual(1, 1);
  ASSERT_EQ(ChangeTo(Closing(1)), "OK");
  EXPECT_EQ(ResultOf(BookIt(kProject, 1, 1, {1})), "FIELD_INVALID");
  EXPECT_EQ(ResultOf(BookIt(kProject, 1, 1, {0})), "CONFIRMED");
}

}  // namespace
}  // namespace tandem::pairing::meetings
