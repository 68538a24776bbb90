#include "services/pairing/meetings/agenda.h"

#include <google/protobuf/text_format.h>
#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "common/base/civil_date.h"
#include "common/base/status.h"
#include "tests/unit/services/pairing/meetings/agenda_fixture.h"

namespace tandem::pairing::meetings {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

v1::Edition Shenzhen() { return EditionIn("Asia/Shanghai"); }

TEST(AgendaTest, AnEditionWithoutAnAgendaHasNoSlots) {
  const auto agenda = Made(Shenzhen());
  EXPECT_TRUE(agenda->slots().empty());
  EXPECT_EQ(agenda->FindSlot(At("2026-11-14T01:00:00Z")), kNone);
  EXPECT_EQ(agenda->request_expiry(), absl::Hours(72));
  EXPECT_EQ(agenda->request_cooldown(), absl::Hours(168));
  EXPECT_EQ(agenda->most_attempts(), 2);
}

TEST(AgendaTest, SessionsAreCutIntoSlotsWithBuffersBetweenButNotBehind) {
  v1::Edition edition = Shenzhen();
  AddSession("late", "2026-11-14T06:00:00Z", "2026-11-14T06:55:00Z", 25, 5, &edition);
  AddSession("early", "2026-11-14T01:00:00Z", "2026-11-14T02:24:00Z", 25, 5, &edition);
  const auto agenda = Made(edition);
  ASSERT_EQ(agenda->slots().size(), 4u);
  EXPECT_EQ(agenda->sessions()[0].id, "early");
  EXPECT_THAT(agenda->sessions()[0].slots, ElementsAre(0, 1));  // 01:00, 01:30; 02:00 would end at 02:25
  EXPECT_THAT(agenda->sessions()[1].slots, ElementsAre(2, 3));
  EXPECT_EQ(agenda->slots()[1].start, At("2026-11-14T01:30:00Z"));
  EXPECT_EQ(agenda->slots()[1].end, At("2026-11-14T01:55:00Z"));
  EXPECT_EQ(agenda->slots()[0].next, 1);
  EXPECT_EQ(agenda->slots()[1].previous, 0);
  EXPECT_EQ(agenda->slots()[1].next, kNone) << "the next slot is of another session";
  EXPECT_EQ(agenda->FindSession("late"), 1);
}

TEST(AgendaTest, ASlotIsKnownByItsExactStart) {
  v1::Edition edition = Shenzhen();
  AddSession("one", "2026-11-14T01:00:00Z", "2026-11-14T03:00:00Z", 30, 0, &edition);
  const auto agenda = Made(edition);
  EXPECT_EQ(agenda->FindSlot(At("2026-11-14T01:30:00Z")), 1);
  EXPECT_EQ(agenda->FindSlot(At("2026-11-14T01:30:01Z")), kNone);
  EXPECT_EQ(agenda->FindSlot(At("2026-11-14T03:00:00Z")), kNone);
  google::protobuf::Timestamp stamp;
  SetStamp("2026-11-14T02:30:00Z", &stamp);
  EXPECT_EQ(agenda->FindSlot(stamp), 3);
  stamp.set_nanos(1);
  EXPECT_EQ(agenda->FindSlot(stamp), kNone);
}

TEST(AgendaTest, ClosedSlotsAreNoneAndPartTheirNeighbours) {
  v1::Edition edition = Shenzhen();
  v1::Session* session = AddSession("one", "2026-11-14T01:00:00Z", "2026-11-14T03:00:00Z", 30, 0, &edition);
  SetStamp("2026-11-14T01:30:00Z", session->add_closed_slots());
  const auto agenda = Made(edition);
  ASSERT_EQ(agenda->slots().size(), 3u);
  EXPECT_EQ(agenda->FindSlot(At("2026-11-14T01:30:00Z")), kNone);
  EXPECT_EQ(agenda->slots()[0].next, kNone);
  EXPECT_EQ(agenda->slots()[1].previous, kNone);
  EXPECT_EQ(agenda->slots()[1].next, 2);
}

TEST(AgendaTest, DaysAreLocalDates) {
  v1::Edition edition = Shenzhen();
  AddSession("evening", "2026-11-14T12:00:00Z", "2026-11-14T13:00:00Z", 30, 0, &edition);  // 20:00 on the 14th
  AddSession("night", "2026-11-14T16:30:00Z", "2026-11-14T17:30:00Z", 30, 0, &edition);    // 00:30 on the 15th
  const auto agenda = Made(edition);
  ASSERT_EQ(agenda->days().size(), 2u);
  EXPECT_EQ(FormatDate(agenda->days()[0].date), "2026-11-14");
  EXPECT_EQ(FormatDate(agenda->days()[1].date), "2026-11-15");
  EXPECT_THAT(agenda->days()[1].slots, ElementsAre(2, 3));
  EXPECT_EQ(agenda->slots()[3].day, 1);
}

TEST(AgendaTest, PlacesHallsAndTravelTimes) {
  v1::Edition edition = Shenzhen();
  AddSession("one", "2026-11-14T01:00:00Z", "2026-11-14T03:00:00Z", 30, 0, &edition);
  AddSession("two", "2026-11-15T01:00:00Z", "2026-11-15T03:00:00Z", 30, 0, &edition);
  ASSERT_TRUE(google::protobuf::TextFormat::MergeFromString(
      R"pb(agenda {
             places { id: "t1" hall: "east" }
             places { id: "b1" kind: PLACE_KIND_BOOTH hall: "west" owner: "editions/e/projects/p" sessions: "two" }
             places { id: "v1" kind: PLACE_KIND_VIRTUAL_ROOM capacity: 7 }
             places { id: "t2" hall: "east" }
             travel_times { hall: "west" other_hall: "east" minutes: 10 }
             interpreters {
               id: "i1"
               languages: [ "zh-Hans", "en-GB" ]
               sessions: "one"
             }
           })pb",
      &edition));
  const auto agenda = Made(edition);
  EXPECT_THAT(agenda->halls(), ElementsAre("east", "west"));
  const auto place = [&](absl::string_view id) { return agenda->places()[static_cast<size_t>(agenda->FindPlace(id))]; };
  EXPECT_EQ(place("t1").kind, v1::PLACE_KIND_TABLE);
  EXPECT_EQ(place("t1").capacity, 1);
  EXPECT_EQ(place("t2").hall, place("t1").hall);
  EXPECT_EQ(place("b1").owner, "editions/e/projects/p");
  EXPECT_FALSE(place("b1").sessions.Has(0));
  EXPECT_TRUE(place("b1").sessions.Has(1));
  EXPECT_EQ(place("v1").hall, kNone);
  EXPECT_EQ(place("v1").capacity, 7);
  EXPECT_EQ(agenda->FindPlace("t3"), kNone);
  EXPECT_EQ(agenda->TravelTime(0, 1), absl::Minutes(10));
  EXPECT_EQ(agenda->TravelTime(1, 0), absl::Minutes(10));
  EXPECT_EQ(agenda->TravelTime(1, 1), absl::ZeroDuration());
  EXPECT_EQ(agenda->TravelTime(kNone, 1), absl::ZeroDuration());
  const Interpreter& interpreter = agenda->interpreters()[static_cast<size_t>(agenda->FindInterpreter("i1"))];
  EXPECT_TRUE(interpreter.sessions.Has(0));
  EXPECT_FALSE(interpreter.sessions.Has(1));
  EXPECT_TRUE(interpreter.Serves({"zh"}, {"de", "en"}));
  EXPECT_FALSE(interpreter.Serves({"zh"}, {"de"}));
}

TEST(AgendaTest, WhatCannotBeCutIsRefused) {
  const auto message = [](const v1::Edition& edition) {
    const auto agenda = Agenda::Make(edition);
    EXPECT_EQ(GetErrorDetail(agenda.status()).reason, "FIELD_INVALID");
    return GetErrorDetail(agenda.status()).violations.empty()
               ? std::string()
               : GetErrorDetail(agenda.status()).violations.front().description;
  };
  v1::Edition overlap = Shenzhen();
  AddSession("a", "2026-11-14T01:00:00Z", "2026-11-14T03:00:00Z", 30, 0, &overlap);
  AddSession("b", "2026-11-14T02:59:00Z", "2026-11-14T04:00:00Z", 30, 0, &overlap);
  EXPECT_THAT(message(overlap), HasSubstr("a and b overlap"));
  v1::Edition backwards = Shenzhen();
  AddSession("a", "2026-11-14T03:00:00Z", "2026-11-14T01:00:00Z", 30, 0, &backwards);
  EXPECT_THAT(message(backwards), HasSubstr("no room"));
  v1::Edition many = Shenzhen();
  AddSession("a", "2026-11-14T01:00:00Z", "2026-11-21T01:00:00Z", 5, 0, &many);
  EXPECT_THAT(message(many), HasSubstr("2000"));
  v1::Edition for_ever = Shenzhen();
  AddSession("a", "1970-01-01T00:00:00Z", "9999-12-31T23:59:00Z", 5, 0, &for_ever);
  EXPECT_THAT(message(for_ever), HasSubstr("2000"));
}

TEST(AgendaTest, TwoThousandSlotsFit) {
  v1::Edition edition = Shenzhen();
  for (int day = 0; day < 10; ++day) {
    AddSession(absl::StrCat("d", day), absl::StrCat("2026-11-", 10 + day, "T01:00:00Z"),
               absl::StrCat("2026-11-", 10 + day, "T17:40:00Z"), 5, 0, &edition);
  }
  EXPECT_EQ(Made(edition)->slots().size(), 2000u);
}

}  // namespace
}  // namespace tandem::pairing::meetings
