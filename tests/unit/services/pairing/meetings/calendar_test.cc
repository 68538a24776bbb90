#include "services/pairing/meetings/calendar.h"

#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "tests/unit/services/pairing/meetings/agenda_fixture.h"

namespace tandem::pairing::meetings {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using v1::Representative;
using Meetings = std::vector<Booked>;

Calendar CalendarOf(const Representative& representative, const Agenda& agenda) {
  auto calendar = Calendar::Of(representative, agenda);
  EXPECT_TRUE(calendar.ok()) << calendar.status();
  return *std::move(calendar);
}

Calendar CalendarOf(const std::string& text, const Agenda& agenda) {
  return CalendarOf(Parse<Representative>(text), agenda);
}

void AddRange(absl::Time start, absl::Time end, google::protobuf::RepeatedPtrField<v1::TimeRange>* ranges) {
  v1::TimeRange* range = ranges->Add();
  SetStamp(start, range->mutable_start_time());
  SetStamp(end, range->mutable_end_time());
}

std::vector<int> Slots(const Calendar& calendar, const Agenda& agenda, Mode mode) {
  return FreeSlots(agenda, calendar, {}, mode, kNone);
}

// Four slots of half an hour: 01:00, 01:30, 02:00, 02:30 UTC.
v1::Edition Morning() {
  v1::Edition edition = EditionIn("Asia/Shanghai");
  AddSession("one", "2026-11-14T01:00:00Z", "2026-11-14T03:00:00Z", 30, 0, &edition);
  return edition;
}

TEST(CalendarTest, AttendanceSaysHow) {
  const auto agenda = Made(Morning());
  const Calendar on_site = CalendarOf("", *agenda);
  EXPECT_THAT(Slots(on_site, *agenda, Mode::kOnSite), ElementsAre(0, 1, 2, 3));
  EXPECT_THAT(Slots(on_site, *agenda, Mode::kVirtual), IsEmpty());
  const Calendar at_a_distance = CalendarOf("attendance: ATTENDANCE_VIRTUAL", *agenda);
  EXPECT_THAT(Slots(at_a_distance, *agenda, Mode::kOnSite), IsEmpty());
  EXPECT_THAT(Slots(at_a_distance, *agenda, Mode::kVirtual), ElementsAre(0, 1, 2, 3));
  const Calendar either = CalendarOf("attendance: ATTENDANCE_HYBRID", *agenda);
  EXPECT_THAT(CommonSlots(*agenda, on_site, at_a_distance), IsEmpty());
  EXPECT_EQ(CommonSlots(*agenda, on_site, either)[0], (CommonSlot{0, true, false}));
  EXPECT_EQ(CommonSlots(*agenda, either, either)[3], (CommonSlot{3, true, true}));
}

TEST(CalendarTest, APartyWithoutRepresentativesMeetsByItselfOnSiteAtAnyTime) {
  const auto agenda = Made(Morning());
  const Calendar party = Calendar::OfParty("editions/e/projects/p", *agenda);
  EXPECT_EQ(party.name(), "editions/e/projects/p");
  EXPECT_THAT(party.parties(), ElementsAre("editions/e/projects/p"));
  EXPECT_THAT(Slots(party, *agenda, Mode::kOnSite), ElementsAre(0, 1, 2, 3));
  EXPECT_THAT(Slots(party, *agenda, Mode::kVirtual), IsEmpty());
  EXPECT_FALSE(NeedsInterpreter(party, CalendarOf("languages: 'zh'", *agenda)));
}

TEST(CalendarTest, ASlotMustBeAvailableAllThroughAndNotUnavailableAtAll) {
  const auto agenda = Made(Morning());
  Representative person;
  // Two ranges that touch are one.
  AddRange(At("2026-11-14T01:10:00Z"), At("2026-11-14T01:45:00Z"), person.mutable_available());
  AddRange(At("2026-11-14T01:45:00Z"), At("2026-11-14T03:00:00Z"), person.mutable_available());
  EXPECT_THAT(Slots(CalendarOf(person, *agenda), *agenda, Mode::kOnSite), ElementsAre(1, 2, 3));
  AddRange(At("2026-11-14T01:20:00Z"), At("2026-11-14T01:30:00Z"), person.mutable_unavailable());
  AddRange(At("2026-11-14T02:59:00Z"), At("2026-11-14T09:00:00Z"), person.mutable_unavailable());
  EXPECT_THAT(Slots(CalendarOf(person, *agenda), *agenda, Mode::kOnSite), ElementsAre(1, 2));
}

TEST(CalendarTest, TimeZonesAndADstChange) {
  // Europe sets its clocks back on 2026-10-25 at 01:00 UTC; Shenzhen does not.
  v1::Edition edition = EditionIn("Asia/Shanghai");
  AddSession("before", "2026-10-24T06:00:00Z", "2026-10-24T08:00:00Z", 30, 0, &edition);  // 08:00 to 10:00 in Berlin
  AddSession("during", "2026-10-25T00:00:00Z", "2026-10-25T02:00:00Z", 30, 0, &edition);  // 02:00, 02:30, 02:00, 02:30
  AddSession("after", "2026-10-26T06:00:00Z", "2026-10-26T08:00:00Z", 30, 0, &edition);   // 07:00 to 09:00
  const auto agenda = Made(edition);
  const auto slots = [&](const std::string& hours) {
    return Slots(
        CalendarOf("attendance: ATTENDANCE_VIRTUAL time_zone: 'Europe/Berlin' virtual_hours {" + hours + "}", *agenda),
        *agenda, Mode::kVirtual);
  };
  EXPECT_THAT(slots("start_minute: 480 end_minute: 1080"), ElementsAre(0, 1, 2, 3, 10, 11));
  EXPECT_THAT(slots("start_minute: 120 end_minute: 150"), ElementsAre(4, 6)) << "02:00 comes twice that night";
  EXPECT_THAT(slots("start_minute: 1320 end_minute: 450"), ElementsAre(4, 5, 6, 7, 8)) << "hours over midnight";
  EXPECT_THAT(slots("").size(), 12u) << "from midnight to midnight is always";
  // On site one's own hours do not count, and an unset zone is the edition's: 14:00 to 16:00, 08:00 to 10:00.
  EXPECT_THAT(
      Slots(CalendarOf("attendance: ATTENDANCE_HYBRID virtual_hours { start_minute: 840 end_minute: 960 }", *agenda),
            *agenda, Mode::kVirtual),
      ElementsAre(0, 1, 2, 3, 8, 9, 10, 11));
  EXPECT_EQ(
      Slots(CalendarOf("attendance: ATTENDANCE_HYBRID virtual_hours { start_minute: 840 end_minute: 960 }", *agenda),
            *agenda, Mode::kOnSite)
          .size(),
      12u);

  // A slot in which the clocks change: what they show is what counts. New York: 02:00 becomes 03:00 on 2027-03-14.
  v1::Edition long_slots = EditionIn("America/New_York");
  AddSession("night", "2027-03-14T06:00:00Z", "2027-03-14T10:00:00Z", 120, 0, &long_slots);  // 01:00-04:00, 04:00-06:00
  const auto night = Made(long_slots);
  const auto of_night = [&](const std::string& hours) {
    return Slots(CalendarOf("attendance: ATTENDANCE_VIRTUAL virtual_hours {" + hours + "}", *night), *night,
                 Mode::kVirtual);
  };
  EXPECT_THAT(of_night("start_minute: 60 end_minute: 240"), ElementsAre(0));
  EXPECT_THAT(of_night("start_minute: 60 end_minute: 239"), IsEmpty());
  EXPECT_THAT(of_night("start_minute: 180 end_minute: 120"), ElementsAre(0, 1)) << "02:00 to 03:00 is not shown at all";
  // The day of a slot is the edition's.
  EXPECT_EQ(agenda->days().size(), 3u);
}

TEST(CalendarTest, BackToBackAcrossHalls) {
  v1::Edition edition = EditionIn("Asia/Shanghai");
  // Slots of 25 minutes, 5 minutes between: 09:00, 09:30, 10:00, 10:30; and the day after.
  AddSession("one", "2026-11-14T01:00:00Z", "2026-11-14T03:00:00Z", 25, 5, &edition);
  AddSession("two", "2026-11-15T01:00:00Z", "2026-11-15T01:30:00Z", 25, 5, &edition);
  edition.mutable_agenda()->MergeFrom(Parse<v1::Agenda>(R"pb(
    places { id: "a" hall: "east" }
    places { id: "b" hall: "west" }
    places { id: "c" hall: "near" }
    places { id: "v" kind: PLACE_KIND_VIRTUAL_ROOM }
    travel_times { hall: "west" other_hall: "east" minutes: 10 }
    travel_times { hall: "near" other_hall: "east" minutes: 5 }
  )pb"));
  const auto agenda = Made(edition);
  const int east = 0;
  const int west = 1;
  const int near = 2;
  const Calendar person = Calendar::OfParty("editions/e/projects/p", *agenda);
  const Meetings booked = {BookedIn(*agenda, 1, east)};
  EXPECT_THAT(FreeSlots(*agenda, person, booked, Mode::kOnSite, east), ElementsAre(0, 2, 3, 4));
  EXPECT_THAT(FreeSlots(*agenda, person, booked, Mode::kOnSite, west), ElementsAre(3, 4))
      << "10 minutes do not fit in the 5 before and after";
  EXPECT_THAT(FreeSlots(*agenda, person, booked, Mode::kOnSite, near), ElementsAre(0, 2, 3, 4)) << "5 just fit";
  EXPECT_TRUE(CanReach(*agenda, booked, 0, kNone)) << "a meeting at a distance is held anywhere";
  EXPECT_TRUE(CanReach(*agenda, Meetings{BookedIn(*agenda, 1, kNone)}, 2, west));
  EXPECT_FALSE(CanReach(*agenda, booked, 1, kNone)) << "but not at the same time";
  // Between two booked ones both ways count.
  EXPECT_FALSE(CanReach(*agenda, Meetings{BookedIn(*agenda, 0, west), BookedIn(*agenda, 3, east)}, 2, west));
  EXPECT_TRUE(CanReach(*agenda, Meetings{BookedIn(*agenda, 0, west), BookedIn(*agenda, 3, east)}, 1, west));
}

TEST(CalendarTest, CapsLeaveRoomOrNot) {
  v1::Edition edition = Morning();
  AddSession("two", "2026-11-15T01:00:00Z", "2026-11-15T02:00:00Z", 30, 0, &edition);
  const auto agenda = Made(edition);
  const Calendar two_a_day = CalendarOf("most_meetings_per_day: 2", *agenda);
  EXPECT_THAT(FreeSlots(*agenda, two_a_day, Meetings{BookedIn(*agenda, 0, kNone)}, Mode::kOnSite, kNone),
              ElementsAre(1, 2, 3, 4, 5));
  EXPECT_THAT(FreeSlots(*agenda, two_a_day, Meetings{BookedIn(*agenda, 0, kNone), BookedIn(*agenda, 2, kNone)},
                        Mode::kOnSite, kNone),
              ElementsAre(4, 5));
  const Calendar three = CalendarOf("most_meetings: 3", *agenda);
  EXPECT_THAT(FreeSlots(*agenda, three, Meetings{BookedIn(*agenda, 0, kNone), BookedIn(*agenda, 2, kNone)},
                        Mode::kOnSite, kNone),
              ElementsAre(1, 3, 4, 5));
  EXPECT_THAT(FreeSlots(*agenda, three,
                        Meetings{BookedIn(*agenda, 0, kNone), BookedIn(*agenda, 2, kNone), BookedIn(*agenda, 5, kNone)},
                        Mode::kOnSite, kNone),
              IsEmpty());
}

TEST(CalendarTest, WhoHasNoLanguageInCommonNeedsAnInterpreter) {
  v1::Edition edition = Morning();
  AddSession("two", "2026-11-15T01:00:00Z", "2026-11-15T02:00:00Z", 30, 0, &edition);
  edition.mutable_agenda()->MergeFrom(Parse<v1::Agenda>(R"pb(
    interpreters {
      id: "i1"
      languages: [ "zh", "en" ]
    }
    interpreters {
      id: "i2"
      languages: [ "de", "zh-Hans" ]
      sessions: "two"
    }
    interpreters {
      id: "i3"
      languages: [ "de", "en" ]
    }
  )pb"));
  const auto agenda = Made(edition);
  const Calendar chinese = CalendarOf("languages: 'zh-Hans'", *agenda);
  const Calendar cantonese = CalendarOf("languages: 'zh-HK'", *agenda);
  const Calendar european = CalendarOf("languages: [ 'en-GB', 'de' ]", *agenda);
  EXPECT_FALSE(NeedsInterpreter(chinese, cantonese));
  EXPECT_TRUE(NeedsInterpreter(chinese, european));
  EXPECT_THAT(InterpretersFor(*agenda, chinese, european, 0), ElementsAre(0));
  EXPECT_THAT(InterpretersFor(*agenda, chinese, european, 4), ElementsAre(0, 1));
}

// What the calendar says, minute by minute from the words of the contract.
bool Holds(const Representative& person, const LocalTime& local, const Slot& slot, Mode mode) {
  for (absl::Time minute = slot.start; minute < slot.end; minute += absl::Minutes(1)) {
    const auto in = [minute](const v1::TimeRange& range) {
      return TimeOf(range.start_time()) <= minute && minute < TimeOf(range.end_time());
    };
    const auto& available = person.available();
    const auto& unavailable = person.unavailable();
    if (!available.empty() && std::none_of(available.begin(), available.end(), in)) return false;
    if (std::any_of(unavailable.begin(), unavailable.end(), in)) return false;
    if (mode == Mode::kVirtual && person.has_virtual_hours()) {
      const int shown = local.At(minute).minute;
      const int start = person.virtual_hours().start_minute();
      const int end = person.virtual_hours().end_minute();
      if (start < end ? (shown < start || shown >= end) : (shown < start && shown >= end)) return false;
    }
  }
  switch (person.attendance()) {
    case v1::ATTENDANCE_VIRTUAL:
      return mode == Mode::kVirtual;
    case v1::ATTENDANCE_HYBRID:
      return true;
    default:
      return mode == Mode::kOnSite;
  }
}

TEST(CalendarTest, AgreesWithTheNaiveCalendarMinuteByMinute) {
  const unsigned seed = std::random_device{}();
  SCOPED_TRACE(absl::StrCat("seed ", seed));
  std::mt19937 random(seed);
  const auto pick = [&random](int from, int to) { return std::uniform_int_distribution<int>(from, to)(random); };
  const char* const zones[] = {"Asia/Shanghai",       "Europe/Berlin",     "America/New_York", "Asia/Kolkata",
                               "Australia/Lord_Howe", "America/Sao_Paulo", "Pacific/Apia",     "UTC"};
  // Around changes of clocks in Europe, America and Australia.
  const char* const starts[] = {"2026-10-24T20:00:00Z", "2026-10-31T20:00:00Z", "2027-03-13T22:00:00Z",
                                "2027-03-27T18:00:00Z", "2027-04-03T08:00:00Z", "2026-07-01T00:00:00Z"};
  int yes = 0;
  int no = 0;
  for (int round = 0; round < 300; ++round) {
    v1::Edition edition = EditionIn(zones[pick(0, 7)]);
    const absl::Time begin = At(starts[pick(0, 5)]) + absl::Minutes(pick(0, 600));
    v1::Session* session = edition.mutable_agenda()->add_sessions();
    SetStamp(begin, session->mutable_start_time());
    SetStamp(begin + absl::Hours(24), session->mutable_end_time());
    session->set_slot_minutes(pick(5, 120));
    session->set_buffer_minutes(pick(0, 30));
    const auto agenda = Made(edition);

    Representative person;
    person.set_attendance(static_cast<v1::Attendance>(pick(0, 3)));
    person.set_time_zone(zones[pick(0, 7)]);
    const auto add_ranges = [&](int most, google::protobuf::RepeatedPtrField<v1::TimeRange>* ranges) {
      absl::Time at = begin - absl::Minutes(pick(0, 200));
      for (int left = pick(0, most); left > 0; --left) {
        const absl::Time end = at + absl::Minutes(pick(1, 900));
        AddRange(at, end, ranges);
        at = end + absl::Minutes(pick(0, 2) == 0 ? 0 : pick(1, 60));
      }
    };
    add_ranges(4, person.mutable_available());
    if (pick(0, 1) == 0) add_ranges(2, person.mutable_unavailable());
    if (pick(0, 3) != 0) {
      person.mutable_virtual_hours()->set_start_minute(pick(0, 1439));
      person.mutable_virtual_hours()->set_end_minute(pick(0, 1440));
    }
    const Calendar calendar = CalendarOf(person, *agenda);
    const LocalTime local = *LocalTime::Of(person.time_zone());
    for (int slot = 0; slot < static_cast<int>(agenda->slots().size()); ++slot) {
      for (const Mode mode : {Mode::kOnSite, Mode::kVirtual}) {
        const bool expected = Holds(person, local, agenda->slots()[static_cast<size_t>(slot)], mode);
        ASSERT_EQ(calendar.CanMeet(slot, mode), expected)
            << "slot " << agenda->slots()[static_cast<size_t>(slot)].start << "\n"
            << person.DebugString();
        ++(expected ? yes : no);
      }
    }
  }
  EXPECT_GT(yes, 500);
  EXPECT_GT(no, 500);
}

}  // namespace
}  // namespace tandem::pairing::meetings
