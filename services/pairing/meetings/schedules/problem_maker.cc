#include "services/pairing/meetings/schedules/problem_maker.h"

#include <algorithm>

#include "absl/strings/str_cat.h"

#include "common/base/civil_date.h"
#include "common/base/status.h"

namespace tandem::pairing::meetings {
namespace {

using scheduling::SlotSet;

// Whether `slots` are those that both have.
bool AreCommon(const SlotSet& slots, const SlotSet& a, const SlotSet& b) {
  for (size_t word = 0; word < std::max({slots.words(), a.words(), b.words()}); ++word) {
    if (slots.word(word) != (a.word(word) & b.word(word))) return false;
  }
  return true;
}

bool Contains(const std::vector<std::string>& list, const std::string& one) {
  return std::find(list.begin(), list.end(), one) != list.end();
}

}  // namespace

absl::StatusOr<ScheduleProblem> ScheduleProblem::Make(const Snapshot& snapshot, const Choice& choice) {
  TANDEM_ASSIGN_OR_RETURN(Participants participants, Participants::Of(snapshot));
  ScheduleProblem made(&snapshot, std::move(participants));
  made.MakeSlots(choice.now);
  made.CountBooked();
  TANDEM_RETURN_IF_ERROR(made.AddBooked(choice));
  TANDEM_RETURN_IF_ERROR(made.AddWished(choice));
  TANDEM_RETURN_IF_ERROR(made.AddOrders(choice));
  made.LimitPeople();
  made.pools_.Fill(made.agenda_slots_, &made.problem_);
  made.interpreters_.Fill(made.agenda_slots_, &made.problem_);
  return made;
}

// Those of the agenda, and those that only bookings know.
void ScheduleProblem::MakeSlots(absl::Time now) {
  const Agenda& agenda = *snapshot_->agenda;
  struct Entry {
    Time time;
    int32_t day = 0;
  };
  std::vector<Entry> entries;
  for (size_t i = 0; i < agenda.slots().size(); ++i) {
    const Slot& slot = agenda.slots()[i];
    entries.push_back({{slot.start, slot.end, static_cast<int>(i)}, agenda.days()[static_cast<size_t>(slot.day)].date});
  }
  std::map<absl::Time, absl::Time> foreign;
  for (const auto& [meeting, facts] : snapshot_->bookings) {
    if (agenda.FindSlot(facts.booking.start) == kNone) foreign[facts.booking.start] = facts.booking.end;
  }
  for (const auto& [start, end] : foreign) {
    // Of the day of the slots around it, whatever it counted to.
    int32_t day = entries.empty() ? 0 : entries.front().day;
    for (const Entry& entry : entries) {
      if (entry.time.agenda != kNone && entry.time.start <= start) day = entry.day;
    }
    entries.push_back({{start, std::max(end, start + absl::Minutes(1)), kNone}, day});
  }
  std::stable_sort(entries.begin(), entries.end(),
                   [](const Entry& a, const Entry& b) { return a.time.start < b.time.start; });
  const int32_t first = entries.empty() ? 0 : entries.front().day;
  slot_of_.resize(agenda.slots().size());
  for (const Entry& entry : entries) {
    const int32_t index = static_cast<int32_t>(times_.size());
    scheduling::Slot slot;
    slot.start_minute = absl::ToUnixSeconds(entry.time.start) / 60;
    slot.duration_minutes =
        static_cast<int32_t>(std::max<int64_t>(1, absl::ToInt64Minutes(entry.time.end - entry.time.start)));
    slot.day = std::max(entry.day - first, problem_.slots.empty() ? 0 : problem_.slots.back().day);
    problem_.slots.push_back(slot);
    times_.push_back(entry.time);
    agenda_slots_.push_back(entry.time.agenda);
    by_start_[entry.time.start] = index;
    if (entry.time.agenda != kNone) {
      slot_of_[static_cast<size_t>(entry.time.agenda)] = index;
      if (entry.time.start > now) open_.Add(static_cast<size_t>(index));
    }
  }
}

int32_t ScheduleProblem::FirstSlot(absl::Time time) const {
  const auto found = std::lower_bound(times_.begin(), times_.end(), time,
                                      [](const Time& slot, absl::Time at) { return slot.start < at; });
  return static_cast<int32_t>(found - times_.begin());
}

// Scores are asked for investor by investor: whoever makes them has most at hand then.
std::vector<int64_t> ScheduleProblem::ValuesOf(const std::vector<const PairingFacts*>& pairings, const Choice& choice) {
  std::vector<int64_t> values(pairings.size());
  absl::flat_hash_map<absl::string_view, size_t> numbers;
  std::vector<std::vector<size_t>> by_investor;
  for (size_t i = 0; i < pairings.size(); ++i) {
    if (pairings[i] == nullptr) {
      values[i] = kBaseValue;
      continue;
    }
    values[i] = kBaseValue + pairings[i]->must_meet * kMustMeetValue;
    if (!choice.score) continue;
    const auto [found, is_new] = numbers.try_emplace(pairings[i]->investor, by_investor.size());
    if (is_new) by_investor.emplace_back();
    by_investor[found->second].push_back(i);
  }
  for (const std::vector<size_t>& of_investor : by_investor) {
    for (const size_t i : of_investor) {
      values[i] += std::clamp<int64_t>(choice.score(pairings[i]->project, pairings[i]->investor), 0, kMostScore);
    }
  }
  return values;
}

absl::Status ScheduleProblem::AddBooked(const Choice& choice) {
  // Of each booking. Meetings are in the same order.
  std::vector<const MeetingFacts*> meetings;
  std::vector<const PairingFacts*> pairings;
  auto next = snapshot_->meetings.begin();
  for (const auto& [name, booked] : snapshot_->bookings) {
    while (next != snapshot_->meetings.end() && next->first < name) ++next;
    const bool found = next != snapshot_->meetings.end() && next->first == name;
    meetings.push_back(found ? &next->second : nullptr);
    const auto pairing = found ? snapshot_->pairings.find(next->second.meeting.pairing()) : snapshot_->pairings.end();
    pairings.push_back(pairing == snapshot_->pairings.end() ? nullptr : &pairing->second);
  }
  const std::vector<int64_t> values = ValuesOf(pairings, choice);
  size_t index = 0;
  for (const auto& [name, booked] : snapshot_->bookings) {
    const Booking& booking = booked.booking;
    const MeetingFacts* const meeting = meetings[index];
    const PairingFacts* const pairing = pairings[index];
    const CountedBooking& counted = counted_[index];
    WishFacts facts;
    facts.value = values[index++];
    facts.project = booking.parties[0];
    facts.investor = booking.parties[1];
    facts.meeting = name;
    facts.booking = booking;
    facts.people = counted.people;
    if (meeting != nullptr) {
      facts.pairing = meeting->meeting.pairing();
      facts.locked = meeting->meeting.locked();
    }
    bool fixed = pairing == nullptr || !pairing->mutual || pairing->meeting != name || booking.start <= choice.now ||
                 facts.locked || meeting->meeting.state() != v1::Meeting::STATE_CONFIRMED ||
                 !meeting->meeting.forced_reason().empty() || IsOverfull(counted) ||
                 choice.mode == v1::SCHEDULE_MODE_UNBOOKED ||
                 (choice.mode == v1::SCHEDULE_MODE_SELECTED && !choice.selected.contains(facts.pairing));
    for (size_t i = 0; i < facts.people.size(); ++i) {
      // A representative who is gone keeps its meetings as they are.
      fixed = fixed || !Contains(participants_.at(facts.people[i]).calendar.parties(), booking.parties[i]) ||
              HasSuccessor(booking.people[i], booking.parties[i]);
    }
    if (facts.people[0] == facts.people[1]) continue;  // no schedule can say so
    facts.must_meet = pairing != nullptr && pairing->must_meet > 0;
    AddWish(std::move(facts), pairing, fixed);
  }
  return absl::OkStatus();
}

absl::Status ScheduleProblem::AddWished(const Choice& choice) {
  struct Wished {
    const PairingFacts* pairing;
    int64_t value;
  };
  std::vector<const PairingFacts*> pairings;
  for (const auto& [name, pairing] : snapshot_->pairings) {
    if (!pairing.mutual) continue;
    if (!pairing.meeting.empty() && snapshot_->bookings.contains(pairing.meeting)) continue;
    if (choice.mode == v1::SCHEDULE_MODE_SELECTED && !choice.selected.contains(name)) continue;
    if (choice.leave_called_off && pairing.called_off && pairing.meeting.empty()) continue;
    if (!pairing.meeting.empty()) {
      const auto meeting = snapshot_->meetings.find(pairing.meeting);
      if (meeting == snapshot_->meetings.end() ||
          meeting->second.meeting.state() != v1::Meeting::STATE_RESCHEDULE_PENDING)
        continue;
    }
    pairings.push_back(&pairing);
  }
  const std::vector<int64_t> values = ValuesOf(pairings, choice);
  std::vector<Wished> wished;
  for (size_t i = 0; i < pairings.size(); ++i) wished.push_back({pairings[i], values[i]});
  // Who is worth most chooses first who meets.
  std::stable_sort(wished.begin(), wished.end(), [](const Wished& a, const Wished& b) { return a.value > b.value; });
  for (const Wished& one : wished) {
    WishFacts facts;
    facts.pairing = one.pairing->name;
    facts.project = one.pairing->project;
    facts.investor = one.pairing->investor;
    facts.value = one.value;
    facts.must_meet = one.pairing->must_meet > 0;
    if (one.pairing->meeting.empty()) {
      SlotSet within;
      for (const absl::Time time : one.pairing->slots) {
        const int slot = snapshot_->agenda->FindSlot(time);
        if (slot != kNone) within.Add(static_cast<size_t>(slot));
      }
      const auto [a, b] =
          participants_.Choose(facts.project, facts.investor, one.pairing->confined ? &within : nullptr);
      facts.people = {a, b};
    } else {
      // A meeting that has lost its slot: who meets stays.
      const v1::Meeting& meeting = snapshot_->meetings.at(one.pairing->meeting).meeting;
      facts.meeting = meeting.name();
      facts.locked = meeting.locked();
      facts.people = {participants_.Find(meeting.project_attendee()), participants_.Find(meeting.investor_attendee())};
      const bool fit = Contains(participants_.at(facts.people[0]).calendar.parties(), facts.project) &&
                       Contains(participants_.at(facts.people[1]).calendar.parties(), facts.investor);
      if (!fit || HasSuccessor(meeting.project_attendee(), facts.project) ||
          HasSuccessor(meeting.investor_attendee(), facts.investor))
        continue;  // for people to settle
    }
    if (facts.people[0] == facts.people[1]) continue;  // one person for both
    AddWish(std::move(facts), one.pairing, false);
  }
  return absl::OkStatus();
}

int32_t ScheduleProblem::PersonFor(int participant) {
  if (person_of_.size() <= static_cast<size_t>(participant))
    person_of_.resize(static_cast<size_t>(participants_.size()), kNone);
  int32_t& found = person_of_[static_cast<size_t>(participant)];
  if (found != kNone) return found;
  found = static_cast<int32_t>(problem_.people.size());
  const Participant& one = participants_.at(participant);
  const auto open_of = [&](const SlotSet& times) {
    SlotSet slots;
    for (size_t slot = 0; slot < slot_of_.size(); ++slot) {
      if (times.Has(slot)) slots.Add(static_cast<size_t>(slot_of_[slot]));
    }
    return slots & open_;
  };
  const PersonTimes& times = times_of_.emplace_back(PersonTimes{open_of(one.on_site), open_of(one.at_a_distance)});
  scheduling::Person person;
  person.available = times.on_site | times.at_a_distance;
  for (const std::string& party : one.calendar.parties()) {
    const auto inherited = inherited_.find(party);
    if (party == one.calendar.name() || inherited == inherited_.end()) continue;
    for (const auto& [from, to] : inherited->second) {
      for (size_t slot = 0; slot < times_.size(); ++slot) {
        if (times_[slot].start < to && from < times_[slot].end) person.available.Remove(slot);
      }
    }
  }
  if (one.calendar.most_meetings() > 0) person.most_meetings = one.calendar.most_meetings();
  if (one.calendar.most_meetings_per_day() > 0) person.most_per_day = one.calendar.most_meetings_per_day();
  problem_.people.push_back(std::move(person));
  participant_of_.push_back(participant);
  return found;
}

int ScheduleProblem::PersonOf(int participant) const {
  const auto index = static_cast<size_t>(participant);
  return index < person_of_.size() ? person_of_[index] : kNone;
}

std::vector<int32_t> ScheduleProblem::PeopleOf(const std::string& attendee) const {
  std::set<int32_t> people;
  for (const WishFacts& wish : wishes_) {
    const std::array<const std::string*, 2> parties{&wish.project, &wish.investor};
    for (size_t i = 0; i < parties.size(); ++i) {
      if (*parties[i] == attendee || participants_.at(wish.people[i]).calendar.name() == attendee)
        people.insert(PersonOf(wish.people[i]));
    }
  }
  return {people.begin(), people.end()};
}

void ScheduleProblem::AddWish(WishFacts facts, const PairingFacts* pairing, bool fixed) {
  const Agenda& agenda = *snapshot_->agenda;
  scheduling::Wish wish;
  wish.first = PersonFor(facts.people[0]);
  wish.second = PersonFor(facts.people[1]);
  wish.value = facts.value;
  if (fixed) {
    wish.locked_slot = by_start_.at(facts.booking->start);
    wish.locked_pool = pools_.PoolOf(*facts.booking);
    const int interpreter = agenda.FindInterpreter(facts.booking->interpreter);
    const int slot = agenda.FindSlot(facts.booking->start);
    if (interpreter != kNone && slot != kNone) interpreters_.Take(interpreter, slot);
  } else {
    SetTimes(facts, pairing, &wish);
    const Calendar& a = participants_.at(facts.people[0]).calendar;
    const Calendar& b = participants_.at(facts.people[1]).calendar;
    facts.interpreted = !agenda.interpreters().empty() && NeedsInterpreter(a, b);
    if (facts.interpreted) {
      std::vector<int> who;
      for (size_t i = 0; i < agenda.interpreters().size(); ++i) {
        if (agenda.interpreters()[i].Serves(a.languages(), b.languages())) who.push_back(static_cast<int>(i));
      }
      facts.kind = wish.interpreter = interpreters_.Ask(who);
    }
  }
  for (const int one : facts.people) ++participants_.at(one).load;
  problem_.wishes.push_back(wish);
  wishes_.push_back(std::move(facts));
}

// Slots and places that would do. Two people who can meet in both ways, but at a distance not always, meet on site.
void ScheduleProblem::SetTimes(const WishFacts& facts, const PairingFacts* pairing, scheduling::Wish* wish) {
  const PersonTimes& one = times_of_[static_cast<size_t>(wish->first)];
  const PersonTimes& two = times_of_[static_cast<size_t>(wish->second)];
  const auto narrowed = [&](const SlotSet& slots) {
    SlotSet within;
    for (const absl::Time time : pairing->slots) {
      const auto found = by_start_.find(time);
      if (found != by_start_.end()) within.Add(static_cast<size_t>(found->second));
    }
    // Where it is it may stay, whatever was named once.
    if (facts.booking.has_value()) within.Add(static_cast<size_t>(by_start_.at(facts.booking->start)));
    return slots & within;
  };
  SlotSet on_site = one.on_site & two.on_site;
  SlotSet at_a_distance = one.at_a_distance & two.at_a_distance;
  if (pairing->confined) {
    on_site = narrowed(on_site);
    at_a_distance = narrowed(at_a_distance);
  }
  const bool here = !on_site.empty() && pools_.AllowsAny(facts.project, facts.investor, true);
  const bool there = !at_a_distance.empty() && pools_.AllowsAny(facts.project, facts.investor, false) &&
                     (!here || on_site == at_a_distance);
  const SlotSet slots = here ? std::move(on_site) : there ? std::move(at_a_distance) : SlotSet();
  if (!AreCommon(slots, problem_.people[static_cast<size_t>(wish->first)].available,
                 problem_.people[static_cast<size_t>(wish->second)].available))
    wish->slots = SlotSetOf(slots);
  const std::vector<int32_t> pools = pools_.Allowed(facts.project, facts.investor, here, there);
  if (!pools_.IsEverything(pools)) wish->pools = PoolSetOf(pools);
}

int32_t ScheduleProblem::SlotSetOf(const SlotSet& set) {
  std::vector<uint64_t> words;
  for (size_t word = 0; word < set.words(); ++word) words.push_back(set.word(word));
  while (!words.empty() && words.back() == 0) words.pop_back();
  const auto [found, is_new] = slot_sets_.emplace(std::move(words), static_cast<int32_t>(problem_.slot_sets.size()));
  if (is_new) problem_.slot_sets.push_back(set);
  return found->second;
}

int32_t ScheduleProblem::PoolSetOf(const std::vector<int32_t>& pools) {
  const auto [found, is_new] = pool_sets_.emplace(pools, static_cast<int32_t>(problem_.pool_sets.size()));
  if (is_new) problem_.pool_sets.push_back(pools);
  return found->second;
}

absl::Status ScheduleProblem::AddOrders(const Choice& choice) {
  if (choice.orders.empty()) return absl::OkStatus();
  absl::flat_hash_map<absl::string_view, int32_t> by_pairing;  // the last wish of each
  for (size_t i = 0; i < wishes_.size(); ++i) {
    if (!wishes_[i].pairing.empty()) by_pairing[wishes_[i].pairing] = static_cast<int32_t>(i);
  }
  std::vector<FieldViolation> violations;
  for (size_t i = 0; i < choice.orders.size(); ++i) {
    const auto& [earlier, later] = choice.orders[i];
    const auto first = by_pairing.find(earlier);
    const auto second = by_pairing.find(later);
    if (choice.lenient_orders && (first == by_pairing.end() || second == by_pairing.end())) continue;
    if (earlier == later) {
      violations.push_back({absl::StrCat("orders[", i, "].later"), "must be another pairing than `earlier`"});
    } else if (first == by_pairing.end()) {
      violations.push_back({absl::StrCat("orders[", i, "].earlier"), absl::StrCat(earlier, " is not wished")});
    } else if (second == by_pairing.end()) {
      violations.push_back({absl::StrCat("orders[", i, "].later"), absl::StrCat(later, " is not wished")});
    } else {
      problem_.precedences.push_back({first->second, second->second});
    }
  }
  if (const int32_t wish = scheduling::FindInCircle(problem_); violations.empty() && wish != scheduling::kNone) {
    violations.push_back({"orders", absl::StrCat("go round in a circle: ", wishes_[static_cast<size_t>(wish)].pairing,
                                                 " would have to come before itself")});
  }
  return violations.empty() ? absl::OkStatus() : InvalidFields(std::move(violations));
}

}  // namespace tandem::pairing::meetings
