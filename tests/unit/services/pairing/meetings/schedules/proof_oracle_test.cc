// What several meetings break together, beside a proof that looks everything up by its name.
#include <algorithm>
#include <gtest/gtest.h>
#include <map>
#include <random>

#include "absl/strings/str_join.h"

#include "services/pairing/meetings/schedules/proof.h"
#include "tests/unit/services/pairing/meetings/schedules/snapshot_fixture.h"

namespace tandem::pairing::meetings {
namespace {

using Meetings = std::vector<ProvedMeeting>;
using Orders = std::vector<std::pair<std::string, std::string>>;
using Indices = std::vector<size_t>;

class NaiveProof {
 public:
  NaiveProof(const Snapshot& snapshot, const Meetings& meetings)
      : snapshot_(snapshot), agenda_(*snapshot.agenda), meetings_(meetings) {}

  std::vector<std::string> Run(const Orders& orders) {
    std::map<std::string, Indices> by_person, by_party;
    std::map<std::pair<std::string, int>, Indices> by_party_day;
    std::map<std::pair<absl::Time, std::string>, Indices> by_place, by_interpreter;
    for (size_t i = 0; i < meetings_.size(); ++i) {
      for (size_t side = 0; side < 2; ++side) {
        by_person[meetings_[i].people[side]].push_back(i);
        by_party[meetings_[i].parties[side]].push_back(i);
        by_party_day[{meetings_[i].parties[side], DayOf(i)}].push_back(i);
      }
      by_place[{meetings_[i].start, meetings_[i].place}].push_back(i);
      if (!meetings_[i].interpreter.empty())
        by_interpreter[{meetings_[i].start, meetings_[i].interpreter}].push_back(i);
    }
    for (auto& [person, mine] : by_person) ProvePerson(person, &mine);
    for (const auto& [party, mine] : by_party) {
      for (const size_t own : mine) {
        for (const size_t other : mine) {
          if (IsOwn(party, own) && !IsOwn(party, other))
            meetings_[own].start <= meetings_[other].start ? ProveBoth(PersonOf(party, other), own, other)
                                                           : ProveBoth(PersonOf(party, other), other, own);
        }
      }
    }
    for (const auto& [key, mine] : by_party_day) {
      const bool project = meetings_[mine.front()].parties[0] == key.first;
      const int most = (project ? agenda_.project_quotas() : agenda_.investor_quotas()).meetings_per_day();
      if (most > 0 && mine.size() > static_cast<size_t>(most)) Say(v1::SCHEDULE_RULE_MOST_PER_DAY, mine, key.first);
    }
    for (const auto& [key, mine] : by_place) {
      const int place = agenda_.FindPlace(key.second);
      const int room = place == kNone ? 1 : agenda_.places()[static_cast<size_t>(place)].capacity;
      if (mine.size() > static_cast<size_t>(room)) Say(v1::SCHEDULE_RULE_NO_PLACE, mine, key.second);
    }
    for (const auto& [key, mine] : by_interpreter) {
      if (mine.size() > 1) Say(v1::SCHEDULE_RULE_NO_INTERPRETER, mine, key.second);
    }
    for (const auto& [earlier, later] : orders) {
      for (size_t one = 0; one < meetings_.size(); ++one) {
        for (size_t two = 0; two < meetings_.size(); ++two) {
          if (meetings_[one].pairing == earlier && meetings_[two].pairing == later &&
              meetings_[one].end > meetings_[two].start)
            Say(v1::SCHEDULE_RULE_ORDER, {one, two}, "");
        }
      }
    }
    return std::move(said_);
  }

  static std::string Text(v1::ScheduleRule rule, const Indices& of, const std::string& whom) {
    return absl::StrCat(v1::ScheduleRule_Name(rule), " of ", absl::StrJoin(of, ","), ": ", whom);
  }

 private:
  void Say(v1::ScheduleRule rule, const Indices& of, const std::string& whom) { said_.push_back(Text(rule, of, whom)); }

  int DayOf(size_t i) const {
    return agenda_
        .days()[static_cast<size_t>(agenda_.slots()[static_cast<size_t>(agenda_.FindSlot(meetings_[i].start))].day)]
        .date;
  }
  std::string PersonOf(const std::string& party, size_t i) const {
    return meetings_[i].people[meetings_[i].parties[0] == party ? 0 : 1];
  }
  bool IsOwn(const std::string& party, size_t i) const { return PersonOf(party, i) == party; }

  void ProvePerson(const std::string& person, Indices* mine) {
    std::stable_sort(mine->begin(), mine->end(),
                     [&](size_t a, size_t b) { return meetings_[a].start < meetings_[b].start; });
    const auto facts = snapshot_.representatives.find(person);
    const bool known = facts != snapshot_.representatives.end();
    const int most = known ? facts->second.representative.most_meetings() : 0;
    const int most_of_day = known ? facts->second.representative.most_meetings_per_day() : 0;
    if (most > 0 && mine->size() > static_cast<size_t>(most)) Say(v1::SCHEDULE_RULE_MOST_MEETINGS, *mine, person);
    std::map<int, Indices> of_day;
    for (const size_t i : *mine) of_day[DayOf(i)].push_back(i);
    for (const auto& [day, all] : of_day) {
      if (most_of_day > 0 && all.size() > static_cast<size_t>(most_of_day))
        Say(v1::SCHEDULE_RULE_MOST_PER_DAY, all, person);
    }
    for (size_t k = 1; k < mine->size(); ++k) {
      for (size_t j = k; j-- > 0;) ProveBoth(person, (*mine)[j], (*mine)[k]);
    }
  }

  void ProveBoth(const std::string& person, size_t first, size_t second) {
    const auto hall = [&](size_t i) {
      const int place = agenda_.FindPlace(meetings_[i].place);
      return place == kNone ? kNone : agenda_.places()[static_cast<size_t>(place)].hall;
    };
    const absl::Time end = meetings_[first].end, start = meetings_[second].start;
    if (end > start) {
      Say(v1::SCHEDULE_RULE_PERSON_TWICE, {first, second}, person);
    } else if (end + agenda_.TravelTime(hall(first), hall(second)) > start) {
      Say(v1::SCHEDULE_RULE_TRAVEL, {first, second}, person);
    }
  }

  const Snapshot& snapshot_;
  const Agenda& agenda_;
  const Meetings& meetings_;
  std::vector<std::string> said_;
};

class ProofOracleTest : public SnapshotTest {};

TEST_F(ProofOracleTest, WhatMeetingsBreakTogetherIsTheSameInTheSameOrder) {
  const uint32_t seed = std::random_device{}();
  SCOPED_TRACE(testing::Message() << "seed " << seed);
  std::mt19937 random(seed);
  const auto draw = [&](int below) { return static_cast<int>(random() % static_cast<uint32_t>(below)); };
  AddPlace("t1", "east");
  AddPlace("t2", "west");
  AddPlace("big", "east")->set_capacity(3);
  AddWay("east", "west", 20);
  edition_.mutable_agenda()->mutable_project_quotas()->set_meetings_per_day(3);
  edition_.mutable_agenda()->mutable_investor_quotas()->set_meetings_per_day(4);
  Cut();
  Represent("a", {Project(1), Project(2)})->set_most_meetings(4);
  Represent("b", {Project(1)})->set_most_meetings_per_day(2);
  Represent("c", {Investor(1)});
  std::map<std::string, int> seen;
  for (int round = 0; round < 300; ++round) {
    Meetings meetings;
    for (int left = draw(25); left > 0; --left) {
      const int project = 1 + draw(4), investor = 1 + draw(4), slot = draw(8);
      ProvedMeeting& one = meetings.emplace_back();
      one.pairing = Pairing(project, investor);
      one.meeting = Meeting(project, investor);
      one.parties = one.people = {Project(project), Investor(investor)};
      if (project <= 2 && draw(3) > 0) one.people[0] = Person(draw(2) == 0 ? "a" : "b");
      if (investor == 1 && draw(3) > 0) one.people[1] = Person("c");
      one.start = SlotAt(slot);
      one.end = one.start + absl::Minutes(25);
      one.place = std::vector<std::string>{"t1", "t2", "big", "nowhere"}[static_cast<size_t>(draw(4))];
      one.interpreter = std::vector<std::string>{"", "", "", "x", "y"}[static_cast<size_t>(draw(5))];
    }
    Orders orders;
    for (int left = draw(4); left > 0; --left)
      orders.emplace_back(Pairing(1 + draw(4), 1 + draw(4)), Pairing(1 + draw(4), 1 + draw(4)));
    auto participants = Participants::Of(snapshot_);
    ASSERT_TRUE(participants.ok()) << participants.status();
    std::vector<std::string> together;
    for (const Breach& breach : Prove(&*participants, meetings, orders)) {
      const v1::ScheduleViolation& violation = breach.violation;
      if (breach.meetings.size() < 2) continue;  // of one meeting by itself
      together.push_back(
          NaiveProof::Text(violation.rule(), breach.meetings, absl::StrCat(violation.attendee(), violation.place())));
      ++seen[v1::ScheduleRule_Name(violation.rule())];
    }
    ASSERT_EQ(together, NaiveProof(snapshot_, meetings).Run(orders));
  }
  EXPECT_EQ(seen.size(), 7u) << "every rule that takes two is broken at times";
}

}  // namespace
}  // namespace tandem::pairing::meetings
