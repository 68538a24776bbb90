#include "tools/tandem/schedule_tables.h"

#include "gmock/gmock.h"
#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"

namespace tandem::cli {
namespace {

using pairing::v1::Schedule;
using pairing::v1::SchedulePlacement;
using testing::ContainsRegex;
using testing::HasSubstr;

template <typename Message>
Message Parse(const std::string& text) {
  Message message;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &message)) << text;
  return message;
}

EditionZone Shanghai() { return *EditionZone::Of("Asia/Shanghai"); }

std::string Title(const std::string& party) { return party == "editions/e/projects/p-1" ? "固态电池" : ""; }

pairing::v1::ScheduleLevel Level(int64_t value, int64_t bound) {
  pairing::v1::ScheduleLevel level;
  level.set_value(value);
  level.set_bound(bound);
  return level;
}

TEST(ScheduleTablesTest, AGapIsItsShareOfTheBoundWhicheverSideItIsOn) {
  EXPECT_EQ(GapText(Level(100, 100)), "0.000 %");
  EXPECT_EQ(GapText(Level(0, 0)), "0.000 %");
  EXPECT_EQ(GapText(Level(999, 1000)), "0.100 %");
  EXPECT_EQ(GapText(Level(12, 10)), "20.000 %") << "gaps are to be few";
  EXPECT_EQ(GapText(Level(3, 0)), "-");
}

TEST(ScheduleTablesTest, AScheduleShowsLevelsWithBoundsAndWhatKeepsMeetingsOut) {
  const std::string text = ScheduleText(Parse<Schedule>(R"pb(
                                          name: "editions/e/schedules/s-1"
                                          state: STATE_PREVIEW
                                          mode: SCHEDULE_MODE_UNBOOKED
                                          seed: 7
                                          step_limit: 400
                                          steps: 250
                                          wished: 120
                                          placed: 100
                                          people { value: 60 bound: 60 }
                                          value { value: 9990 bound: 10000 }
                                          gaps { value: 5 bound: 4 }
                                          gap_spread: 2
                                          minimum: 1
                                          median_thousandths: 2500
                                          maximum: 8
                                          gini_millionths: 123456
                                          added: 90
                                          moved: 4
                                          removed: 1
                                          kept: 6
                                          unplaced { rule: SCHEDULE_RULE_NO_PLACE count: 15 }
                                          unplaced { rule: SCHEDULE_RULE_WORTH_LESS count: 5 })pb"),
                                        0);
  EXPECT_THAT(text, HasSubstr("editions/e/schedules/s-1 is preview, places unbooked, seed 7, 250 of 400 steps\n"
                              "100 of 120 wished meetings are placed\n"));
  EXPECT_THAT(text, ContainsRegex("people with a meeting +60 +60 +0.000 %\n"));
  EXPECT_THAT(text, ContainsRegex("value of the meetings +9990 +10000 +0.100 %\n"));
  EXPECT_THAT(text, ContainsRegex("idle gaps +5 +4 +25.000 %\n"));
  EXPECT_THAT(text, HasSubstr("minimum 1, median 2.5, maximum 8; Gini 0.1235; gaps differ by 2 at most\n"));
  EXPECT_THAT(text, HasSubstr("90 added, 4 moved, 1 removed, 6 kept\n"));
  EXPECT_THAT(text, ContainsRegex("no-place +15\n"));
}

TEST(ScheduleTablesTest, ChangesStandInTheOrderOfTimeWithLocalTimesAndTitles) {
  const auto moved = Parse<SchedulePlacement>(R"pb(
    project: "editions/e/projects/p-1"
    investor: "editions/e/investors/i-1"
    change: CHANGE_MOVED
    place: "t2"
    start_time { seconds: 1794619800 }
    end_time { seconds: 1794621300 }
    booked_start_time { seconds: 1794618000 }
    booked_place: "t1")pb");
  const auto removed = Parse<SchedulePlacement>(R"pb(
    project: "editions/e/projects/p-2"
    investor: "editions/e/investors/i-1"
    change: CHANGE_REMOVED
    booked_start_time { seconds: 1794618000 }
    booked_place: "t3")pb");
  const std::string text = ChangesText({moved, removed}, Shanghai(), Title, 0);
  EXPECT_THAT(text, ContainsRegex("removed +2026-11-14 09:00 t3 +p-2 +i-1\n"
                                  "moved +2026-11-14 09:30-09:55 t2 +2026-11-14 09:00 t1 +p-1 固态电池 +i-1\n"));
  EXPECT_EQ(ChangesText({}, Shanghai(), Title, 0), "It changes nothing.\n");
}

TEST(ScheduleTablesTest, WhatIsNotPlacedSaysWhichRuleKeepsItOut) {
  const auto one = Parse<SchedulePlacement>(
      R"pb(project: "editions/e/projects/p-1"
           investor: "editions/e/investors/i-1"
           value: 10
           rule: SCHEDULE_RULE_NO_INTERPRETER)pb");
  const auto other = Parse<SchedulePlacement>(
      R"pb(project: "editions/e/projects/p-2"
           investor: "editions/e/investors/i-1"
           value: 90
           must_meet: true
           rule: SCHEDULE_RULE_CALENDAR_FULL)pb");
  EXPECT_THAT(UnplacedText({one, other}, Title, 0),
              ContainsRegex("calendar-full +90 +yes +p-2 +i-1\nno-interpreter +10 +p-1 固态电池 +i-1\n"));
  EXPECT_EQ(UnplacedText({}, Title, 0), "All wished meetings are placed.\n");
}

TEST(ScheduleTablesTest, ViolationsAreCountedAlsoWhereNotAllAreListed) {
  EXPECT_EQ(ViolationsText(Parse<pairing::v1::VerifyScheduleResponse>("meetings: 12"), Shanghai(), 0),
            "Every hard rule holds for all 12 meetings.\n");
  const std::string text = ViolationsText(Parse<pairing::v1::VerifyScheduleResponse>(R"pb(
                                            meetings: 12
                                            violation_count: 2
                                            violations {
                                              rule: SCHEDULE_RULE_PERSON_TWICE
                                              pairings: "editions/e/pairings/a"
                                              pairings: "editions/e/pairings/b"
                                              start_time { seconds: 1794618000 }
                                              message: "i-1 is twice there"
                                            })pb"),
                                          Shanghai(), 0);
  EXPECT_THAT(text, HasSubstr("2 violations in 12 meetings:\n"));
  EXPECT_THAT(text, ContainsRegex("person-twice +2026-11-14 09:00 +a, b +i-1 is twice there\nand 1 more\n"));
}

}  // namespace
}  // namespace tandem::cli
