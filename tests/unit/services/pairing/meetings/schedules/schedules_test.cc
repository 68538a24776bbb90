// Schedules over every store: random editions, and what each verb promises.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/pairing/meetings/book/meeting_rows.h"
#include "tests/unit/services/pairing/meetings/schedules/schedules_fixture.h"

namespace tandem::pairing::meetings {
namespace {

using testing::IsEmpty;

INSTANTIATE_TEST_SUITE_P(Store, SchedulesTest, testing::ValuesIn(Backends()), BackendName);

TEST_P(SchedulesTest, WhatIsPublishedIsWhatWasShownAndKeepsEveryRule) {
  const int editions = GetParam().name == "memory" ? 40 : 3;
  int all = 0, changed = 0;
  for (int edition = 0; edition < editions; ++edition) {
    const uint64_t seed = 100 + static_cast<uint64_t>(edition);
    SCOPED_TRACE(absl::StrCat("seed ", seed));
    if (edition > 0) {
      TearDown();
      SetUp();
    }
    DrawEdition(seed);
    // Some are booked before, and one of them is locked.
    for (int p = 0; p < projects_; p += 3) BookIt(kProject, p, p % investors_).status().IgnoreError();
    const auto before = Board();
    const v1::Schedule preview = Generated(GenerateRequest());
    EXPECT_EQ(preview.state(), v1::Schedule::STATE_PREVIEW);
    EXPECT_THAT(Broken(preview.name()), IsEmpty());
    const auto shown = PlacementsOf(preview.name());
    EXPECT_EQ(static_cast<int>(shown.size()), preview.wished());
    const auto published = PublishIt(preview.name());
    ASSERT_TRUE(published.ok()) << published.status();
    EXPECT_THAT(Broken(), IsEmpty());
    const auto board = Board();
    EXPECT_EQ(static_cast<int>(board.size()), preview.placed());
    int placed = 0;
    for (const auto& [pairing, placement] : shown) {
      if (!placement.has_start_time()) {
        EXPECT_FALSE(board.contains(pairing));
        EXPECT_NE(placement.rule(), v1::SCHEDULE_RULE_UNSPECIFIED) << placement.ShortDebugString();
        continue;
      }
      ++placed;
      EXPECT_EQ(board.at(pairing), absl::StrCat(placement.project_attendee(), " ", placement.investor_attendee(), " ",
                                                TimeText(ledger::FromStamp(placement.start_time())), " ",
                                                TimeText(ledger::FromStamp(placement.end_time())), " ",
                                                placement.place(), " ", placement.interpreter()));
    }
    EXPECT_EQ(placed, preview.placed());
    EXPECT_LE(preview.people().value(), preview.people().bound());
    EXPECT_LE(preview.value().value(), preview.value().bound());
    all += preview.placed();
    changed += preview.moved() + preview.removed();
    const auto back = RollBackIt(preview.name());
    ASSERT_TRUE(back.ok()) << back.status();
    EXPECT_EQ(back->restored(), preview.added() + preview.moved() + preview.removed());
    EXPECT_EQ(Board(), before);
    EXPECT_THAT(Broken(), IsEmpty());
    if (HasFailure()) return;
  }
  EXPECT_GT(all, editions * 5);
  EXPECT_GT(changed, GetParam().name == "memory" ? 20 : 0);
}

TEST_P(SchedulesTest, TheSameStateSeedAndStepsGiveTheSameSchedule) {
  DrawEdition(7);
  v1::GenerateScheduleRequest request = GenerateRequest();
  request.set_seed(42);
  request.set_step_limit(5);
  const v1::Schedule one = Generated(request), two = Generated(request);
  EXPECT_LT(one.name(), two.name());
  const auto a = PlacementsOf(one.name(), 500), b = PlacementsOf(two.name(), 3);
  ASSERT_EQ(a.size(), b.size());
  ASSERT_GT(a.size(), 5u);
  for (const auto& [pairing, placement] : a)
    EXPECT_EQ(placement.SerializeAsString(), b.at(pairing).SerializeAsString()) << placement.ShortDebugString();
}

TEST_P(SchedulesTest, WhatIsLockedOrHasBegunNeverMoves) {
  for (const int investor : {1, 2, 3}) MakeMutual(1, investor);
  const std::string locked = BookIt(kProject, 1, 1, {3})->name();
  v1::LockMeetingRequest lock;
  lock.set_name(locked);
  ASSERT_TRUE(book_->Lock(Olga(), lock).ok());
  const std::string begun = BookIt(kProject, 1, 2, {0})->name();
  const std::string asked = BookIt(kProject, 1, 3, {2})->name();
  ASSERT_TRUE(AskMove(kProject, asked).ok());
  const auto before = Board();
  clock_.Set(SlotAt(0) + absl::Minutes(1));
  MakeMutual(1, 4);
  MakeMutual(2, 4);
  const v1::Schedule preview = Generated(GenerateRequest());
  EXPECT_EQ(preview.kept(), 3);
  EXPECT_EQ(preview.added(), 2) << preview.ShortDebugString();
  ASSERT_TRUE(PublishIt(preview.name()).ok());
  auto after = Board();
  for (const auto& [pairing, where] : before) EXPECT_EQ(after[pairing], where);
  EXPECT_THAT(Broken(), IsEmpty());
}

TEST_P(SchedulesTest, ModesLeaveWhatIsBookedOrNotNamed) {
  for (const int investor : {1, 2, 3}) MakeMutual(1, investor);
  MakeMutual(2, 1);
  ASSERT_TRUE(BookIt(kProject, 1, 1, {3}).ok());
  const auto before = Board();
  v1::Schedule preview = Generated(GenerateRequest(v1::SCHEDULE_MODE_UNBOOKED));
  EXPECT_EQ(preview.kept(), 1);
  EXPECT_EQ(preview.added(), 3);
  v1::GenerateScheduleRequest request = GenerateRequest(v1::SCHEDULE_MODE_SELECTED);
  request.add_pairings(PairingName(1, 2));
  preview = Generated(request);
  EXPECT_EQ(preview.kept(), 1);
  EXPECT_EQ(preview.added(), 1);
  EXPECT_EQ(preview.wished(), 2);
  ASSERT_TRUE(PublishIt(preview.name()).ok());
  EXPECT_EQ(Board().size(), 2u);
  EXPECT_EQ(Board().at(PairingName(1, 1)), before.at(PairingName(1, 1)));
  const auto meeting = SeeMeeting(kOrganiser, MeetingOf(1, 2));
  EXPECT_EQ(meeting->schedule(), preview.name());
  EXPECT_EQ(meeting->change().cause(), v1::MeetingChange::CAUSE_SCHEDULED);
  // People who choose another slot choose it themselves.
  v1::RescheduleMeetingRequest move;
  move.set_name(meeting->name());
  ASSERT_TRUE(book_->Reschedule(Olga(), move).ok());
  EXPECT_EQ(SeeMeeting(kOrganiser, meeting->name())->schedule(), "");
}

TEST_P(SchedulesTest, OrdersAreKeptAndProved) {
  for (const int investor : {1, 2, 3}) MakeMutual(1, investor);
  v1::GenerateScheduleRequest request = GenerateRequest();
  const std::vector<std::pair<int, int>> orders = {{3, 1}, {3, 2}};
  for (const auto& [earlier, later] : orders) {
    v1::ScheduleOrder* order = request.add_orders();
    order->set_earlier(PairingName(1, earlier));
    order->set_later(PairingName(1, later));
  }
  const v1::Schedule preview = Generated(request);
  const auto placements = PlacementsOf(preview.name());
  ASSERT_EQ(preview.placed(), 3) << preview.ShortDebugString();
  for (const auto& [earlier, later] : orders) {
    EXPECT_LT(placements.at(PairingName(1, earlier)).start_time().seconds(),
              placements.at(PairingName(1, later)).start_time().seconds());
  }
  ASSERT_TRUE(PublishIt(preview.name()).ok());
  EXPECT_THAT(Broken(), IsEmpty());
  // Somebody moves one of them before the other: that is found.
  v1::RescheduleMeetingRequest move;
  move.set_name(MeetingOf(1, 3));
  AddSlots({3}, move.mutable_slots());
  ASSERT_TRUE(book_->Reschedule(Olga(), move).ok());
  EXPECT_THAT(Broken(), testing::Contains(testing::HasSubstr("SCHEDULE_RULE_ORDER")));
  *request.add_orders() = request.orders(0);
  request.mutable_orders(2)->set_later(PairingName(1, 3));
  request.mutable_orders(2)->set_earlier(PairingName(1, 1));
  EXPECT_EQ(RunOf(request).state(), type::v1::Run::STATE_FAILED) << "a circle";
}

TEST_P(SchedulesTest, WhatHasChangedSinceMakesItOutdatedAndNothingIsBooked) {
  const auto preview_of = [&] { return Generated(GenerateRequest()).name(); };
  const auto expect_outdated = [&](const std::string& name, const std::string& pairing) {
    const auto before = Board();
    const auto published = PublishIt(name);
    EXPECT_EQ(ledger::ReasonOf(published), "SCHEDULE_OUTDATED") << published.status();
    std::map<std::string, std::string> metadata;
    for (const auto& [key, value] : GetErrorDetail(published.status()).metadata) metadata[key] = value;
    EXPECT_EQ(metadata["schedule"], name);
    EXPECT_THAT(metadata["pairings"], testing::HasSubstr(pairing));
    EXPECT_EQ(Board(), before);
    v1::GetScheduleRequest get;
    get.set_name(name);
    EXPECT_EQ(schedules_->Get(Olga(), get)->state(), v1::Schedule::STATE_PREVIEW);
  };
  for (const int investor : {1, 2}) {
    MakeMutual(1, investor);
    MakeMutual(2, investor);
  }
  std::string preview = preview_of();
  ASSERT_TRUE(Withdraw(kProject, 1, 1).ok());
  expect_outdated(preview, PairingName(1, 1));

  preview = preview_of();
  const auto placement = PlacementsOf(preview).at(PairingName(1, 2));
  MakeMutual(1, 5);
  v1::BookMeetingRequest book = BookRequest(1, 5);
  *book.add_slots() = placement.start_time();
  ASSERT_TRUE(book_->Book(Olga(), book).ok());
  expect_outdated(preview, PairingName(1, 2));  // its person has no time any more

  preview = preview_of();
  ASSERT_TRUE(PublishIt(preview).ok());
  ASSERT_TRUE(CancelIt(kProject, MeetingOf(2, 1)).ok());
  preview = preview_of();
  ASSERT_TRUE(BookIt(kProject, 2, 1).ok());
  expect_outdated(preview, PairingName(2, 1));

  v1::GenerateScheduleRequest none = GenerateRequest();
  none.set_mode(v1::SCHEDULE_MODE_UNBOOKED);
  const std::string kept = Generated(none).name();
  ASSERT_TRUE(CancelIt(kProject, MeetingOf(2, 1)).ok());
  expect_outdated(kept, PairingName(2, 1));  // what it keeps is gone
}

TEST_P(SchedulesTest, RepeatingAWriteReturnsTheFirstAnswer) {
  MakeMutual(1, 1);
  v1::GenerateScheduleRequest generate = GenerateRequest();
  generate.set_request_id("6ecf7a3e-98f7-4a1e-9f0a-000000000001");
  const v1::Schedule preview = Generated(generate);
  EXPECT_EQ(Generated(generate).name(), preview.name());
  v1::PublishScheduleRequest publish;
  publish.set_name(preview.name());
  publish.set_etag(preview.etag());
  publish.set_request_id("6ecf7a3e-98f7-4a1e-9f0a-000000000002");
  const auto one = schedules_->Publish(Olga(), publish), two = schedules_->Publish(Olga(), publish);
  ASSERT_TRUE(one.ok() && two.ok()) << one.status() << two.status();
  EXPECT_EQ(one->SerializeAsString(), two->SerializeAsString());
  EXPECT_EQ(ledger::ReasonOf(PublishIt(preview.name())), "STATE_CONFLICT");
  publish.set_request_id("6ecf7a3e-98f7-4a1e-9f0a-000000000003");
  EXPECT_EQ(ledger::ReasonOf(schedules_->Publish(Olga(), publish)), "ETAG_MISMATCH");
  v1::RollBackScheduleRequest back;
  back.set_name(preview.name());
  back.set_request_id("6ecf7a3e-98f7-4a1e-9f0a-000000000004");
  const auto first = schedules_->RollBack(Olga(), back), again = schedules_->RollBack(Olga(), back);
  ASSERT_TRUE(first.ok() && again.ok()) << first.status() << again.status();
  EXPECT_EQ(first->SerializeAsString(), again->SerializeAsString());
  EXPECT_EQ(first->restored(), 1);
}

TEST_P(SchedulesTest, RollingBackLeavesWhatSomebodyHasTouchedSince) {
  for (const int investor : {1, 2, 3}) MakeMutual(1, investor);
  const v1::Schedule preview = Generated(GenerateRequest());
  ASSERT_TRUE(PublishIt(preview.name()).ok());
  const std::string cancelled = MeetingOf(1, 1), locked = MeetingOf(1, 2);
  ASSERT_TRUE(CancelIt(kProject, cancelled).ok());
  v1::LockMeetingRequest lock;
  lock.set_name(locked);
  ASSERT_TRUE(book_->Lock(Olga(), lock).ok());
  const auto back = RollBackIt(preview.name());
  ASSERT_TRUE(back.ok()) << back.status();
  EXPECT_EQ(back->restored(), 1);
  EXPECT_THAT(back->kept(), testing::UnorderedElementsAre(cancelled, locked));
  EXPECT_EQ(back->schedule().state(), v1::Schedule::STATE_ROLLED_BACK);
  EXPECT_EQ(Board().size(), 1u);
  EXPECT_EQ(ResultOf(SeeMeeting(kOrganiser, locked)), "CONFIRMED");
  EXPECT_EQ(MeetingOf(1, 3), "");
  EXPECT_THAT(Broken(), IsEmpty());
}

TEST_P(SchedulesTest, RollingBackToASlotThatIsTakenIsRefusedAsAWhole) {
  MakeMutual(1, 1);
  MakeMutual(1, 2);
  MakeMutual(1, 3);
  const std::string name = BookIt(kProject, 1, 1, {3})->name();
  v1::GenerateScheduleRequest request = GenerateRequest(v1::SCHEDULE_MODE_SELECTED);
  request.add_pairings(PairingName(1, 1));
  request.add_pairings(PairingName(1, 2));
  for (const int after : {2}) {
    v1::ScheduleOrder* order = request.add_orders();  // so that the first one has to move
    order->set_earlier(PairingName(1, 1));
    order->set_later(PairingName(1, after));
  }
  const v1::Schedule preview = Generated(request);
  ASSERT_EQ(preview.moved(), 1) << preview.ShortDebugString();
  ASSERT_TRUE(PublishIt(preview.name()).ok());
  const auto placements = PlacementsOf(preview.name());
  if (ledger::FromStamp(placements.at(PairingName(1, 2)).start_time()) == SlotAt(3)) {
    // Its own meeting gives the slot back.
    EXPECT_TRUE(RollBackIt(preview.name()).ok());
  } else {
    ASSERT_TRUE(BookIt(kProject, 1, 3, {3}).ok());
    const auto before = Board();
    EXPECT_EQ(ledger::ReasonOf(RollBackIt(preview.name())), "SCHEDULE_OUTDATED");
    EXPECT_EQ(Board(), before);
  }
}

TEST_P(SchedulesTest, TwentyPreviewsAreKeptAndAllThatWerePublished) {
  MakeMutual(1, 1);
  const std::string first = Generated(GenerateRequest()).name();
  ASSERT_TRUE(PublishIt(first).ok());
  std::vector<std::string> names;
  for (int i = 0; i < 22; ++i) names.push_back(Generated(GenerateRequest()).name());
  v1::ListSchedulesRequest request;
  request.set_parent("editions/e");
  request.set_page_size(8);
  std::vector<std::string> listed;
  do {
    const auto page = schedules_->List(Olga(), request);
    ASSERT_TRUE(page.ok()) << page.status();
    for (const auto& schedule : page->schedules()) listed.push_back(schedule.name());
    request.set_page_token(page->next_page_token());
  } while (!request.page_token().empty());
  std::vector<std::string> wanted(names.rbegin(), names.rend() - 2);
  wanted.push_back(first);
  EXPECT_EQ(listed, wanted);
  EXPECT_EQ(store_->Scan("schedule-placements/", "schedule-placements0", 100)->size(), 21u);
  v1::GetScheduleRequest get;
  get.set_name(names[0]);
  EXPECT_EQ(ledger::ReasonOf(schedules_->Get(Olga(), get)), "RESOURCE_NOT_FOUND");
}

TEST_P(SchedulesTest, ACancelledRunLeavesNothing) {
  DrawEdition(3);
  // The queue's thread is held, so that the run is cancelled before or while it works.
  const auto submitted = schedules_->Generate(Olga(), GenerateRequest());
  ASSERT_TRUE(submitted.ok()) << submitted.status();
  ASSERT_TRUE(runs_->Cancel(submitted->name()).ok());
  const auto run = runs_->Wait(submitted->name(), std::chrono::steady_clock::now() + std::chrono::seconds(60));
  ASSERT_TRUE(run.ok()) << run.status();
  const size_t rows =
      store_->Scan("r/schedules/", "r/schedules0", 10)->size() + store_->Scan("schedule-p", "schedule-q", 10)->size();
  if (run->state() == type::v1::Run::STATE_CANCELLED) {
    EXPECT_EQ(rows, 0u);
  } else {
    EXPECT_EQ(run->state(), type::v1::Run::STATE_SUCCEEDED) << "it was done already";
  }
}

TEST_P(SchedulesTest, SidesMayNotAndEditionsDoNotCross) {
  MakeMutual(1, 1);
  const std::string name = Generated(GenerateRequest()).name();
  for (const v1::Side side : {kProject, kInvestor}) {
    const Caller caller = CallerOfSide(side);
    v1::GetScheduleRequest get;
    get.set_name(name);
    v1::ListSchedulesRequest list;
    list.set_parent("editions/e");
    v1::ListPlacementsRequest placements;
    placements.set_parent(name);
    v1::PublishScheduleRequest publish;
    publish.set_name(name);
    v1::RollBackScheduleRequest back;
    back.set_name(name);
    v1::VerifyScheduleRequest verify;
    verify.set_parent("editions/e");
    v1::RepairScheduleRequest repair;
    repair.set_parent("editions/e");
    EXPECT_EQ(ledger::ReasonOf(schedules_->Generate(caller, GenerateRequest())), "PERMISSION_DENIED");
    EXPECT_EQ(ledger::ReasonOf(schedules_->Get(caller, get)), "PERMISSION_DENIED");
    EXPECT_EQ(ledger::ReasonOf(schedules_->List(caller, list)), "PERMISSION_DENIED");
    EXPECT_EQ(ledger::ReasonOf(schedules_->ListPlacements(caller, placements)), "PERMISSION_DENIED");
    EXPECT_EQ(ledger::ReasonOf(schedules_->Publish(caller, publish)), "PERMISSION_DENIED");
    EXPECT_EQ(ledger::ReasonOf(schedules_->RollBack(caller, back)), "PERMISSION_DENIED");
    EXPECT_EQ(ledger::ReasonOf(schedules_->Verify(caller, verify)), "PERMISSION_DENIED");
    EXPECT_EQ(ledger::ReasonOf(schedules_->Repair(caller, repair)), "PERMISSION_DENIED");
  }
  v1::GenerateScheduleRequest request = GenerateRequest(v1::SCHEDULE_MODE_SELECTED);
  EXPECT_EQ(ledger::ReasonOf(schedules_->Generate(Olga(), request)), "FIELD_INVALID");
  request.add_pairings("editions/other/pairings/x");
  EXPECT_EQ(ledger::ReasonOf(schedules_->Generate(Olga(), request)), "FIELD_INVALID");
  request = GenerateRequest();
  request.set_parent("editions/other");
  EXPECT_EQ(ledger::ReasonOf(schedules_->Generate(Olga(), request)), "EDITION_NOT_FOUND");
  edition_.mutable_agenda()->clear_sessions();
  WriteEdition();
  EXPECT_EQ(ledger::ReasonOf(schedules_->Generate(Olga(), GenerateRequest())), "STATE_CONFLICT");
}

TEST_P(SchedulesTest, WhatDoesNotAgreeIsFound) {
  MakeMutual(1, 1);
  MakeMutual(2, 2);
  ASSERT_TRUE(PublishIt(Generated(GenerateRequest()).name()).ok());
  ASSERT_THAT(Broken(), IsEmpty());
  const auto drop = [&](const std::string& prefix) {
    const auto rows = store_->Scan(prefix, prefix + "\xff", 1);
    ASSERT_FALSE(rows->empty()) << prefix;
    Transaction transaction;
    transaction.writes.push_back(Write::DeleteUnlogged(rows->front().key));
    ASSERT_TRUE(store_->Commit({transaction}).front().status.ok());
    EXPECT_THAT(Broken(), testing::Not(IsEmpty())) << prefix;
    ASSERT_GT(Put(rows->front().key, rows->front().value), 0);
    EXPECT_THAT(Broken(), IsEmpty());
  };
  for (const char* prefix : {"calendar/e/", "place/e/", "meetings-on/e/", "booking/e/", "r/meetings/e/"}) drop(prefix);
  // A meeting that says another slot than is booked; two at one place.
  const auto record = store_->Get(MeetingKey(MeetingOf(1, 1)));
  v1::Meeting meeting;
  ASSERT_TRUE(meeting.ParseFromString((*record)->value));
  *meeting.mutable_start_time() = ledger::ToStamp(ledger::FromStamp(meeting.start_time()) + absl::Minutes(5));
  ASSERT_GT(Put(MeetingKey(meeting.name()), meeting.SerializeAsString()), 0);
  EXPECT_THAT(Broken(), testing::Contains(testing::HasSubstr("another time")));
}

}  // namespace
}  // namespace tandem::pairing::meetings
