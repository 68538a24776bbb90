#include "services/pairing/meetings/schedules/proof.h"

#include <algorithm>
#include <array>
#include <map>
#include <tuple>

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
    Resolve();
    for (size_t i = 0; i < meetings_.size(); ++i) {
      CheckSlot(i);
      CheckPlace(i);
      CheckInterpreter(i);
    }
    CheckPeople();
    CheckParties();
    ForEachTaken([](const ProvedMeeting& meeting) -> const std::string& { return meeting.place; },
                 [this](const std::string& place, const std::vector<size_t>& mine) { CheckCapacity(place, mine); });
    ForEachTaken(
        [](const ProvedMeeting& meeting) -> const std::string& { return meeting.interpreter; },
        [this](const std::string& interpreter, const std::vector<size_t>& mine) { CheckTwice(interpreter, mine); });
    if (!orders.empty()) CheckOrders(orders);
    return std::move(found_);
  }

 private:
  // What the names and times of a meeting stand for, looked up once.
  struct Resolved {
    int slot = kNone;
    int32_t date = 0;
    const Place* place = nullptr;
    std::array<int, 2> people{};  // of participants_
  };
  // Of a party: its meetings, and whether it has them by itself.
  struct PartyMeetings {
    absl::string_view name;
    std::vector<std::pair<size_t, bool>> mine;
  };

  void Resolve() {
    absl::flat_hash_map<absl::string_view, int> numbers;
    resolved_.reserve(meetings_.size());
    for (size_t i = 0; i < meetings_.size(); ++i) {
      const ProvedMeeting& meeting = meetings_[i];
      Resolved& resolved = resolved_.emplace_back();
      resolved.slot = agenda_.FindSlot(meeting.start);
      resolved.date = resolved.slot == kNone ? agenda_.local_time().At(meeting.start).day
                                             : agenda_.days()[static_cast<size_t>(SlotAt(resolved.slot).day)].date;
      const int place = agenda_.FindPlace(meeting.place);
      if (place != kNone) resolved.place = &agenda_.places()[static_cast<size_t>(place)];
      for (size_t side = 0; side < 2; ++side) {
        resolved.people[side] = participants_->Find(meeting.people[side]);
        const auto [found, is_new] = numbers.try_emplace(meeting.parties[side], static_cast<int>(parties_.size()));
        if (is_new) parties_.push_back({meeting.parties[side], {}});
        parties_[static_cast<size_t>(found->second)].mine.emplace_back(i,
                                                                       meeting.people[side] == meeting.parties[side]);
      }
    }
    std::sort(parties_.begin(), parties_.end(),
              [](const PartyMeetings& a, const PartyMeetings& b) { return a.name < b.name; });
  }

  void CheckPeople() {
    std::vector<std::vector<size_t>> by_person(static_cast<size_t>(participants_->size()));
    std::vector<int> order;
    for (size_t i = 0; i < meetings_.size(); ++i) {
      for (const int person : resolved_[i].people) {
        std::vector<size_t>& mine = by_person[static_cast<size_t>(person)];
        if (mine.empty()) order.push_back(person);
        mine.push_back(i);
      }
    }
    std::sort(order.begin(), order.end(), [this](int a, int b) {
      return participants_->at(a).calendar.name() < participants_->at(b).calendar.name();
    });
    for (const int person : order)
      CheckPerson(participants_->at(person).calendar, &by_person[static_cast<size_t>(person)]);
  }

  void CheckParties() {
    for (const PartyMeetings& party : parties_) {
      std::array<std::vector<size_t>, 2> mine;  // which it has by itself, and by somebody
      for (const auto& [i, itself] : party.mine) mine[itself ? 0 : 1].push_back(i);
      if (!mine[0].empty() && !mine[1].empty()) CheckInherited(std::string(party.name), mine[0], mine[1]);
    }
    if (agenda_.project_quotas().meetings_per_day() == 0 && agenda_.investor_quotas().meetings_per_day() == 0) return;
    for (const PartyMeetings& party : parties_) {
      std::map<int32_t, std::vector<size_t>> of_day;
      for (const auto& [i, itself] : party.mine) of_day[resolved_[i].date].push_back(i);
      for (const auto& [date, mine] : of_day) CheckParty(std::string(party.name), mine);
    }
  }

  // Calls `check` with each name that `of` has for meetings, and with those that have it at one time: in order of both.
  template <typename Of, typename Check>
  void ForEachTaken(const Of& of, const Check& check) {
    std::vector<size_t> order;
    for (size_t i = 0; i < meetings_.size(); ++i) order.push_back(i);
    const auto key = [&](size_t i) { return std::tie(meetings_[i].start, of(meetings_[i])); };
    std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) { return key(a) < key(b); });
    for (size_t begin = 0, end = 0; begin < order.size(); begin = end) {
      while (end < order.size() && key(order[end]) == key(order[begin])) ++end;
      check(of(meetings_[order[begin]]),
            {order.begin() + static_cast<std::ptrdiff_t>(begin), order.begin() + static_cast<std::ptrdiff_t>(end)});
    }
  }

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

  const Slot& SlotAt(int slot) const { return agenda_.slots()[static_cast<size_t>(slot)]; }

  void CheckSlot(size_t i) {
    const ProvedMeeting& meeting = meetings_[i];
    const int slot = resolved_[i].slot;
    if (slot == kNone || SlotAt(slot).end != meeting.end) {
      AddOne(v1::SCHEDULE_RULE_SLOT, i, ": the agenda has no such slot");
      return;
    }
    for (size_t side = 0; side < 2; ++side) {
      const Calendar& calendar = participants_->at(resolved_[i].people[side]).calendar;
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
    const Place* const place = resolved_[i].place;
    const int slot = resolved_[i].slot;
    const auto add = [&](absl::string_view what) {
      AddOne(v1::SCHEDULE_RULE_PLACE, i, absl::StrCat(": ", what))->violation.set_place(meeting.place);
    };
    if (place == nullptr) {
      add(absl::StrCat("the agenda has no place \"", meeting.place, "\""));
    } else if (place->is_virtual() != meeting.at_a_distance) {
      add(absl::StrCat("place ", place->id, place->is_virtual() ? " is a virtual room" : " is no virtual room"));
    } else if (slot != kNone && !place->sessions.Has(SlotAt(slot).session)) {
      add(absl::StrCat("place ", place->id, " is not there in that session"));
    } else if (place->kind == v1::PLACE_KIND_BOOTH && place->owner != meeting.parties[0] &&
               place->owner != meeting.parties[1]) {
      add(absl::StrCat("booth ", place->id, " is that of ", place->owner));
    }
  }

  void CheckInterpreter(size_t i) {
    const ProvedMeeting& meeting = meetings_[i];
    if (agenda_.interpreters().empty()) return;
    const Calendar& a = participants_->at(resolved_[i].people[0]).calendar;
    const Calendar& b = participants_->at(resolved_[i].people[1]).calendar;
    if (!NeedsInterpreter(a, b)) return;
    const int found = agenda_.FindInterpreter(meeting.interpreter);
    const int slot = resolved_[i].slot;
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
    } else if (slot != kNone && !who.sessions.Has(SlotAt(slot).session)) {
      add(absl::StrCat("interpreter ", who.id, " does not work in that session"));
    }
  }

  int HallOf(size_t i) const {
    const Place* const place = resolved_[i].place;
    return place == nullptr || meetings_[i].at_a_distance ? kNone : place->hall;
  }

  void CheckPerson(const Calendar& calendar, std::vector<size_t>* mine) {
    const std::string& person = calendar.name();
    const auto add = [&](ScheduleRule rule, const std::vector<size_t>& of, const std::string& message) {
      Breach* const breach = Add(rule, of, message);
      breach->violation.set_attendee(person);
      return breach;
    };
    std::sort(mine->begin(), mine->end(), [this](size_t a, size_t b) {
      return meetings_[a].start != meetings_[b].start ? meetings_[a].start < meetings_[b].start : a < b;
    });
    const int most = calendar.most_meetings();
    if (most > 0 && mine->size() > static_cast<size_t>(most)) {
      add(v1::SCHEDULE_RULE_MOST_MEETINGS, {mine->back()},
          absl::StrCat(person, " has ", mine->size(), " meetings; at most ", most, " are allowed"))
          ->meetings = *mine;
    }
    const int most_of_day = calendar.most_meetings_per_day();
    std::map<int32_t, std::vector<size_t>> of_day;
    for (const size_t i : *mine) {
      if (most_of_day != 0) of_day[resolved_[i].date].push_back(i);
    }
    for (const auto& [day, all] : of_day) {
      if (all.size() <= static_cast<size_t>(most_of_day)) continue;
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
    } else if (const absl::Duration way = agenda_.TravelTime(HallOf(first), HallOf(second));
               one.end + way > two.start) {
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
    const Place* const place = resolved_[mine.front()].place;
    const size_t capacity = place == nullptr ? 1 : static_cast<size_t>(place->capacity);
    if (mine.size() <= capacity) return;
    Breach* const breach =
        Add(v1::SCHEDULE_RULE_NO_PLACE, {mine[0], mine[1]},
            absl::StrCat(mine.size(), " meetings are at ", id, " at ", TimeText(meetings_[mine.front()].start),
                         ", which has room for ", capacity));
    breach->violation.set_place(id);
    breach->meetings = mine;
  }

  void CheckTwice(const std::string& interpreter, const std::vector<size_t>& mine) {
    if (interpreter.empty() || mine.size() < 2) return;
    Breach* const breach = Add(v1::SCHEDULE_RULE_NO_INTERPRETER, {mine[0], mine[1]},
                               absl::StrCat("interpreter ", interpreter, " is in ", mine.size(), " meetings at ",
                                            TimeText(meetings_[mine.front()].start)));
    breach->violation.set_place(interpreter);
    breach->meetings = mine;
  }

  void CheckOrders(const std::vector<std::pair<std::string, std::string>>& orders) {
    absl::flat_hash_map<absl::string_view, std::vector<size_t>> by_pairing;
    for (size_t i = 0; i < meetings_.size(); ++i) by_pairing[meetings_[i].pairing].push_back(i);
    for (const auto& [earlier, later] : orders) {
      const auto one = by_pairing.find(earlier), two = by_pairing.find(later);
      if (one != by_pairing.end() && two != by_pairing.end()) CheckOrder(one->second, two->second);
    }
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
  std::vector<Resolved> resolved_;      // by meeting
  std::vector<PartyMeetings> parties_;  // in order of their names
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
