#include "services/pairing/meetings/bookings.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "common/base/status.h"
#include "common/storage/memory/memory_store.h"
#include "tests/unit/services/pairing/meetings/agenda_fixture.h"

namespace tandem::pairing::meetings {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

constexpr char kProject[] = "editions/e/projects/p";
constexpr char kOther[] = "editions/e/projects/q";
constexpr char kInvestor[] = "editions/e/investors/i";

class BookingsTest : public testing::Test {
 protected:
  // Four slots on the 14th (09:00, 09:30, 10:00, 10:30 in Shenzhen), two on the 15th.
  void SetUp() override {
    edition_ = EditionIn("Asia/Shanghai");
    AddSession("one", "2026-11-14T01:00:00Z", "2026-11-14T03:00:00Z", 25, 5, &edition_);
    AddSession("two", "2026-11-15T01:00:00Z", "2026-11-15T02:00:00Z", 25, 5, &edition_);
    SetAgenda(R"pb(places { id: "t1" hall: "east" }
                   places { id: "t2" hall: "east" })pb");
  }

  void SetAgenda(const std::string& more) {
    edition_.mutable_agenda()->clear_places();
    edition_.mutable_agenda()->MergeFrom(Parse<v1::Agenda>(more));
    agenda_ = Made(edition_);
  }

  const Calendar* Person(const std::string& text) {
    auto calendar = Calendar::Of(Parse<v1::Representative>(text), *agenda_);
    EXPECT_TRUE(calendar.ok()) << calendar.status();
    calendars_.push_back(std::make_unique<Calendar>(*std::move(calendar)));
    return calendars_.back().get();
  }
  const Calendar* Party(const std::string& name) {
    calendars_.push_back(std::make_unique<Calendar>(Calendar::OfParty(name, *agenda_)));
    return calendars_.back().get();
  }

  MeetingWish Wish(const std::string& meeting, const std::string& project, const std::string& investor) {
    MeetingWish wish;
    wish.edition = "e";
    wish.meeting = absl::StrCat("editions/e/meetings/", meeting);
    wish.agenda = agenda_.get();
    wish.attendees[0] = {Party(project), project, 0};
    wish.attendees[1] = {Party(investor), investor, 0};
    return wish;
  }

  BookingPlan Plan(const MeetingWish& wish) {
    auto plan = PlanBooking(store_.get(), wish);
    EXPECT_TRUE(plan.ok()) << plan.status();
    return plan.ok() ? *std::move(plan) : BookingPlan();
  }
  absl::Status Commit(Transaction transaction) { return store_->Commit({std::move(transaction)}).front().status; }

  // Books it; kNone when there is no slot.
  int Book(const MeetingWish& wish) {
    BookingPlan plan = Plan(wish);
    if (!plan.claim.has_value()) return kNone;
    EXPECT_TRUE(Commit(plan.claim->rows).ok());
    return plan.claim->slot;
  }
  void Cancel(const std::vector<std::string>& meetings) {
    auto rows = PlanRelease(store_.get(), "e", meetings, nullptr);
    ASSERT_TRUE(rows.ok()) << rows.status();
    EXPECT_TRUE(Commit(*std::move(rows)).ok());
  }
  std::vector<std::string> Keys() {
    std::vector<std::string> keys;
    const auto records = store_->Scan("", "", 1000);
    for (const Record& record : *records) keys.push_back(record.key);
    return keys;
  }

  std::unique_ptr<RecordStore> store_ = NewMemoryStore();
  v1::Edition edition_;
  std::shared_ptr<const Agenda> agenda_;
  std::vector<std::unique_ptr<Calendar>> calendars_;
};

TEST_F(BookingsTest, ABookingClaimsBothCalendarsAPlaceAndNothingElseAndIsFreedWhole) {
  ASSERT_EQ(Book(Wish("m1", kProject, kInvestor)), 0);
  const std::string place =
      Plan(Wish("m2", kOther, "editions/e/investors/j")).claim->booking.place == "t1" ? "t2" : "t1";
  EXPECT_THAT(Keys(), ElementsAre("booking/e/meetings/m1", "busy/e/investors/i", "busy/e/projects/p",
                                  "calendar/e/investors/i/001794618000", "calendar/e/projects/p/001794618000",
                                  "meetings-on/e/investors/i/2026-11-14", "meetings-on/e/projects/p/2026-11-14",
                                  "place/e/001794618000/" + place, "slot/e/001794618000"));
  const auto bookings = BookingsOf(store_.get(), "e", kProject);
  ASSERT_TRUE(bookings.ok());
  ASSERT_EQ(bookings->size(), 1u);
  EXPECT_EQ((*bookings)[0].meeting, "editions/e/meetings/m1");
  EXPECT_EQ((*bookings)[0].hall, "east");
  EXPECT_EQ((*bookings)[0].end, At("2026-11-14T01:25:00Z"));
  EXPECT_EQ(store_->Changes(0, 100)->changes.size(), 0u) << "nobody follows these rows";
  Cancel({"editions/e/meetings/m1", "editions/e/meetings/unknown", "editions/e/meetings/m1"});
  EXPECT_THAT(Keys(), ElementsAre("busy/e/investors/i", "busy/e/projects/p", "slot/e/001794618000"));
  Cancel({"editions/e/meetings/m1"});
}

TEST_F(BookingsTest, TheLoserReadsWhatIsLeft) {
  MeetingWish first = Wish("m1", kProject, kInvestor);
  first.slots = {1};
  MeetingWish second = Wish("m2", kOther, kInvestor);
  second.slots = {1};
  const BookingPlan raced = Plan(second);
  ASSERT_EQ(Book(first), 1);
  ASSERT_TRUE(raced.claim.has_value());
  EXPECT_EQ(Commit(raced.claim->rows).code(), absl::StatusCode::kAborted);
  const BookingPlan again = Plan(second);
  EXPECT_FALSE(again.claim.has_value());
  EXPECT_THAT(again.refused, ElementsAre(Pair(1, Obstacle::kBusy)));
  EXPECT_THAT(again.left, ElementsAre(0, 2, 3, 4, 5));
  EXPECT_THAT(*SurveySlots(store_.get(), second),
              ElementsAre(std::nullopt, Obstacle::kBusy, std::nullopt, std::nullopt, std::nullopt, std::nullopt));
  second.slots = {1, 3};
  EXPECT_EQ(Book(second), 3);
}

TEST_F(BookingsTest, APlaceSeatsAsManyAsItHas) {
  SetAgenda(R"pb(places { id: "t1" hall: "east" capacity: 2 })pb");
  MeetingWish third = Wish("m3", "editions/e/projects/c", "editions/e/investors/c");
  for (const char* id : {"a", "b"}) {
    MeetingWish wish = Wish(id, absl::StrCat("editions/e/projects/", id), absl::StrCat("editions/e/investors/", id));
    wish.slots = {2};
    EXPECT_EQ(Book(wish), 2);
  }
  third.slots = {2};
  const BookingPlan full = Plan(third);
  EXPECT_THAT(full.refused, ElementsAre(Pair(2, Obstacle::kNoPlace)));
  Cancel({"editions/e/meetings/a"});
  EXPECT_EQ(Book(third), 2);
}

TEST_F(BookingsTest, AThousandSeatsAreAllFound) {
  SetAgenda(R"pb(places { id: "big" hall: "east" capacity: 30 }
                 places { id: "t" hall: "east" })pb");
  for (int i = 0; i < 32; ++i) {
    MeetingWish wish =
        Wish(absl::StrCat("m", i), absl::StrCat("editions/e/projects/p", i), absl::StrCat("editions/e/investors/i", i));
    wish.slots = {0};
    EXPECT_EQ(Book(wish), i < 31 ? 0 : kNone) << i;
  }
}

TEST_F(BookingsTest, ABoothSeatsItsOwnerFirstAndNobodyElse) {
  SetAgenda(R"pb(
    places { id: "t1" hall: "east" }
    places { id: "b1" kind: PLACE_KIND_BOOTH hall: "east" owner: "editions/e/projects/p" sessions: "one" }
  )pb");
  MeetingWish wish = Wish("m1", kProject, kInvestor);
  wish.slots = {0};
  EXPECT_EQ(Plan(wish).claim->booking.place, "b1");
  wish.slots = {4};
  EXPECT_EQ(Plan(wish).claim->booking.place, "t1") << "the booth is not there in session two";
  MeetingWish strangers = Wish("m2", kOther, kInvestor);
  EXPECT_EQ(Plan(strangers).claim->booking.place, "t1");
}

TEST_F(BookingsTest, TablesAreInHallsThatBothCanReach) {
  SetAgenda(R"pb(
    places { id: "t1" hall: "east" }
    places { id: "t2" hall: "west" }
    travel_times { hall: "west" other_hall: "east" minutes: 10 }
  )pb");
  MeetingWish first = Wish("m1", kProject, kInvestor);
  first.slots = {0};
  ASSERT_EQ(Book(first), 0);
  const std::string hall = BookingsOf(store_.get(), "e", kProject)->front().hall;
  MeetingWish next = Wish("m2", kProject, "editions/e/investors/j");
  next.slots = {1};
  EXPECT_EQ(Plan(next).claim->booking.hall, hall);
  // Another pair takes the only table there.
  MeetingWish rival = Wish("m3", kOther, "editions/e/investors/k");
  rival.slots = {1};
  while (Plan(rival).claim->booking.hall != hall) rival.meeting += "x";
  ASSERT_EQ(Book(rival), 1);
  EXPECT_THAT(Plan(next).refused, ElementsAre(Pair(1, Obstacle::kNoPlace)));
  next.slots = {2};
  EXPECT_TRUE(Plan(next).claim.has_value());
}

TEST_F(BookingsTest, WhoCanReachNoHallIsTooFar) {
  SetAgenda(R"pb(
    places { id: "t1" hall: "east" }
    places { id: "b1" kind: PLACE_KIND_BOOTH hall: "west" owner: "editions/e/projects/p" }
    travel_times { hall: "west" other_hall: "east" minutes: 10 }
  )pb");
  MeetingWish booth = Wish("m1", kProject, kInvestor);
  booth.slots = {0};
  ASSERT_EQ(Book(booth), 0);
  MeetingWish east = Wish("m2", kOther, "editions/e/investors/j");
  east.slots = {2};
  ASSERT_EQ(Book(east), 2);
  // The investor comes from the west, the other project goes on to the east: no hall is near both.
  MeetingWish between = Wish("m3", kOther, kInvestor);
  between.slots = {1};
  EXPECT_THAT(Plan(between).refused, ElementsAre(Pair(1, Obstacle::kTooFar)));
}

TEST_F(BookingsTest, MeetingsAtADistanceHaveRooms) {
  SetAgenda(R"pb(places { id: "t1" hall: "east" }
                 places { id: "v" kind: PLACE_KIND_VIRTUAL_ROOM })pb");
  MeetingWish wish = Wish("m1", kProject, kInvestor);
  const Calendar* either = Person("name: 'editions/e/representatives/r' attendance: ATTENDANCE_HYBRID");
  const Calendar* away = Person("name: 'editions/e/representatives/s' attendance: ATTENDANCE_VIRTUAL");
  wish.attendees[0].calendar = either;
  EXPECT_EQ(Plan(wish).claim->booking.place, "t1");
  wish.attendees[1].calendar = away;
  EXPECT_EQ(Plan(wish).claim->booking.place, "v");
  EXPECT_TRUE(Plan(wish).claim->booking.is_virtual());
  wish.at_a_distance = false;
  wish.slots = {0};
  EXPECT_THAT(Plan(wish).refused, ElementsAre(Pair(0, Obstacle::kNotAvailable)));
}

TEST_F(BookingsTest, AnInterpreterServesOneMeetingASlot) {
  SetAgenda(R"pb(
    places { id: "t1" hall: "east" }
    places { id: "t2" hall: "east" }
    interpreters {
      id: "z"
      languages: [ "zh", "en" ]
      sessions: "one"
    }
  )pb");
  const auto wish_of = [&](const std::string& id, const std::string& left, const std::string& right) {
    MeetingWish wish = Wish(id, absl::StrCat("editions/e/projects/", id), absl::StrCat("editions/e/investors/", id));
    wish.attendees[0].calendar =
        Person(absl::StrCat("name: 'editions/e/representatives/l", id, "' languages: '", left, "'"));
    wish.attendees[1].calendar =
        Person(absl::StrCat("name: 'editions/e/representatives/r", id, "' languages: '", right, "'"));
    return wish;
  };
  MeetingWish first = wish_of("a", "zh-Hans", "en");
  EXPECT_EQ(Plan(first).claim->booking.interpreter, "z");
  ASSERT_EQ(Book(first), 0);
  MeetingWish second = wish_of("b", "en", "zh-TW");
  second.slots = {0, 4};
  const BookingPlan refused = Plan(second);
  EXPECT_THAT(refused.refused, ElementsAre(Pair(0, Obstacle::kNoInterpreter), Pair(4, Obstacle::kNoInterpreter)));
  EXPECT_THAT(refused.left, ElementsAre(1, 2, 3));
  MeetingWish alike = wish_of("c", "en", "en-US");
  alike.slots = {0};
  EXPECT_EQ(Plan(alike).claim->booking.interpreter, "");
  EXPECT_EQ(Plan(wish_of("d", "de", "zh")).refused.front().second, Obstacle::kNoInterpreter);
  Cancel({"editions/e/meetings/a"});
  EXPECT_EQ(Book(second), 0);
}

TEST_F(BookingsTest, CapsOfPeopleAndQuotasOfParties) {
  MeetingWish wish = Wish("m1", kProject, kInvestor);
  wish.attendees[0].calendar = Person("name: 'editions/e/representatives/r' most_meetings_per_day: 1");
  ASSERT_EQ(Book(wish), 0);
  MeetingWish next = Wish("m2", kProject, "editions/e/investors/j");
  next.attendees[0].calendar = wish.attendees[0].calendar;
  next.slots = {1, 2};
  const BookingPlan capped = Plan(next);
  EXPECT_THAT(capped.refused, ElementsAre(Pair(1, Obstacle::kCap), Pair(2, Obstacle::kCap)));
  EXPECT_THAT(capped.left, ElementsAre(4, 5));
  // Another representative of the same project: its own cap is free, the party's quota is not.
  next.attendees[0] = {Person("name: 'editions/e/representatives/s'"), kProject, 1};
  EXPECT_THAT(Plan(next).refused, ElementsAre(Pair(1, Obstacle::kCap), Pair(2, Obstacle::kCap)));
  next.attendees[0].most_per_day = 2;
  EXPECT_EQ(Book(next), 1);
}

TEST_F(BookingsTest, WhatTwoWantAtOnceGoesToOne) {
  SetAgenda(R"pb(
    places { id: "t1" hall: "east" }
    places { id: "v" kind: PLACE_KIND_VIRTUAL_ROOM capacity: 9 }
    interpreters {
      id: "z"
      languages: [ "zh", "en" ]
    }
  )pb");
  MeetingWish table = Wish("m1", kProject, kInvestor);
  MeetingWish same_table = Wish("m2", kOther, "editions/e/investors/j");
  table.slots = same_table.slots = {0};
  MeetingWish interpreted = Wish("m3", "editions/e/projects/a", "editions/e/investors/a");
  MeetingWish same_interpreter = Wish("m4", "editions/e/projects/b", "editions/e/investors/b");
  interpreted.slots = same_interpreter.slots = {1};
  const auto away = [&](const std::string& id, const std::string& language) {
    return Person(absl::StrCat("name: 'editions/e/representatives/", id,
                               "' attendance: ATTENDANCE_VIRTUAL languages: '", language, "'"));
  };
  interpreted.attendees[0].calendar = away("a", "zh");
  interpreted.attendees[1].calendar = away("b", "en");
  same_interpreter.attendees[0].calendar = away("c", "zh");
  same_interpreter.attendees[1].calendar = away("d", "en");
  for (const auto& [one, other] : {std::pair(&table, &same_table), std::pair(&interpreted, &same_interpreter)}) {
    const BookingPlan first = Plan(*one);
    const BookingPlan second = Plan(*other);
    ASSERT_TRUE(first.claim.has_value() && second.claim.has_value());
    EXPECT_TRUE(Commit(first.claim->rows).ok());
    EXPECT_EQ(Commit(second.claim->rows).code(), absl::StatusCode::kAborted) << other->meeting;
  }
}

TEST_F(BookingsTest, WhatWasDecidedOnACalendarHoldsAtTheCommit) {
  MeetingWish morning = Wish("m1", kProject, kInvestor);
  MeetingWish next_day = Wish("m2", kProject, "editions/e/investors/j");
  morning.attendees[0].calendar = next_day.attendees[0].calendar =
      Person("name: 'editions/e/representatives/r' most_meetings: 1");
  morning.slots = {0};
  next_day.slots = {4};
  const BookingPlan first = Plan(morning);
  const BookingPlan second = Plan(next_day);
  ASSERT_TRUE(first.claim.has_value() && second.claim.has_value());
  EXPECT_TRUE(Commit(first.claim->rows).ok());
  EXPECT_EQ(Commit(second.claim->rows).code(), absl::StatusCode::kAborted) << "the cap is used up";
  EXPECT_THAT(Plan(next_day).refused, ElementsAre(Pair(4, Obstacle::kCap)));
}

TEST_F(BookingsTest, AQuotaHoldsForTwoRepresentativesAtOnce) {
  MeetingWish one = Wish("m1", kProject, kInvestor);
  MeetingWish other = Wish("m2", kOther, kInvestor);
  one.attendees[1] = {Person("name: 'editions/e/representatives/r'"), kInvestor, 1};
  other.attendees[1] = {Person("name: 'editions/e/representatives/s'"), kInvestor, 1};
  one.slots = {0};
  other.slots = {2};
  const BookingPlan first = Plan(one);
  const BookingPlan second = Plan(other);
  ASSERT_TRUE(first.claim.has_value() && second.claim.has_value());
  EXPECT_TRUE(Commit(first.claim->rows).ok());
  EXPECT_EQ(Commit(second.claim->rows).code(), absl::StatusCode::kAborted) << "the quota is used up";
  EXPECT_THAT(Plan(other).refused, ElementsAre(Pair(2, Obstacle::kCap)));
}

TEST_F(BookingsTest, AMoveFreesAndClaimsAtOnce) {
  SetAgenda(R"pb(places { id: "t1" hall: "east" })pb");
  MeetingWish wish = Wish("m1", kProject, kInvestor);
  wish.attendees[0].most_per_day = 1;
  wish.attendees[1].calendar = Person("name: 'editions/e/representatives/r' most_meetings: 1");
  wish.slots = {0};
  ASSERT_EQ(Book(wish), 0);
  const auto again = PlanBooking(store_.get(), wish);
  EXPECT_EQ(GetErrorDetail(again.status()).reason, "STATE_CONFLICT");
  wish.moves = true;
  EXPECT_EQ(Book(wish), 0) << "its own slot is free for itself";
  wish.slots = {2};
  EXPECT_EQ(Book(wish), 2);
  EXPECT_THAT(Keys(), ElementsAre("booking/e/meetings/m1", "busy/e/projects/p", "busy/e/representatives/r",
                                  "calendar/e/projects/p/001794621600", "calendar/e/representatives/r/001794621600",
                                  "meetings-on/e/investors/i/2026-11-14", "meetings-on/e/projects/p/2026-11-14",
                                  "place/e/001794621600/t1", "slot/e/001794618000", "slot/e/001794621600"));
  wish.slots = {5};
  EXPECT_EQ(Book(wish), 5) << "another day";
  EXPECT_EQ(CountOf(*store_->Get("meetings-on/e/projects/p/2026-11-14")), 0);
  EXPECT_EQ(CountOf(*store_->Get("meetings-on/e/projects/p/2026-11-15")), 1);
  // Of a cancellation and a move at the same moment one has its way.
  wish.slots = {1};
  BookingPlan move = Plan(wish);
  Cancel({wish.meeting});
  EXPECT_EQ(Commit(move.claim->rows).code(), absl::StatusCode::kAborted);
  EXPECT_EQ(GetErrorDetail(PlanBooking(store_.get(), wish).status()).reason, "STATE_CONFLICT");
}

TEST_F(BookingsTest, WhatIsPassedOrOfAnotherAgendaIsNotForgotten) {
  MeetingWish wish = Wish("m1", kProject, kInvestor);
  wish.not_before = At("2026-11-14T01:30:00Z");
  ASSERT_EQ(Book(wish), 1);
  // Slots are moved by ten minutes: the old meeting still stands in the way.
  edition_.mutable_agenda()->mutable_sessions(0)->mutable_start_time()->set_seconds(1794618000 + 600);
  agenda_ = Made(edition_);
  MeetingWish next = Wish("m2", kProject, "editions/e/investors/j");
  next.slots = {0, 1, 2};
  const BookingPlan plan = Plan(next);
  EXPECT_THAT(plan.refused, ElementsAre(Pair(0, Obstacle::kBusy), Pair(1, Obstacle::kBusy)));
  EXPECT_EQ(plan.claim->slot, 2);
}

TEST_F(BookingsTest, NobodyMeetsThemselves) {
  MeetingWish wish = Wish("m1", kProject, kInvestor);
  wish.attendees[0].calendar = wish.attendees[1].calendar = Person("name: 'editions/e/representatives/r'");
  EXPECT_EQ(GetErrorDetail(PlanBooking(store_.get(), wish).status()).reason, "FIELD_INVALID");
}

TEST_F(BookingsTest, RowsAreReadAsWrittenAndOthersRefused) {
  Booking booking;
  booking.meeting = "editions/e/meetings/m";
  booking.start = At("2026-11-14T01:00:00Z");
  booking.end = At("2026-11-14T01:25:00Z");
  booking.place = "t1";
  booking.number = 7;
  booking.people = {"a", "b"};
  booking.parties = {"c", "d"};
  const auto read = DecodeBooking(Encode(booking));
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(Encode(*read), Encode(booking));
  EXPECT_EQ(read->number, 7);
  EXPECT_EQ(Encode(booking).substr(0, 22), "editions/e/meetings/m\n");
  EXPECT_EQ(GetErrorDetail(DecodeBooking("").status()).reason, "INTERNAL");
  EXPECT_EQ(GetErrorDetail(DecodeBooking("m\nx\n1\n\n\n0\n\n\n\n\n\n").status()).reason, "INTERNAL");
}

}  // namespace
}  // namespace tandem::pairing::meetings
