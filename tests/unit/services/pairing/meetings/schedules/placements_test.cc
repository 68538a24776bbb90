// A schedule in the words of the contract: what stays, moves, comes and goes, at which places and with whom.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <map>

#include "absl/strings/str_join.h"

#include "services/pairing/ledger/decision.h"
#include "services/pairing/meetings/schedules/proof.h"
#include "tests/unit/services/pairing/meetings/schedules/problem_fixture.h"

namespace tandem::pairing::meetings {
namespace {

using scheduling::Placement;
using scheduling::Schedule;
using testing::ElementsAre;
using testing::IsEmpty;
using v1::SchedulePlacement;

class PlacementsTest : public ProblemTest {
 protected:
  static Placement* Where(const ScheduleProblem& made, const std::string& pairing, Schedule* schedule) {
    return &schedule->placements.at(IndexOf(made, pairing));
  }
  // Such as "ADDED 2026-11-14T01:00:00Z t1 one", by the pairing's last part.
  static std::map<std::string, std::string> Said(const ScheduleProblem& made, const Schedule& schedule) {
    std::map<std::string, std::string> said;
    std::string last;
    for (const SchedulePlacement& placement : made.Place(schedule)) {
      EXPECT_LT(last, placement.pairing()) << "in order";
      last = placement.pairing();
      std::vector<std::string> words = {SchedulePlacement::Change_Name(placement.change()).substr(7)};
      if (placement.has_start_time()) words.push_back(TimeText(ledger::FromStamp(placement.start_time())));
      if (!placement.place().empty()) words.push_back(placement.place());
      if (!placement.interpreter().empty()) words.push_back(placement.interpreter());
      said[last.substr(last.rfind('/') + 1)] = absl::StrJoin(words, " ");
    }
    return said;
  }
};

TEST_F(PlacementsTest, WhatIsBookedIsASchedule) {
  Cut();
  Book(1, 1, 2, "t2");
  MakeMutual(1, 2);
  const ScheduleProblem made = Make();
  const Schedule booked = made.Booked();
  ASSERT_EQ(booked.placements.size(), 2u);
  EXPECT_EQ(booked.placements[IndexOf(made, Pairing(1, 1))], (Placement{2, 1}));
  EXPECT_FALSE(booked.placements[IndexOf(made, Pairing(1, 2))].placed());
}

TEST_F(PlacementsTest, WhatStaysMovesComesAndGoesIsSaidSo) {
  edition_.mutable_agenda()->mutable_places(0)->set_capacity(2);
  AddPlace("t3", "east");  // of the same pool as t1
  Cut();
  Book(1, 1, 0, "t3");
  Book(2, 2, 1, "t1");
  Book(3, 3, 0, "t2");
  Book(4, 4, 3, "t2");
  MeetingOf(4, 4)->set_locked(true);
  MakeMutual(5, 5);
  MakeMutual(6, 6);
  const ScheduleProblem made = Make();
  Schedule schedule = made.Booked();
  *Where(made, Pairing(2, 2), &schedule) = {0, 0};
  *Where(made, Pairing(3, 3), &schedule) = {};
  *Where(made, Pairing(5, 5), &schedule) = {0, 0};
  schedule.reasons.assign(schedule.placements.size(), scheduling::Rule::kFits);
  schedule.reasons[IndexOf(made, Pairing(3, 3))] = scheduling::Rule::kNoTable;
  schedule.reasons[IndexOf(made, Pairing(6, 6))] = scheduling::Rule::kTravel;
  const auto said = Said(made, schedule);
  // Whoever stays keeps the seat; those who come take what is left of the pool, in the order of the agenda.
  EXPECT_EQ(said.at("p1,i1"), "KEPT 2026-11-14T01:00:00Z t3");
  EXPECT_EQ(said.at("p2,i2"), "MOVED 2026-11-14T01:00:00Z t1");
  EXPECT_EQ(said.at("p3,i3"), "REMOVED");
  EXPECT_EQ(said.at("p4,i4"), "KEPT 2026-11-14T02:30:00Z t2");
  EXPECT_EQ(said.at("p5,i5"), "ADDED 2026-11-14T01:00:00Z t1");
  EXPECT_EQ(said.at("p6,i6"), "UNSPECIFIED");
  const std::vector<SchedulePlacement> placements = made.Place(schedule);
  ASSERT_EQ(placements.size(), 6u);
  EXPECT_EQ(placements[1].meeting(), Meeting(2, 2));
  EXPECT_EQ(placements[1].booked_place(), "t1");
  EXPECT_EQ(ledger::FromStamp(placements[1].booked_start_time()), SlotAt(1));
  EXPECT_EQ(placements[2].rule(), v1::SCHEDULE_RULE_NO_PLACE);
  EXPECT_TRUE(placements[3].locked());
  EXPECT_EQ(placements[4].project_attendee(), Project(5));
  EXPECT_TRUE(placements[4].meeting().empty());
  EXPECT_EQ(placements[5].rule(), v1::SCHEDULE_RULE_TRAVEL);
}

TEST_F(PlacementsTest, ASeatThatIsThereNoMoreIsLeftForAnother) {
  AddPlace("t3", "east");
  Cut();
  Book(1, 1, 0, "t1");
  Book(2, 2, 0, "t3")->number = 1;  // t3 had room for more once
  edition_.mutable_agenda()->mutable_places(0)->add_sessions("day2");
  Cut();
  const ScheduleProblem made = Make();
  Schedule schedule = made.Booked();
  *Where(made, Pairing(1, 1), &schedule) = {4, 0};
  const auto said = Said(made, schedule);
  EXPECT_EQ(said.at("p1,i1"), "MOVED 2026-11-15T01:00:00Z t1");
  EXPECT_EQ(said.at("p2,i2"), "MOVED 2026-11-14T01:00:00Z t3");
}

TEST_F(PlacementsTest, EachGetsAnInterpreterWhoIsFree) {
  AddInterpreter("one", {"zh", "de"});
  AddInterpreter("two", {"de", "zh"});
  Cut();
  for (const int number : {1, 2, 3}) {
    Represent(absl::StrCat("zh", number), {Project(number)})->add_languages("zh");
    Represent(absl::StrCat("de", number), {Investor(number)})->add_languages("de");
  }
  Book(1, 1, 0, "t1", "zh1", "de1")->interpreter = "two";
  Book(2, 2, 1, "t1", "zh2", "de2")->interpreter = "gone";
  MakeMutual(3, 3);
  const ScheduleProblem made = Make();
  Schedule schedule = made.Booked();
  *Where(made, Pairing(3, 3), &schedule) = {0, 1};
  auto said = Said(made, schedule);
  EXPECT_EQ(said.at("p1,i1"), "KEPT 2026-11-14T01:00:00Z t1 two") << "it keeps its own";
  EXPECT_EQ(said.at("p2,i2"), "MOVED 2026-11-14T01:30:00Z t1 one") << "its own is gone";
  EXPECT_EQ(said.at("p3,i3"), "ADDED 2026-11-14T01:00:00Z t2 one");
  *Where(made, Pairing(3, 3), &schedule) = {1, 1};
  said = Said(made, schedule);
  EXPECT_NE(said.at("p2,i2").substr(said.at("p2,i2").rfind(' ')), said.at("p3,i3").substr(said.at("p3,i3").rfind(' ')));
}

TEST_F(PlacementsTest, WhatWasMadeOfItKeepsEveryRule) {
  AddPlace("booth", "east", v1::PLACE_KIND_BOOTH)->set_owner(Project(2));
  edition_.mutable_agenda()->mutable_places(1)->set_capacity(2);
  Cut();
  Book(1, 1, 0, "t1");
  MakeMutual(1, 2);
  MakeMutual(2, 1);
  MakeMutual(2, 2);
  const ScheduleProblem made = Make();
  Schedule schedule = made.Booked();
  *Where(made, Pairing(1, 2), &schedule) = {1, 0};
  *Where(made, Pairing(2, 1), &schedule) = {2, 2};
  *Where(made, Pairing(2, 2), &schedule) = {4, 1};
  const auto prove = [&] {
    std::vector<ProvedMeeting> meetings;
    for (const SchedulePlacement& placement : made.Place(schedule)) meetings.push_back(ProvedOf(placement));
    auto participants = Participants::Of(snapshot_);
    EXPECT_TRUE(participants.ok()) << participants.status();
    std::vector<std::string> broken;
    for (const Breach& breach : Prove(&*participants, meetings, {})) broken.push_back(breach.violation.message());
    return broken;
  };
  EXPECT_THAT(prove(), IsEmpty());
  *Where(made, Pairing(2, 2), &schedule) = {1, 1};
  EXPECT_THAT(prove(), ElementsAre(testing::HasSubstr("i2 is in "), testing::HasSubstr("p2 walks 20 minutes")));
}

TEST_F(PlacementsTest, WhatAPartyHasBeyondItsDayIsTakenOutTheLeastWorthFirst) {
  edition_.mutable_agenda()->mutable_project_quotas()->set_meetings_per_day(2);
  Cut();
  Book(1, 1, 0, "t1");
  Book(1, 2, 1, "t1");
  MeetingOf(1, 2)->set_locked(true);
  MakeMutual(1, 3)->must_meet = 1;
  MakeMutual(1, 4);
  const ScheduleProblem made = Make();
  Schedule schedule = made.Booked();
  EXPECT_EQ(made.TrimParties(&schedule), 0);
  *Where(made, Pairing(1, 3), &schedule) = {2, 0};
  *Where(made, Pairing(1, 4), &schedule) = {4, 0};
  schedule.reasons.assign(schedule.placements.size(), scheduling::Rule::kFits);
  Schedule three = schedule;
  EXPECT_EQ(made.TrimParties(&three), 1);
  EXPECT_FALSE(Where(made, Pairing(1, 3), &three)->placed()) << "what is booked stays";
  EXPECT_EQ(three.reasons[IndexOf(made, Pairing(1, 3))], scheduling::Rule::kMostPerDay);
  EXPECT_TRUE(Where(made, Pairing(1, 4), &three)->placed()) << "on another day";
  *Where(made, Pairing(1, 1), &schedule) = {};
  *Where(made, Pairing(1, 4), &schedule) = {3, 0};
  EXPECT_EQ(made.TrimParties(&schedule), 1);
  EXPECT_FALSE(Where(made, Pairing(1, 4), &schedule)->placed());
  EXPECT_TRUE(Where(made, Pairing(1, 3), &schedule)->placed()) << "worth more";
  EXPECT_TRUE(Where(made, Pairing(1, 2), &schedule)->placed()) << "locked";
}

}  // namespace
}  // namespace tandem::pairing::meetings
