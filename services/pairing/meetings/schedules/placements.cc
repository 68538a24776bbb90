// A schedule in the words of the contract: concrete places and interpreters, and what changes.
#include <algorithm>
#include <tuple>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"

#include "services/pairing/ledger/decision.h"
#include "services/pairing/meetings/schedules/problem_maker.h"
#include "services/pairing/meetings/schedules/schedule_words.h"

namespace tandem::pairing::meetings {

using ledger::ToStamp;
using scheduling::Placement;
using v1::SchedulePlacement;

bool ScheduleProblem::Stays(size_t wish, const Placement& at) const {
  const WishFacts& facts = wishes_[wish];
  if (!facts.booking.has_value() || !at.placed()) return false;
  if (problem_.wishes[wish].locked()) return true;
  const Time& time = times_[static_cast<size_t>(at.slot)];
  if (time.start != facts.booking->start || time.end != facts.booking->end || time.agenda == kNone) return false;
  return pools_.IsOpen(*facts.booking, at.pool, time.agenda);
}

scheduling::Schedule ScheduleProblem::Booked() const {
  scheduling::Schedule schedule;
  PlacePools pools = pools_;
  for (const WishFacts& facts : wishes_) {
    Placement at;
    if (facts.booking.has_value()) at = {by_start_.at(facts.booking->start), pools.PoolOf(*facts.booking)};
    schedule.placements.push_back(at);
  }
  return schedule;
}

int ScheduleProblem::TrimParties(scheduling::Schedule* schedule) const {
  const std::array<int, 2> quotas{snapshot_->agenda->project_quotas().meetings_per_day(),
                                  snapshot_->agenda->investor_quotas().meetings_per_day()};
  int trimmed = 0;
  for (size_t side = 0; side < quotas.size(); ++side) {
    if (quotas[side] == 0) continue;
    std::map<std::pair<std::string, int32_t>, std::vector<size_t>> of_day;
    for (size_t i = 0; i < wishes_.size(); ++i) {
      const Placement& at = schedule->placements[i];
      if (!at.placed()) continue;
      of_day[{side == 0 ? wishes_[i].project : wishes_[i].investor, problem_.slots[static_cast<size_t>(at.slot)].day}]
          .push_back(i);
    }
    for (auto& [key, mine] : of_day) {
      if (mine.size() <= static_cast<size_t>(quotas[side])) continue;
      size_t beyond = mine.size() - static_cast<size_t>(quotas[side]);
      mine.erase(std::remove_if(mine.begin(), mine.end(), [&](size_t i) { return problem_.wishes[i].locked(); }),
                 mine.end());
      std::sort(mine.begin(), mine.end(), [this](size_t a, size_t b) {
        const auto rank = [this](size_t i) {
          return std::make_tuple(wishes_[i].booking.has_value(), wishes_[i].value, wishes_[i].pairing);
        };
        return rank(a) < rank(b);
      });
      for (size_t k = 0; k < mine.size() && beyond > 0; ++k, --beyond, ++trimmed) {
        schedule->placements[mine[k]] = {};
        if (!schedule->reasons.empty()) schedule->reasons[mine[k]] = scheduling::Rule::kMostPerDay;
      }
    }
  }
  return trimmed;
}

std::vector<SchedulePlacement> ScheduleProblem::Place(const scheduling::Schedule& schedule) const {
  const Agenda& agenda = *snapshot_->agenda;
  absl::flat_hash_set<std::string> taken;  // seats and interpreters, by slot
  const auto seat_key = [](int32_t slot, absl::string_view place, int number) {
    return absl::StrCat("s/", slot, "/", place, "/", number);
  };
  const auto interpreter_key = [](int32_t slot, absl::string_view who) { return absl::StrCat("i/", slot, "/", who); };
  std::vector<PlaceSeat> seats(wishes_.size());
  std::vector<std::string> interpreters(wishes_.size());
  std::vector<bool> stays(wishes_.size());
  for (size_t i = 0; i < wishes_.size(); ++i) {
    const Placement& at = schedule.placements[i];
    stays[i] = Stays(i, at);
    if (!stays[i]) continue;
    const Booking& booking = *wishes_[i].booking;
    seats[i] = {booking.place, booking.number, booking.hall};
    taken.insert(seat_key(at.slot, booking.place, booking.number));
    if (problem_.wishes[i].locked()) {
      interpreters[i] = booking.interpreter;
    } else if (wishes_[i].interpreted) {
      const int slot = agenda_slots_[static_cast<size_t>(at.slot)];
      for (const int who : interpreters_.Given(wishes_[i].kind, slot)) {
        if (agenda.interpreters()[static_cast<size_t>(who)].id == booking.interpreter)
          interpreters[i] = booking.interpreter;
      }
    }
    if (!interpreters[i].empty()) taken.insert(interpreter_key(at.slot, interpreters[i]));
  }
  absl::flat_hash_map<std::pair<int32_t, int32_t>, std::pair<std::vector<PlaceSeat>, size_t>> open;  // next one to try
  for (size_t i = 0; i < wishes_.size(); ++i) {
    const Placement& at = schedule.placements[i];
    if (!at.placed()) continue;
    const int slot = agenda_slots_[static_cast<size_t>(at.slot)];
    if (!stays[i]) {
      auto& [all, next] = open[{at.pool, at.slot}];
      if (all.empty()) all = pools_.SeatsOf(at.pool, slot);
      while (next < all.size() && taken.contains(seat_key(at.slot, all[next].place, all[next].number))) ++next;
      if (next < all.size()) seats[i] = all[next++];
    }
    if (wishes_[i].interpreted && interpreters[i].empty()) {
      for (const int who : interpreters_.Given(wishes_[i].kind, slot)) {
        const std::string& id = agenda.interpreters()[static_cast<size_t>(who)].id;
        if (!taken.insert(interpreter_key(at.slot, id)).second) continue;
        interpreters[i] = id;
        break;
      }
    }
  }

  std::vector<size_t> order;
  for (size_t i = 0; i < wishes_.size(); ++i) {
    if (!wishes_[i].pairing.empty()) order.push_back(i);  // else a booking without a meeting: nothing of it can change
  }
  std::stable_sort(order.begin(), order.end(),
                   [this](size_t a, size_t b) { return wishes_[a].pairing < wishes_[b].pairing; });
  std::vector<SchedulePlacement> placements;
  placements.reserve(order.size());
  for (const size_t i : order) {
    const WishFacts& facts = wishes_[i];
    SchedulePlacement& placement = placements.emplace_back();
    placement.set_pairing(facts.pairing);
    placement.set_project(facts.project);
    placement.set_investor(facts.investor);
    placement.set_project_attendee(participants_.at(facts.people[0]).calendar.name());
    placement.set_investor_attendee(participants_.at(facts.people[1]).calendar.name());
    placement.set_value(facts.value);
    placement.set_must_meet(facts.must_meet);
    placement.set_locked(problem_.wishes[i].locked());
    placement.set_meeting(facts.meeting);
    if (facts.booking.has_value()) {
      *placement.mutable_booked_start_time() = ToStamp(facts.booking->start);
      placement.set_booked_place(facts.booking->place);
    }
    const Placement& at = schedule.placements[i];
    if (!at.placed()) {
      if (facts.booking.has_value()) placement.set_change(SchedulePlacement::CHANGE_REMOVED);
      if (!schedule.reasons.empty()) placement.set_rule(RuleOf(schedule.reasons[i]));
      continue;
    }
    const Time& time = times_[static_cast<size_t>(at.slot)];
    *placement.mutable_start_time() = ToStamp(problem_.wishes[i].locked() ? facts.booking->start : time.start);
    *placement.mutable_end_time() = ToStamp(problem_.wishes[i].locked() ? facts.booking->end : time.end);
    placement.set_at_a_distance(seats[i].hall.empty());
    placement.set_place(seats[i].place);
    placement.set_interpreter(interpreters[i]);
    const bool same = stays[i] && facts.booking->interpreter == interpreters[i];
    placement.set_change(!facts.booking.has_value() ? SchedulePlacement::CHANGE_ADDED
                         : same                     ? SchedulePlacement::CHANGE_KEPT
                                                    : SchedulePlacement::CHANGE_MOVED);
  }
  return placements;
}

}  // namespace tandem::pairing::meetings
