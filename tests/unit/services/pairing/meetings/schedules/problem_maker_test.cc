// What an edition's wishes and bookings become, and what becomes of a schedule of them.
#include "services/pairing/meetings/schedules/problem_maker.h"

#include <functional>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <map>

#include "services/pairing/ledger/decision.h"
#include "tests/unit/services/pairing/meetings/schedules/problem_fixture.h"

namespace tandem::pairing::meetings {
namespace {

using scheduling::kUnlimited;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;
using testing::UnorderedElementsAre;

TEST_F(ProblemTest, SlotsAreThoseOfTheAgendaAndNobodyMeetsInThoseThatHaveBegun) {
  Cut();
  MakeMutual(1, 1);
  choice_.now = SlotAt(1);
  const ScheduleProblem made = Make();
  const std::vector<scheduling::Slot>& slots = made.problem().slots;
  ASSERT_EQ(slots.size(), 8u);
  for (size_t i = 0; i < slots.size(); ++i) {
    EXPECT_EQ(slots[i].start_minute * 60, absl::ToUnixSeconds(SlotAt(static_cast<int>(i))));
    EXPECT_EQ(slots[i].duration_minutes, 25);
    EXPECT_EQ(slots[i].day, i < 4 ? 0 : 1);
  }
  EXPECT_THAT(SlotsOf(made, Pairing(1, 1)), ElementsAre(2, 3, 4, 5, 6, 7));
  EXPECT_EQ(made.FirstSlot(SlotAt(1)), 1);
  EXPECT_EQ(made.FirstSlot(SlotAt(1) + absl::Nanoseconds(1)), 2);
  EXPECT_EQ(made.FirstSlot(SlotAt(7) + absl::Minutes(1)), 8);
}

TEST_F(ProblemTest, AWishCountsMoreForEachSideThatMustMeetAndForWhatMatchingSays) {
  Cut();
  MakeMutual(1, 1)->must_meet = 2;
  MakeMutual(1, 2)->must_meet = 1;
  MakeMutual(1, 3);
  MakeMutual(1, 4);
  Book(1, 5, 0, "t1");
  choice_.score = [](const std::string& project, const std::string& investor) -> int64_t {
    EXPECT_EQ(project, Project(1));
    return investor == Investor(2) ? 700 : investor == Investor(3) ? kMostScore + 1 : investor == Investor(4) ? -1 : 5;
  };
  const ScheduleProblem made = Make();
  std::map<std::string, int64_t> values;
  for (size_t i = 0; i < made.wishes().size(); ++i) {
    values[made.wishes()[i].pairing] = made.wishes()[i].value;
    EXPECT_EQ(made.problem().wishes[i].value, made.wishes()[i].value);
    EXPECT_EQ(made.wishes()[i].must_meet, made.wishes()[i].value > kMustMeetValue);
  }
  EXPECT_THAT(values,
              UnorderedElementsAre(Pair(Pairing(1, 1), 21'005), Pair(Pairing(1, 2), 11'700), Pair(Pairing(1, 3), 2'000),
                                   Pair(Pairing(1, 4), 1'000), Pair(Pairing(1, 5), 1'005)));
}

TEST_F(ProblemTest, WishedIsWhatIsMutualAndHasNotMet) {
  Cut();
  MakeMutual(1, 1);
  MakeMutual(1, 2)->mutual = false;
  MakeMutual(1, 3)->meeting = "editions/e/meetings/over";  // of which nothing is booked any more
  MakeMutual(1, 4)->called_off = true;
  Book(1, 5, 0, "t1");
  MeetingOf(1, 5)->set_state(v1::Meeting::STATE_RESCHEDULE_PENDING);
  snapshot_.bookings.clear();
  Represent("both", {Project(6), Investor(6)});
  MakeMutual(6, 6);  // nobody meets themselves
  EXPECT_THAT(WishedIn(Make()), ElementsAre(Pairing(1, 1), Pairing(1, 4), Pairing(1, 5)));
  choice_.leave_called_off = true;
  EXPECT_THAT(WishedIn(Make()), ElementsAre(Pairing(1, 1), Pairing(1, 5)));
  choice_.mode = v1::SCHEDULE_MODE_SELECTED;
  choice_.selected = {Pairing(1, 5), Pairing(1, 2)};
  EXPECT_THAT(WishedIn(Make()), ElementsAre(Pairing(1, 5)));
}

TEST_F(ProblemTest, AMeetingThatLostItsSlotKeepsItsPeopleOrIsLeftToThem) {
  Cut();
  Represent("one", {Project(1)});
  Represent("two", {Project(1)});
  Book(1, 1, 0, "t1", "two");
  MeetingOf(1, 1)->set_state(v1::Meeting::STATE_RESCHEDULE_PENDING);
  snapshot_.bookings.clear();
  {
    const ScheduleProblem made = Make();
    ASSERT_EQ(made.wishes().size(), 1u);
    EXPECT_EQ(made.participants().at(made.wishes()[0].people[0]).calendar.name(), Person("two"));
    EXPECT_EQ(made.wishes()[0].meeting, Meeting(1, 1));
    EXPECT_FALSE(made.problem().wishes[0].locked());
  }
  snapshot_.representatives[Person("two")].representative.set_parties(0, Project(2));
  EXPECT_THAT(WishedIn(Make()), IsEmpty()) << "who meets does not meet for the project any more";
  MeetingOf(1, 1)->set_project_attendee(Project(1));
  EXPECT_THAT(WishedIn(Make()), IsEmpty()) << "the project met by itself and has people now";
}

TEST_F(ProblemTest, WhatIsBookedMayMoveUnlessSomethingHoldsIt) {
  Cut();
  Represent("one", {Project(1)})->set_most_meetings(5);
  Book(1, 1, 2, "t1", "one");
  const Snapshot movable = snapshot_;
  const Choice all = choice_;
  const auto locked = [this] {
    const ScheduleProblem made = Make();
    EXPECT_EQ(made.wishes().size(), 1u);
    const scheduling::Wish& wish = made.problem().wishes.at(0);
    EXPECT_EQ(wish.locked_pool, wish.locked() ? 0 : kNone);
    EXPECT_TRUE(!wish.locked() || wish.locked_slot == 2);
    return wish.locked();
  };
  EXPECT_FALSE(locked());
  const std::map<std::string, std::function<void()>> holds = {
      {"somebody locked it", [this] { MeetingOf(1, 1)->set_locked(true); }},
      {"somebody forced it", [this] { MeetingOf(1, 1)->set_forced_reason("the minister comes"); }},
      {"somebody wants to move it", [this] { MeetingOf(1, 1)->set_state(v1::Meeting::STATE_RESCHEDULE_PENDING); }},
      {"it has begun", [this] { choice_.now = SlotAt(2); }},
      {"what is booked stays", [this] { choice_.mode = v1::SCHEDULE_MODE_UNBOOKED; }},
      {"it is not selected", [this] { choice_.mode = v1::SCHEDULE_MODE_SELECTED; }},
      {"it is not mutual any more", [this] { MakeMutual(1, 1)->mutual = false; }},
      {"the pairing has another meeting", [this] { MakeMutual(1, 1)->meeting = Meeting(9, 9); }},
      {"the pairing is gone", [this] { snapshot_.pairings.clear(); }},
      {"the meeting is gone", [this] { snapshot_.meetings.clear(); }},
      {"its person meets for another one now",
       [this] { snapshot_.representatives[Person("one")].representative.set_parties(0, Project(2)); }},
      {"its investor met by itself and has people now", [this] { Represent("new", {Investor(1)}); }},
  };
  for (const auto& [why, hold] : holds) {
    SCOPED_TRACE(why);
    hold();
    EXPECT_TRUE(locked());
    snapshot_ = movable;
    choice_ = all;
  }
  choice_.now = SlotAt(2) - absl::Minutes(1);
  choice_.mode = v1::SCHEDULE_MODE_SELECTED;
  choice_.selected = {Pairing(1, 1)};
  EXPECT_FALSE(locked());
}

TEST_F(ProblemTest, WhatALoweredLimitLeavesBookedStays) {
  edition_.mutable_agenda()->mutable_investor_quotas()->set_meetings_per_day(1);
  Cut();
  v1::Representative* one = Represent("one", {Project(1)});
  Book(1, 1, 0, "t1", "one");
  Book(1, 2, 1, "t1", "one");
  Book(2, 3, 0, "t2");
  EXPECT_THAT(LockedIn(Make()), IsEmpty());
  one->set_most_meetings(1);
  EXPECT_THAT(LockedIn(Make()), UnorderedElementsAre(Pairing(1, 1), Pairing(1, 2)));
  one->set_most_meetings(2);
  one->set_most_meetings_per_day(1);
  EXPECT_THAT(LockedIn(Make()), UnorderedElementsAre(Pairing(1, 1), Pairing(1, 2)));
  one->clear_most_meetings_per_day();
  Book(4, 3, 2, "t1");
  EXPECT_THAT(LockedIn(Make()), UnorderedElementsAre(Pairing(2, 3), Pairing(4, 3))) << "beyond the investor's quota";
}

TEST_F(ProblemTest, NamedSlotsConfineAPairingAndWhereItIsItMayStay) {
  Cut();
  const auto confine = [this](PairingFacts* facts, const std::vector<int>& slots) {
    facts->confined = true;
    for (const int slot : slots) facts->slots.push_back(SlotAt(slot));
  };
  confine(MakeMutual(1, 1), {1, 6});
  confine(MakeMutual(2, 2), {});
  Book(3, 3, 0, "t1");
  confine(MakeMutual(3, 3), {4});
  const ScheduleProblem made = Make();
  EXPECT_THAT(SlotsOf(made, Pairing(1, 1)), ElementsAre(1, 6));
  EXPECT_THAT(SlotsOf(made, Pairing(2, 2)), IsEmpty());
  EXPECT_THAT(SlotsOf(made, Pairing(3, 3)), ElementsAre(0, 4));
}

TEST_F(ProblemTest, PeopleMeetOnSiteUnlessOnlyADistanceWillDo) {
  AddPlace("room", "", v1::PLACE_KIND_VIRTUAL_ROOM);  // pool 2
  Cut();
  const auto represent = [this](const std::string& id, const std::string& party, v1::Attendance how) {
    v1::Representative* one = Represent(id, {party});
    one->set_attendance(how);
    return one;
  };
  represent("far", Project(1), v1::ATTENDANCE_VIRTUAL);
  represent("either", Project(2), v1::ATTENDANCE_HYBRID);
  represent("day", Investor(2), v1::ATTENDANCE_HYBRID)->mutable_virtual_hours()->set_end_minute(10 * 60);
  represent("any", Investor(3), v1::ATTENDANCE_HYBRID);
  MakeMutual(1, 1);
  MakeMutual(1, 3);
  MakeMutual(2, 1);
  MakeMutual(2, 2);
  MakeMutual(2, 3);
  const ScheduleProblem made = Make();
  EXPECT_THAT(SlotsOf(made, Pairing(1, 1)), IsEmpty()) << "one is far, the other one on site";
  EXPECT_THAT(PoolsOf(made, Pairing(1, 3)), ElementsAre(2));
  EXPECT_THAT(PoolsOf(made, Pairing(2, 1)), ElementsAre(0, 1));
  // At a distance until ten in Shanghai, on site all day.
  EXPECT_THAT(PoolsOf(made, Pairing(2, 2)), ElementsAre(0, 1));
  EXPECT_THAT(SlotsOf(made, Pairing(2, 2)), ElementsAre(0, 1, 2, 3, 4, 5, 6, 7));
  EXPECT_THAT(PoolsOf(made, Pairing(2, 3)), ElementsAre(0, 1, 2)) << "both ways in the same slots";
}

TEST_F(ProblemTest, PlacesArePoolsAndBoothsAreForTheirOwners) {
  AddPlace("booth", "east", v1::PLACE_KIND_BOOTH)->set_owner(Investor(2));  // pool 2
  AddPlace("big", "west")->set_capacity(3);                                 // more of pool 1
  edition_.mutable_agenda()->mutable_places(3)->add_sessions("day2");
  Cut();
  for (const int investor : {1, 2}) MakeMutual(1, investor);
  const ScheduleProblem made = Make();
  EXPECT_THAT(PoolsOf(made, Pairing(1, 1)), ElementsAre(0, 1));
  EXPECT_THAT(PoolsOf(made, Pairing(1, 2)), ElementsAre(0, 1, 2));
  const std::vector<scheduling::Pool>& pools = made.problem().pools;
  ASSERT_EQ(pools.size(), 3u);
  EXPECT_THAT(pools[0].capacity, ElementsAre(1, 1, 1, 1, 1, 1, 1, 1));
  EXPECT_THAT(pools[1].capacity, ElementsAre(1, 1, 1, 1, 4, 4, 4, 4));
  EXPECT_EQ(made.problem().Travel(pools[0].hall, pools[1].hall), 20);
  EXPECT_EQ(made.problem().Travel(pools[0].hall, pools[2].hall), 0);
}

TEST_F(ProblemTest, InterpretersAreCountedWithoutThoseWhoAreTaken) {
  AddInterpreter("one", {"zh", "de"});
  AddInterpreter("two", {"de", "zh"});
  AddInterpreter("other", {"en", "de"});
  Cut();
  for (const int number : {1, 2}) {
    Represent(absl::StrCat("zh", number), {Project(number)})->add_languages("zh");
    Represent(absl::StrCat("de", number), {Investor(number)})->add_languages("de");
  }
  Book(1, 1, 0, "t1", "zh1", "de1")->interpreter = "two";
  MeetingOf(1, 1)->set_locked(true);
  MakeMutual(1, 2);
  MakeMutual(2, 1);
  MakeMutual(2, 3);
  const ScheduleProblem made = Make();
  const int32_t kind = WishOf(made, Pairing(1, 2)).interpreter;
  ASSERT_NE(kind, kNone);
  EXPECT_EQ(WishOf(made, Pairing(2, 1)).interpreter, kind);
  EXPECT_EQ(WishOf(made, Pairing(2, 3)).interpreter, kNone) << "who states no language has one in common";
  EXPECT_THAT(made.problem().interpreters.at(static_cast<size_t>(kind)).capacity, ElementsAre(1, 2, 2, 2, 2, 2, 2, 2));
}

TEST_F(ProblemTest, LimitsArePeoplesOwnAndTheirSharesOfTheirPartys) {
  edition_.mutable_agenda()->mutable_project_quotas()->set_meetings_per_day(3);
  Cut();
  Represent("a", {Project(1)});
  Represent("b", {Project(1)})->set_most_meetings_per_day(5);
  v1::Representative* c = Represent("c", {Project(2)});
  c->set_most_meetings(4);
  c->set_most_meetings_per_day(2);
  Represent("d", {Project(3), Project(4)});
  for (const int investor : {1, 2}) MakeMutual(1, investor);
  for (const int project : {2, 3, 4}) MakeMutual(project, 3);
  {
    const ScheduleProblem made = Make();
    EXPECT_EQ(LimitOf(made, "a") + LimitOf(made, "b"), 3) << "shared out";
    EXPECT_EQ(LimitOf(made, "c"), 2);
    EXPECT_EQ(PersonIn(made, Person("c")).most_meetings, 4);
    EXPECT_EQ(LimitOf(made, "d"), 6) << "of who meets for two the shares add up";
    EXPECT_EQ(PersonIn(made, Investor(3)).most_per_day, kUnlimited);
    EXPECT_EQ(PersonIn(made, Investor(3)).most_meetings, kUnlimited);
  }
  // Whoever has three keeps them.
  snapshot_.pairings.clear();
  for (const int investor : {1, 2, 3}) Book(1, investor, investor, "t1", "b");
  Book(1, 4, 0, "t1", "a");
  MakeMutual(1, 5);
  EXPECT_EQ(LimitOf(Make(), "b"), 3);
}

TEST_F(ProblemTest, WhoFollowsAPartyThatMetByItselfIsKeptFreeForThat) {
  Cut();
  Book(1, 1, 2, "t1");
  MakeMutual(1, 2);
  EXPECT_THAT(SlotsOf(Make(), Pairing(1, 2)), ElementsAre(0, 1, 2, 3, 4, 5, 6, 7));
  Represent("new", {Project(1)});
  // The meeting, and the longest way there and back.
  EXPECT_THAT(SlotsOf(Make(), Pairing(1, 2)), ElementsAre(0, 4, 5, 6, 7));
}

TEST_F(ProblemTest, OrdersAreOfWishesAndGoRoundInNoCircle) {
  Cut();
  for (const int investor : {1, 2, 3, 4}) MakeMutual(1, investor);
  choice_.orders = {{Pairing(1, 1), Pairing(1, 2)}, {Pairing(1, 2), Pairing(1, 3)}};
  {
    const ScheduleProblem made = Make();
    std::vector<std::pair<std::string, std::string>> orders;
    for (const scheduling::Precedence& one : made.problem().precedences) {
      orders.emplace_back(made.wishes().at(static_cast<size_t>(one.earlier)).pairing,
                          made.wishes().at(static_cast<size_t>(one.later)).pairing);
    }
    EXPECT_EQ(orders, choice_.orders);
  }
  choice_.orders.emplace_back(Pairing(1, 3), Pairing(1, 4));
  choice_.orders.emplace_back(Pairing(1, 3), Pairing(1, 1));
  EXPECT_THAT(Refused(), ElementsAre("orders"));
  EXPECT_THAT(message_, testing::HasSubstr(" would have to come before itself"));
  EXPECT_THAT(message_, testing::Not(testing::HasSubstr(Pairing(1, 4)))) << "it is behind the circle, not in it";
  choice_.orders = {{Pairing(1, 1), Pairing(9, 9)},
                    {Pairing(1, 1), Pairing(1, 1)},
                    {Pairing(9, 9), Pairing(1, 1)},
                    {Pairing(1, 2), Pairing(1, 3)}};
  EXPECT_THAT(Refused(), ElementsAre("orders[0].later", "orders[1].later", "orders[2].earlier"));
  choice_.orders.erase(choice_.orders.begin() + 1);
  choice_.lenient_orders = true;
  EXPECT_EQ(Make().problem().precedences.size(), 1u);
}

TEST_F(ProblemTest, ABookingInASlotThatTheAgendaHasLostIsStillThere) {
  Cut();
  Booking* booking = Book(1, 1, 1, "t1");
  booking->start -= absl::Minutes(5);
  booking->end -= absl::Minutes(5);
  booking->place = "gone";
  MeetingOf(1, 1)->set_locked(true);
  MakeMutual(1, 2);
  const ScheduleProblem made = Make();
  ASSERT_EQ(made.problem().slots.size(), 9u);
  EXPECT_EQ(made.problem().slots[1].start_minute * 60, absl::ToUnixSeconds(booking->start));
  EXPECT_EQ(made.problem().slots[1].day, 0);
  EXPECT_THAT(SlotsOf(made, Pairing(1, 2)), ElementsAre(0, 2, 3, 4, 5, 6, 7, 8)) << "nobody else meets in it";
  const scheduling::Wish& wish = WishOf(made, Pairing(1, 1));
  EXPECT_EQ(wish.locked_slot, 1);
  EXPECT_THAT(made.problem().pools.at(static_cast<size_t>(wish.locked_pool)).capacity, testing::Each(0));
}

TEST_F(ProblemTest, PeopleAreFoundByTheirNameAndByTheirParty) {
  Cut();
  Represent("one", {Project(1), Project(2)});
  MakeMutual(1, 1);
  MakeMutual(2, 1);
  const ScheduleProblem made = Make();
  EXPECT_EQ(made.PeopleOf(Project(1)).size(), 1u);
  EXPECT_EQ(made.PeopleOf(Project(1)), made.PeopleOf(Person("one")));
  EXPECT_EQ(made.PeopleOf(Project(2)), made.PeopleOf(Person("one")));
  EXPECT_NE(made.PeopleOf(Investor(1)), made.PeopleOf(Person("one")));
  EXPECT_THAT(made.PeopleOf(Project(9)), IsEmpty());
}

}  // namespace
}  // namespace tandem::pairing::meetings
