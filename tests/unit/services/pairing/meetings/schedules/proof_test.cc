// Each rule is broken, and nothing else: the proof says so, and nothing else.
#include "services/pairing/meetings/schedules/proof.h"

#include <algorithm>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"

#include "services/pairing/ledger/decision.h"
#include "tests/unit/services/pairing/meetings/schedules/snapshot_fixture.h"

namespace tandem::pairing::meetings {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using Meetings = std::vector<ProvedMeeting>;

class ProofTest : public SnapshotTest {
 protected:
  ProofTest() {
    AddPlace("t1", "east");
    AddPlace("t2", "west");
    AddPlace("big", "east")->set_capacity(2);
    AddPlace("late", "east")->add_sessions("day2");
    AddPlace("booth", "east", v1::PLACE_KIND_BOOTH)->set_owner(Project(1));
    AddPlace("room", "", v1::PLACE_KIND_VIRTUAL_ROOM)->set_capacity(2);
    AddWay("east", "west", 20);
  }

  ProvedMeeting Meet(int project, int investor, int slot, const std::string& place = "t1") const {
    ProvedMeeting meeting;
    meeting.pairing = Pairing(project, investor);
    meeting.meeting = Meeting(project, investor);
    meeting.parties = {Project(project), Investor(investor)};
    meeting.people = meeting.parties;
    meeting.start = SlotAt(slot);
    meeting.end = snapshot_.agenda->slots()[static_cast<size_t>(slot)].end;
    meeting.place = place;
    return meeting;
  }
  // The same, of these people.
  ProvedMeeting MeetOf(ProvedMeeting meeting, const std::string& project_person, const std::string& investor_person) {
    if (!project_person.empty()) meeting.people[0] = Person(project_person);
    if (!investor_person.empty()) meeting.people[1] = Person(investor_person);
    return meeting;
  }
  static ProvedMeeting AtADistance(ProvedMeeting meeting) {
    meeting.at_a_distance = true;
    meeting.place = "room";
    return meeting;
  }
  static ProvedMeeting With(ProvedMeeting meeting, const std::string& interpreter) {
    meeting.interpreter = interpreter;
    return meeting;
  }

  // Such as "TRAVEL of 0,2: projects/p1", by the order of `meetings`; what is said of them is in `messages_`.
  std::vector<std::string> Broken(const Meetings& meetings,
                                  const std::vector<std::pair<std::string, std::string>>& orders = {}) {
    auto participants = Participants::Of(snapshot_);
    EXPECT_TRUE(participants.ok()) << participants.status();
    std::vector<std::string> broken;
    messages_.clear();
    for (const Breach& breach : Prove(&*participants, meetings, orders)) {
      const v1::ScheduleViolation& violation = breach.violation;
      EXPECT_FALSE(breach.meetings.empty());
      EXPECT_TRUE(violation.attendee().empty() || violation.place().empty());
      EXPECT_GT(violation.pairings_size(), 0);
      for (const std::string& pairing : violation.pairings()) {
        EXPECT_TRUE(std::any_of(breach.meetings.begin(), breach.meetings.end(), [&](size_t i) {
          return meetings.at(i).pairing == pairing;
        })) << pairing;
      }
      broken.push_back(absl::StrCat(absl::StripPrefix(v1::ScheduleRule_Name(violation.rule()), "SCHEDULE_RULE_"),
                                    " of ", absl::StrJoin(breach.meetings, ","), ": ",
                                    absl::StripPrefix(violation.attendee(), "editions/e/"), violation.place()));
      messages_.push_back(violation.message());
    }
    return broken;
  }
  std::string Said() const { return absl::StrJoin(messages_, "\n"); }

  std::vector<std::string> messages_;
};

TEST_F(ProofTest, NothingIsFoundWhereEveryRuleIsKept) {
  Cut();
  EXPECT_THAT(Broken({}), IsEmpty());
  EXPECT_THAT(Broken({Meet(1, 1, 0), Meet(1, 2, 1), Meet(2, 1, 2, "t2"), Meet(3, 3, 0, "big"), Meet(2, 2, 0, "big"),
                      Meet(2, 2, 4, "late"), Meet(1, 3, 3, "booth")},
                     {{Pairing(1, 1), Pairing(1, 2)}, {Pairing(1, 2), Pairing(2, 1)}, {Pairing(9, 9), Pairing(1, 1)}}),
              IsEmpty());
}

TEST_F(ProofTest, ASlotThatTheAgendaDoesNotHave) {
  *edition_.mutable_agenda()->mutable_sessions(1)->add_closed_slots() = ledger::ToStamp(At("2026-11-15T01:30:00Z"));
  Cut();
  ProvedMeeting early = Meet(1, 1, 1), longer = Meet(2, 2, 1, "big"), closed = Meet(3, 3, 4);
  early.start -= absl::Minutes(1);
  longer.end += absl::Minutes(1);
  closed.start += absl::Minutes(30);
  closed.end += absl::Minutes(30);
  EXPECT_THAT(Broken({early, longer, closed}), ElementsAre("SLOT of 0: ", "SLOT of 1: ", "SLOT of 2: "));
  EXPECT_THAT(Said(), HasSubstr(absl::StrCat(Meeting(1, 1), " at 2026-11-14T01:29:00Z: the agenda has no such slot")));
}

TEST_F(ProofTest, SomebodyWhoIsNotThere) {
  Cut();
  v1::TimeRange* away = Represent("away", {Project(1)})->add_unavailable();
  SetStamp("2026-11-14T01:20:00Z", away->mutable_start_time());
  SetStamp("2026-11-14T01:30:00Z", away->mutable_end_time());
  v1::TimeRange* there = Represent("there", {Investor(1)})->add_available();
  SetStamp("2026-11-14T01:00:00Z", there->mutable_start_time());
  SetStamp("2026-11-14T02:00:00Z", there->mutable_end_time());
  EXPECT_THAT(Broken({MeetOf(Meet(1, 1, 1), "away", "there")}), IsEmpty());
  EXPECT_THAT(Broken({MeetOf(Meet(1, 1, 0), "away", "there")}), ElementsAre("SLOT of 0: representatives/away"));
  EXPECT_THAT(Broken({MeetOf(Meet(1, 1, 2), "away", "there")}), ElementsAre("SLOT of 0: representatives/there"));
  EXPECT_THAT(Said(), HasSubstr("there cannot meet on site then"));
}

TEST_F(ProofTest, SomebodyWhoTakesPartInAnotherWay) {
  Cut();
  Represent("far", {Project(1)})->set_attendance(v1::ATTENDANCE_VIRTUAL);
  Represent("either", {Investor(1)})->set_attendance(v1::ATTENDANCE_HYBRID);
  EXPECT_THAT(Broken({MeetOf(AtADistance(Meet(1, 1, 0)), "far", "either")}), IsEmpty());
  EXPECT_THAT(Broken({MeetOf(Meet(1, 1, 0), "far", "either")}), ElementsAre("SLOT of 0: representatives/far"));
  EXPECT_THAT(Broken({MeetOf(AtADistance(Meet(1, 2, 0)), "far", "")}), ElementsAre("SLOT of 0: investors/i2"));
  EXPECT_THAT(Said(), HasSubstr("i2 cannot meet at a distance then"));
}

TEST_F(ProofTest, NobodyMeetsAtADistanceOutsideTheHoursOfTheirOwnDay) {
  Cut();
  for (const char* id : {"berlin", "shanghai"}) {
    v1::Representative* one = Represent(id, {id == std::string("berlin") ? Project(1) : Investor(1)});
    one->set_attendance(v1::ATTENDANCE_HYBRID);
    one->mutable_virtual_hours()->set_start_minute(8 * 60);
    one->mutable_virtual_hours()->set_end_minute(20 * 60);
  }
  // One o'clock by Greenwich is nine in the morning in Shanghai, and two at night in Berlin.
  const ProvedMeeting meeting = MeetOf(AtADistance(Meet(1, 1, 0)), "berlin", "shanghai");
  EXPECT_THAT(Broken({meeting}), IsEmpty());
  snapshot_.representatives[Person("berlin")].representative.set_time_zone("Europe/Berlin");
  EXPECT_THAT(Broken({meeting}), ElementsAre("SLOT of 0: representatives/berlin"));
  EXPECT_THAT(Broken({MeetOf(Meet(1, 1, 0), "berlin", "shanghai")}), IsEmpty()) << "on site any hour will do";
}

TEST_F(ProofTest, SomebodyWhoDoesNotMeetForThatParty) {
  Cut();
  Represent("one", {Project(1), Project(2)});
  EXPECT_THAT(Broken({MeetOf(Meet(2, 1, 0), "one", "")}), IsEmpty());
  EXPECT_THAT(Broken({MeetOf(Meet(3, 1, 0), "one", "")}), ElementsAre("SLOT of 0: representatives/one"));
  EXPECT_THAT(Said(), HasSubstr("one does not meet for editions/e/projects/p3"));
}

TEST_F(ProofTest, APersonTwiceInOneSlot) {
  Cut();
  EXPECT_THAT(Broken({Meet(1, 1, 0), Meet(2, 2, 0, "big"), Meet(1, 3, 0, "big")}),
              ElementsAre("PERSON_TWICE of 0,2: projects/p1"));
  EXPECT_THAT(Said(), HasSubstr("p1 is in editions/e/meetings/p1,i1-1 and in editions/e/meetings/p1,i3-1 at "));
  Represent("one", {Investor(1), Investor(2)});
  EXPECT_THAT(Broken({MeetOf(Meet(1, 1, 0), "", "one"), MeetOf(Meet(2, 2, 0, "big"), "", "one")}),
              ElementsAre("PERSON_TWICE of 0,1: representatives/one"));
  Represent("both", {Project(3), Investor(3)});
  EXPECT_THAT(Broken({MeetOf(Meet(3, 3, 0), "both", "both")}),
              ElementsAre("PERSON_TWICE of 0,0: representatives/both"));
}

TEST_F(ProofTest, WhoMeetsForAPartyIsFreeForWhatItBookedByItself) {
  Cut();
  Represent("one", {Project(1), Project(2)});
  const ProvedMeeting own = Meet(1, 1, 1);
  const auto meet = [&](int project, int investor, int slot, const char* place) {
    return MeetOf(Meet(project, investor, slot, place), "one", "");
  };
  EXPECT_THAT(Broken({own, meet(1, 2, 0, "big"), meet(1, 3, 2, "big"), meet(2, 4, 1, "big")}), IsEmpty())
      << "for another party: somebody else may go to the first";
  EXPECT_THAT(Broken({own, meet(1, 2, 1, "big")}), ElementsAre("PERSON_TWICE of 0,1: representatives/one"));
  EXPECT_THAT(Broken({own, meet(1, 2, 0, "t2")}), ElementsAre("TRAVEL of 1,0: representatives/one"));
  EXPECT_THAT(Broken({own, meet(1, 2, 2, "t2")}), ElementsAre("TRAVEL of 0,1: representatives/one"));
}

TEST_F(ProofTest, MoreMeetingsThanAPersonMayHave) {
  Cut();
  v1::Representative* one = Represent("one", {Project(1)});
  one->set_most_meetings(3);
  one->set_most_meetings_per_day(2);
  const auto meet = [&](int investor, int slot) { return MeetOf(Meet(1, investor, slot), "one", ""); };
  EXPECT_THAT(Broken({meet(1, 0), meet(2, 1), meet(3, 4)}), IsEmpty());
  EXPECT_THAT(Broken({meet(1, 0), meet(3, 2), meet(2, 1)}), ElementsAre("MOST_PER_DAY of 0,2,1: representatives/one"));
  EXPECT_THAT(Said(), HasSubstr("one has 3 meetings on the day of 2026-11-14T02:00:00Z; at most 2 are allowed"));
  EXPECT_THAT(Broken({meet(1, 0), meet(2, 1), meet(3, 4), meet(4, 5)}),
              ElementsAre("MOST_MEETINGS of 0,1,2,3: representatives/one"));
  EXPECT_THAT(Said(), HasSubstr("one has 4 meetings; at most 3 are allowed"));
}

TEST_F(ProofTest, MoreMeetingsOnADayThanAPartyMayHave) {
  edition_.mutable_agenda()->mutable_project_quotas()->set_meetings_per_day(2);
  edition_.mutable_agenda()->mutable_investor_quotas()->set_meetings_per_day(1);
  Cut();
  Represent("a", {Project(1)});
  Represent("b", {Project(1)});
  const Meetings kept = {MeetOf(Meet(1, 1, 0), "a", ""), MeetOf(Meet(1, 2, 0, "big"), "b", ""),
                         MeetOf(Meet(1, 3, 4), "a", "")};
  EXPECT_THAT(Broken(kept), IsEmpty());
  Meetings meetings = kept;
  meetings.push_back(MeetOf(Meet(1, 4, 1), "a", ""));
  EXPECT_THAT(Broken(meetings), ElementsAre("MOST_PER_DAY of 0,1,3: projects/p1"));
  meetings = kept;
  meetings.push_back(Meet(2, 2, 2));
  EXPECT_THAT(Broken(meetings), ElementsAre("MOST_PER_DAY of 1,3: investors/i2"));
}

TEST_F(ProofTest, APlaceThatIsNotForThem) {
  Cut();
  EXPECT_THAT(Broken({Meet(1, 1, 0, "t9")}), ElementsAre("PLACE of 0: t9"));
  EXPECT_THAT(Broken({Meet(1, 1, 0, "room")}), ElementsAre("PLACE of 0: room"));
  EXPECT_THAT(Said(), HasSubstr("place room is a virtual room"));
  EXPECT_THAT(Broken({Meet(1, 1, 3, "late")}), ElementsAre("PLACE of 0: late"));
  EXPECT_THAT(Said(), HasSubstr("place late is not there in that session"));
  EXPECT_THAT(Broken({Meet(2, 1, 0, "booth")}), ElementsAre("PLACE of 0: booth"));
  EXPECT_THAT(Said(), HasSubstr("booth booth is that of editions/e/projects/p1"));
  Represent("far", {Project(2)})->set_attendance(v1::ATTENDANCE_VIRTUAL);
  Represent("away", {Investor(2)})->set_attendance(v1::ATTENDANCE_VIRTUAL);
  ProvedMeeting table = MeetOf(AtADistance(Meet(2, 2, 0)), "far", "away");
  table.place = "t1";
  EXPECT_THAT(Broken({table}), ElementsAre("PLACE of 0: t1"));
  EXPECT_THAT(Said(), HasSubstr("place t1 is no virtual room"));
}

TEST_F(ProofTest, APlaceOverItsCapacity) {
  Cut();
  EXPECT_THAT(Broken({Meet(1, 1, 0), Meet(2, 2, 0), Meet(3, 3, 1)}), ElementsAre("NO_PLACE of 0,1: t1"));
  EXPECT_THAT(Broken({Meet(1, 1, 0, "big"), Meet(2, 2, 0, "big"), Meet(3, 3, 1, "big")}), IsEmpty());
  EXPECT_THAT(Broken({Meet(1, 1, 0, "big"), Meet(2, 2, 0, "big"), Meet(3, 3, 0, "big")}),
              ElementsAre("NO_PLACE of 0,1,2: big"));
  EXPECT_THAT(Said(), HasSubstr("3 meetings are at big at 2026-11-14T01:00:00Z, which has room for 2"));
}

TEST_F(ProofTest, AnInterpreterIsMissingOrTheWrongOneOrThereTwice) {
  Cut();
  for (const int number : {1, 2}) {
    Represent(absl::StrCat("zh", number), {Project(number)})->add_languages("zh-Hans");
    Represent(absl::StrCat("de", number), {Investor(number)})->add_languages("de");
  }
  const ProvedMeeting one = MeetOf(Meet(1, 1, 0), "zh1", "de1"), two = MeetOf(Meet(2, 2, 0, "big"), "zh2", "de2");
  EXPECT_THAT(Broken({one}), IsEmpty()) << "the agenda manages no interpreters";

  AddInterpreter("fits", {"de", "zh"});
  AddInterpreter("other", {"en", "de"});
  AddInterpreter("late", {"zh", "de"});
  edition_.mutable_agenda()->mutable_interpreters(2)->add_sessions("day2");
  Cut();
  EXPECT_THAT(Broken({With(one, "fits")}), IsEmpty());
  EXPECT_THAT(Broken({one}), ElementsAre("NO_INTERPRETER of 0: "));
  EXPECT_THAT(Said(), HasSubstr("the two have no language in common, and nobody interprets"));
  EXPECT_THAT(Broken({With(one, "nobody")}), ElementsAre("NO_INTERPRETER of 0: nobody"));
  EXPECT_THAT(Broken({With(one, "other")}), ElementsAre("NO_INTERPRETER of 0: other"));
  EXPECT_THAT(Said(), HasSubstr("other does not stand between their languages"));
  EXPECT_THAT(Broken({With(one, "late")}), ElementsAre("NO_INTERPRETER of 0: late"));
  EXPECT_THAT(Said(), HasSubstr("late does not work in that session"));
  EXPECT_THAT(Broken({With(one, "fits"), With(two, "fits")}), ElementsAre("NO_INTERPRETER of 0,1: fits"));
  EXPECT_THAT(Said(), HasSubstr("interpreter fits is in 2 meetings at 2026-11-14T01:00:00Z"));
  // Who has a language in common, or states none, needs nobody.
  Represent("en-de", {Investor(3)})->add_languages("de-AT");
  snapshot_.representatives[Person("en-de")].representative.add_languages("zh");
  EXPECT_THAT(Broken({MeetOf(Meet(1, 3, 0), "zh1", "en-de"), MeetOf(Meet(2, 4, 0, "big"), "zh2", "")}), IsEmpty());
}

TEST_F(ProofTest, AWayThatTakesLongerThanThereIsTime) {
  Cut();
  EXPECT_THAT(Broken({Meet(1, 1, 0, "t1"), Meet(1, 2, 1, "big"), Meet(1, 3, 3, "t2")}), IsEmpty());
  EXPECT_THAT(Broken({Meet(1, 2, 1, "t2"), Meet(1, 1, 0, "t1")}), ElementsAre("TRAVEL of 1,0: projects/p1"));
  EXPECT_THAT(Said(), HasSubstr("p1 walks 20 minutes from t1 to t2 and has 5"));
}

TEST_F(ProofTest, AWayIsLongEvenIfAMeetingAtADistanceLiesBetween) {
  edition_.mutable_agenda()->mutable_travel_times(0)->set_minutes(40);
  Cut();
  Represent("one", {Project(1)})->set_attendance(v1::ATTENDANCE_HYBRID);
  Represent("two", {Investor(2)})->set_attendance(v1::ATTENDANCE_HYBRID);
  const ProvedMeeting first = MeetOf(Meet(1, 1, 0), "one", ""),
                      second = MeetOf(AtADistance(Meet(1, 2, 1)), "one", "two");
  EXPECT_THAT(Broken({first, second, MeetOf(Meet(1, 3, 2), "one", "")}), IsEmpty());
  EXPECT_THAT(Broken({first, second, MeetOf(Meet(1, 3, 2, "t2"), "one", "")}),
              ElementsAre("TRAVEL of 0,2: representatives/one"));
  EXPECT_THAT(Broken({first, second, MeetOf(Meet(1, 3, 3, "t2"), "one", "")}), IsEmpty());
}

TEST_F(ProofTest, AMeetingThatComesBeforeOneThatItHasToFollow) {
  Cut();
  const std::vector<std::pair<std::string, std::string>> orders = {{Pairing(1, 1), Pairing(2, 2)}};
  EXPECT_THAT(Broken({Meet(1, 1, 0), Meet(2, 2, 1)}, orders), IsEmpty());
  EXPECT_THAT(Broken({Meet(2, 2, 1)}, orders), IsEmpty()) << "the other one is not placed";
  EXPECT_THAT(Broken({Meet(1, 1, 0), Meet(2, 2, 0, "big")}, orders), ElementsAre("ORDER of 0,1: "));
  EXPECT_THAT(Broken({Meet(2, 2, 1), Meet(1, 1, 4)}, orders), ElementsAre("ORDER of 1,0: "));
  EXPECT_THAT(Said(),
              HasSubstr("p2,i2-1 begins at 2026-11-14T01:30:00Z, before editions/e/meetings/p1,i1-1 has ended"));
}

TEST_F(ProofTest, EveryBreachIsFoundAndAlwaysInTheSameOrder) {
  Cut();
  const Meetings meetings = {Meet(1, 1, 0), Meet(1, 1, 0), Meet(1, 2, 1, "t2"), Meet(2, 3, 0, "booth")};
  const auto broken = Broken(meetings);
  EXPECT_THAT(broken,
              ElementsAre("PLACE of 3: booth", "PERSON_TWICE of 0,1: investors/i1", "PERSON_TWICE of 0,1: projects/p1",
                          "TRAVEL of 1,2: projects/p1", "TRAVEL of 0,2: projects/p1", "NO_PLACE of 0,1: t1"));
  EXPECT_EQ(Broken(meetings), broken);
}

TEST_F(ProofTest, APlacementAndABookingOfTheSameMeetingAreProvedAlike) {
  AddInterpreter("fits", {"de", "zh"});
  Cut();
  Booking booking = *Book(1, 2, 3, "t2", "one", "two");
  booking.interpreter = "fits";
  v1::SchedulePlacement placement;
  placement.set_pairing(Pairing(1, 2));
  placement.set_meeting(Meeting(1, 2));
  placement.set_project(Project(1));
  placement.set_investor(Investor(2));
  placement.set_project_attendee(Person("one"));
  placement.set_investor_attendee(Person("two"));
  *placement.mutable_start_time() = ledger::ToStamp(booking.start);
  *placement.mutable_end_time() = ledger::ToStamp(booking.end);
  placement.set_place("t2");
  placement.set_interpreter("fits");
  for (const ProvedMeeting& proved : {ProvedOf(placement), ProvedOf(booking, Pairing(1, 2))}) {
    EXPECT_EQ(proved.pairing, Pairing(1, 2));
    EXPECT_EQ(proved.meeting, Meeting(1, 2));
    EXPECT_THAT(proved.parties, ElementsAre(Project(1), Investor(2)));
    EXPECT_THAT(proved.people, ElementsAre(Person("one"), Person("two")));
    EXPECT_EQ(TimeText(proved.start), "2026-11-14T02:30:00Z");
    EXPECT_EQ(TimeText(proved.end), "2026-11-14T02:55:00Z");
    EXPECT_FALSE(proved.at_a_distance);
    EXPECT_EQ(proved.place, "t2");
    EXPECT_EQ(proved.interpreter, "fits");
  }
  booking.hall.clear();
  placement.set_at_a_distance(true);
  EXPECT_TRUE(ProvedOf(booking, "").at_a_distance);
  EXPECT_TRUE(ProvedOf(placement).at_a_distance);
}

}  // namespace
}  // namespace tandem::pairing::meetings
