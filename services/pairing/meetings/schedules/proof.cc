#include "services/pairing/meetings/schedules/proof.h"

#include <algorithm>
#include <array>
#include <map>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"

#include "services/pairing/ledger/decision.h"
#include "services/pairing/meetings/calendar.h"

namespace tandem::pairing::meetings {
namespace {

using v1::ScheduleRule;

// Longer than from any hall to any other.
constexpr absl::Duration kLongestWay = absl::Hours(8);

const std::string& NameOf(const ProvedMeeting& meeting) {
  return meeting.meeting.empty() ? meeting.pairing : meeting.meeting;
}

class Prover {
 public:
  Prover(Participants* participants, const std::vector<ProvedMeeting>& meetings)
      : participants_(participants), agenda_(participants->agenda()), meetings_(meetings) {}

  std::vector<Breach> Run(const std::vector<std::pair<std::string, std::string>>& orders) {
    std::map<std::string, std::vector<size_t>> by_person, by_pairing;
    std::map<std::pair<std::string, int32_t>, std::vector<size_t>> by_party_day;
    std::map<std::string, std::array<std::vector<size_t>, 2>> by_party;  // which it has by itself, and by somebody
    std::map<std::pair<absl::Time, std::string>, std::vector<size_t>> by_place, by_interpreter;
    for (size_t i = 0; i < meetings_.size(); ++i) {
      const ProvedMeeting& meeting = meetings_[i];
      CheckSlot(i);
      CheckPlace(i);
      CheckInterpreter(i);
      for (size_t side = 0; side < 2; ++side) {
        by_person[meeting.people[side]].push_back(i);
        by_party_day[{meeting.parties[side], DateOf(meeting)}].push_back(i);
        by_party[meeting.parties[side]][meeting.people[side] == meeting.parties[side] ? 0 : 1].push_back(i);
      }
      by_place[{meeting.start, meeting.place}].push_back(i);
      if (!meeting.interpreter.empty()) by_interpreter[{meeting.start, meeting.interpreter}].push_back(i);
      by_pairing[meeting.pairing].push_back(i);
    }
    for (auto& [person, mine] : by_person) CheckPerson(person, &mine);
    for (const auto& [party, mine] : by_party) CheckInherited(party, mine[0], mine[1]);
    for (const auto& [key, mine] : by_party_day) CheckParty(key.first, mine);
    for (const auto& [key, mine] : by_place) CheckCapacity(key.second, mine);
    for (const auto& [key, mine] : by_interpreter) {
      if (mine.size() < 2) continue;
      Breach* const breach =
          Add(v1::SCHEDULE_RULE_NO_INTERPRETER, {mine[0], mine[1]},
              absl::StrCat("interpreter ", key.second, " is in ", mine.size(), " meetings at ", TimeText(key.first)));
      breach->violation.set_place(key.second);
      breach->meetings = mine;
    }
    for (const auto& [earlier, later] : orders) CheckOrder(by_pairing[earlier], by_pairing[later]);
    return std::move(found_);
  }

 private:
  Breach* Add(ScheduleRule rule, const std::vector<size_t>& of, std::string message) {
    Breach& breach = found_.emplace_back();
    breach.meetings = of;
    breach.violation.set_rule(rule);
    for (const size_t i : of) {
      if (!meetings_[i].pairing.empty()) breach.violation.add_pairings(meetings_[i].pairing);
    }
    *breach.violation.mutable_start_time() = ledger::ToStamp(meetings_[of.front()].start);
    breach.violation.set_message(std::move(message));
    return &breach;
  }
  Breach* AddOne(ScheduleRule rule, size_t of, absl::string_view what) {
    const ProvedMeeting& meeting = meetings_[of];
    return Add(rule, std::vector<size_t>{of}, absl::StrCat(NameOf(meeting), " at ", TimeText(meeting.start), what));
  }

  int SlotOf(const ProvedMeeting& meeting) const { return agenda_.FindSlot(meeting.start); }
  int32_t DateOf(const ProvedMeeting& meeting) const {
    const int slot = SlotOf(meeting);
    if (slot == kNone) return agenda_.local_time().At(meeting.start).day;
    return agenda_.days()[static_cast<size_t>(agenda_.slots()[static_cast<size_t>(slot)].day)].date;
  }
  const Place* PlaceOf(const ProvedMeeting& meeting) const {
    const int place = agenda_.FindPlace(meeting.place);
    return place == kNone ? nullptr : &agenda_.places()[static_cast<size_t>(place)];
  }

  void CheckSlot(size_t i) {
    const ProvedMeeting& meeting = meetings_[i];
    const int slot = SlotOf(meeting);
    if (slot == kNone || agenda_.slots()[static_cast<size_t>(slot)].end != meeting.end) {
      AddOne(v1::SCHEDULE_RULE_SLOT, i, ": the agenda has no such slot");
      return;
    }
    for (size_t side = 0; side < 2; ++side) {
      const Calendar& calendar = participants_->at(participants_->Find(meeting.people[side])).calendar;
      const std::vector<std::string>& parties = calendar.parties();
      if (std::find(parties.begin(), parties.end(), meeting.parties[side]) == parties.end()) {
        AddOne(v1::SCHEDULE_RULE_SLOT, i,
               absl::StrCat(": ", calendar.name(), " does not meet for ", meeting.parties[side]))
            ->violation.set_attendee(calendar.name());
      } else if (!calendar.CanMeet(slot, meeting.at_a_distance ? Mode::kVirtual : Mode::kOnSite)) {
        AddOne(v1::SCHEDULE_RULE_SLOT, i,
               absl::StrCat(": ", calendar.name(), " cannot meet ", meeting.at_a_distance ? "at a distance" : "on site",
                            " then"))
            ->violation.set_attendee(calendar.name());
      }
    }
  }

  void CheckPlace(size_t i) {
    const ProvedMeeting& meeting = meetings_[i];
    const Place* const place = PlaceOf(meeting);
    const int slot = SlotOf(meeting);
    const auto add = [&](absl::string_view what) {
      AddOne(v1::SCHEDULE_RULE_PLACE, i, absl::StrCat(": ", what))->violation.set_place(meeting.place);
    };
    if (place == nullptr) {
      add(absl::StrCat("the agenda has no place \"", meeting.place, "\""));
    } else if (place->is_virtual() != meeting.at_a_distance) {
      add(absl::StrCat("place ", place->id, place->is_virtual() ? " is a virtual room" : " is no virtual room"));
    } else if (slot != kNone && !place->sessions.Has(agenda_.slots()[static_cast<size_t>(slot)].session)) {
      add(absl::StrCat("place ", place->id, " is not there in that session"));
    } else if (place->kind == v1::PLACE_KIND_BOOTH && place->owner != meeting.parties[0] &&
               place->owner != meeting.parties[1]) {
      add(absl::StrCat("booth ", place->id, " is that of ", place->owner));
    }
  }

  void CheckInterpreter(size_t i) {
    const ProvedMeeting& meeting = meetings_[i];
    if (agenda_.interpreters().empty()) return;
    const int first = participants_->Find(meeting.people[0]);
    const int second = participants_->Find(meeting.people[1]);  // may make room for more
    const Calendar& a = participants_->at(first).calendar;
    const Calendar& b = participants_->at(second).calendar;
    if (!NeedsInterpreter(a, b)) return;
    const int found = agenda_.FindInterpreter(meeting.interpreter);
    const int slot = SlotOf(meeting);
    const auto add = [&](absl::string_view what) {
      AddOne(v1::SCHEDULE_RULE_NO_INTERPRETER, i, absl::StrCat(": ", what))->violation.set_place(meeting.interpreter);
    };
    if (found == kNone) {
      add("the two have no language in common, and nobody interprets");
      return;
    }
    const Interpreter& who = agenda_.interpreters()[static_cast<size_t>(found)];
    if (!who.Serves(a.languages(), b.languages())) {
      add(absl::StrCat("interpreter ", who.id, " does not stand between their languages"));
    } else if (slot != kNone && !who.sessions.Has(agenda_.slots()[static_cast<size_t>(slot)].session)) {
      add(absl::StrCat("interpreter ", who.id, " does not work in that session"));
    }
  }

  int HallOf(const ProvedMeeting& meeting) const {
    const Place* const place = PlaceOf(meeting);
    return place == nullptr || meeting.at_a_distance ? kNone : place->hall;
  }

  void CheckPerson(const std::string& person, std::vector<size_t>* mine) {
    const auto add = [&](ScheduleRule rule, const std::vector<size_t>& of, const std::string& message) {
      Breach* const breach = Add(rule, of, message);
      breach->violation.set_attendee(person);
      return breach;
    };
    std::stable_sort(mine->begin(), mine->end(),
                     [this](size_t a, size_t b) { return meetings_[a].start < meetings_[b].start; });
    const Calendar& calendar = participants_->at(participants_->Find(person)).calendar;
    const int most = calendar.most_meetings();
    if (most > 0 && mine->size() > static_cast<size_t>(most)) {
      add(v1::SCHEDULE_RULE_MOST_MEETINGS, {mine->back()},
          absl::StrCat(person, " has ", mine->size(), " meetings; at most ", most, " are allowed"))
          ->meetings = *mine;
    }
    std::map<int32_t, std::vector<size_t>> of_day;
    for (const size_t i : *mine) of_day[DateOf(meetings_[i])].push_back(i);
    const int most_of_day = calendar.most_meetings_per_day();
    for (const auto& [day, all] : of_day) {
      if (most_of_day == 0 || all.size() <= static_cast<size_t>(most_of_day)) continue;
      add(v1::SCHEDULE_RULE_MOST_PER_DAY, {all.back()},
          absl::StrCat(person, " has ", all.size(), " meetings on the day of ", TimeText(meetings_[all.back()].start),
                       "; at most ", most_of_day, " are allowed"))
          ->meetings = all;
    }
    for (size_t k = 1; k < mine->size(); ++k) {
      // All before `k` that reach beyond its start or from which the way is too long; neighbours are the usual case.
      for (size_t j = k; j-- > 0;) {
        if (meetings_[(*mine)[k]].start - meetings_[(*mine)[j]].end > kLongestWay) break;
        CheckBoth(person, (*mine)[j], (*mine)[k]);
      }
    }
  }

  // Whether `person` can be in both; `first` does not begin later.
  void CheckBoth(const std::string& person, size_t first, size_t second) {
    const ProvedMeeting& one = meetings_[first];
    const ProvedMeeting& two = meetings_[second];
    Breach* breach = nullptr;
    if (one.end > two.start) {
      breach = Add(v1::SCHEDULE_RULE_PERSON_TWICE, {first, second},
                   absl::StrCat(person, " is in ", NameOf(one), " and in ", NameOf(two), " at ", TimeText(two.start)));
    } else if (const absl::Duration way = agenda_.TravelTime(HallOf(one), HallOf(two)); one.end + way > two.start) {
      breach = Add(v1::SCHEDULE_RULE_TRAVEL, {first, second},
                   absl::StrCat(person, " walks ", absl::ToInt64Minutes(way), " minutes from ", one.place, " to ",
                                two.place, " and has ", absl::ToInt64Minutes(two.start - one.end)));
    }
    if (breach != nullptr) breach->violation.set_attendee(person);
  }

  // Whoever meets for a party now has to be free for what it booked when it had nobody.
  void CheckInherited(const std::string& party, const std::vector<size_t>& own, const std::vector<size_t>& others) {
    for (const size_t mine : own) {
      for (const size_t other : others) {
        const ProvedMeeting& meeting = meetings_[other];
        const std::string& person = meeting.people[meeting.parties[0] == party ? 0 : 1];
        if (meetings_[mine].start <= meeting.start) {
          CheckBoth(person, mine, other);
        } else {
          CheckBoth(person, other, mine);
        }
      }
    }
  }

  void CheckParty(const std::string& party, const std::vector<size_t>& mine) {
    const bool project = meetings_[mine.front()].parties[0] == party;
    const int most = (project ? agenda_.project_quotas() : agenda_.investor_quotas()).meetings_per_day();
    if (most == 0 || mine.size() <= static_cast<size_t>(most)) return;
    Breach* const breach =
        Add(v1::SCHEDULE_RULE_MOST_PER_DAY, {mine.back()},
            absl::StrCat(party, " has ", mine.size(), " meetings on the day of ",
                         TimeText(meetings_[mine.back()].start), "; at most ", most, " are allowed"));
    breach->violation.set_attendee(party);
    breach->meetings = mine;
  }

  void CheckCapacity(const std::string& id, const std::vector<size_t>& mine) {
    const Place* const place = PlaceOf(meetings_[mine.front()]);
    const size_t capacity = place == nullptr ? 1 : static_cast<size_t>(place->capacity);
    if (mine.size() <= capacity) return;
    Breach* const breach =
        Add(v1::SCHEDULE_RULE_NO_PLACE, {mine[0], mine[1]},
            absl::StrCat(mine.size(), " meetings are at ", id, " at ", TimeText(meetings_[mine.front()].start),
                         ", which has room for ", capacity));
    breach->violation.set_place(id);
    breach->meetings = mine;
  }

  void CheckOrder(const std::vector<size_t>& earlier, const std::vector<size_t>& later) {
    for (const size_t one : earlier) {
      for (const size_t two : later) {
        if (meetings_[one].end <= meetings_[two].start) continue;
        Add(v1::SCHEDULE_RULE_ORDER, {one, two},
            absl::StrCat(NameOf(meetings_[two]), " begins at ", TimeText(meetings_[two].start), ", before ",
                         NameOf(meetings_[one]), " has ended"));
      }
    }
  }

  Participants* const participants_;
  const Agenda& agenda_;
  const std::vector<ProvedMeeting>& meetings_;
  std::vector<Breach> found_;
};

}  // namespace

std::vector<Breach> Prove(Participants* participants, const std::vector<ProvedMeeting>& meetings,
                          const std::vector<std::pair<std::string, std::string>>& orders) {
  return Prover(participants, meetings).Run(orders);
}

ProvedMeeting ProvedOf(const v1::SchedulePlacement& placement) {
  ProvedMeeting meeting;
  meeting.pairing = placement.pairing();
  meeting.meeting = placement.meeting();
  meeting.parties = {placement.project(), placement.investor()};
  meeting.people = {placement.project_attendee(), placement.investor_attendee()};
  meeting.start = ledger::FromStamp(placement.start_time());
  meeting.end = ledger::FromStamp(placement.end_time());
  meeting.at_a_distance = placement.at_a_distance();
  meeting.place = placement.place();
  meeting.interpreter = placement.interpreter();
  return meeting;
}

ProvedMeeting ProvedOf(const Booking& booking, const std::string& pairing) {
  ProvedMeeting meeting;
  meeting.pairing = pairing;
  meeting.meeting = booking.meeting;
  meeting.parties = booking.parties;
  meeting.people = booking.people;
  meeting.start = booking.start;
  meeting.end = booking.end;
  meeting.at_a_distance = booking.is_virtual();
  meeting.place = booking.place;
  meeting.interpreter = booking.interpreter;
  return meeting;
}

std::string TimeText(absl::Time time) { return absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", time, absl::UTCTimeZone()); }

}  // namespace tandem::pairing::meetings
