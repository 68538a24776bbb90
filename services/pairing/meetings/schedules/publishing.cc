#include "services/pairing/meetings/schedules/publishing.h"

#include <algorithm>
#include <set>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

#include "common/base/civil_date.h"
#include "common/base/status.h"
#include "common/catalog/names.h"
#include "common/catalog/store_status.h"
#include "services/pairing/ledger/rows.h"
#include "services/pairing/meetings/book/meeting_rows.h"

namespace tandem::pairing::meetings {
namespace {

using ledger::FromStamp;
using v1::Meeting;
using v1::Pairing;
using v1::SchedulePlacement;
using Kind = PlannedChange::Kind;

constexpr size_t kReadAtOnce = 2000;

std::string PairingKey(absl::string_view name) {
  return catalog::RecordKey(ledger::kPairings,
                            {std::string(EditionOf(name)), std::string(name.substr(name.rfind('/') + 1))});
}

bool Frees(const PlannedChange& change) {
  return change.kind == Kind::kMove || change.kind == Kind::kCancel || change.kind == Kind::kUnplace;
}

}  // namespace

absl::StatusOr<Rows> ReadRowsOf(RecordStore* store, const std::vector<std::string>& keys) {
  Rows rows;
  for (size_t begin = 0; begin < keys.size(); begin += kReadAtOnce) {
    const std::vector<std::string> some(
        keys.begin() + static_cast<std::ptrdiff_t>(begin),
        keys.begin() + static_cast<std::ptrdiff_t>(std::min(keys.size(), begin + kReadAtOnce)));
    auto read = store->BatchGet(some);
    if (!read.ok()) return catalog::FromStore(read.status());
    for (size_t i = 0; i < some.size(); ++i) rows[some[i]] = std::move((*read)[i]);
  }
  return rows;
}

absl::Status ChangePlan::Guard(const std::vector<SchedulePlacement>& placements) {
  absl::flat_hash_set<absl::string_view> names;
  for (const SchedulePlacement& placement : placements) {
    if (placement.change() == SchedulePlacement::CHANGE_UNSPECIFIED ||
        placement.change() == SchedulePlacement::CHANGE_KEPT)
      continue;
    for (const std::string* name :
         {&placement.project_attendee(), &placement.investor_attendee(), &placement.project(), &placement.investor()})
      names.insert(*name);
  }
  std::vector<std::string> keys;
  for (const absl::string_view name : names) keys.push_back(BusyKey(EditionOf(name), name));
  std::sort(keys.begin(), keys.end());
  TANDEM_ASSIGN_OR_RETURN(guards_, ReadRowsOf(store_, keys));
  return absl::OkStatus();
}

absl::StatusOr<std::map<std::string, std::string>> ChangePlan::Check(
    const std::vector<std::pair<std::string, std::string>>& orders) {
  orders_ = orders;
  std::map<std::string, std::string> broken;
  absl::flat_hash_set<std::string> freed, seats;
  const auto seat = [](absl::Time start, absl::string_view place, int number) {
    return absl::StrCat(absl::ToUnixSeconds(start), "/", place, "/", number);
  };
  absl::flat_hash_set<absl::Time> starts;  // at no other time does anybody look for a seat
  for (const PlannedChange& change : changes_) {
    if (Frees(change)) freed.insert(change.meeting);
    if (change.goal.has_value()) starts.insert(change.goal->start);
  }
  std::vector<ProvedMeeting> after;
  after.reserve(snapshot_->bookings.size() + changes_.size());
  auto next = snapshot_->meetings.begin();  // in the same order
  for (const auto& [name, facts] : snapshot_->bookings) {
    if (freed.contains(name)) continue;
    while (next != snapshot_->meetings.end() && next->first < name) ++next;
    const bool known = next != snapshot_->meetings.end() && next->first == name;
    after.push_back(ProvedOf(facts.booking, known ? next->second.meeting.pairing() : ""));
    if (!starts.contains(facts.booking.start)) continue;
    seats.insert(seat(facts.booking.start, facts.booking.place, facts.booking.number));
  }
  for (PlannedChange& change : changes_) {
    if (!change.goal.has_value()) continue;
    ProvedMeeting& goal = *change.goal;
    goal.touched = true;
    const int place = snapshot_->agenda->FindPlace(goal.place);
    const int capacity = place == kNone ? 0 : snapshot_->agenda->places()[static_cast<size_t>(place)].capacity;
    change.number = 0;
    while (change.number < capacity && !seats.insert(seat(goal.start, goal.place, change.number)).second)
      ++change.number;
    if (change.number >= capacity) {
      broken.emplace(change.pairing, absl::StrCat("place ", goal.place, " is taken at ", TimeText(goal.start)));
    }
    after.push_back(goal);
  }
  CheckInherited(&broken);
  TANDEM_ASSIGN_OR_RETURN(Participants participants, Participants::Of(*snapshot_));
  for (const Breach& breach : Prove(&participants, after, orders)) {
    for (const size_t i : breach.meetings) {
      if (after[i].touched) broken.emplace(after[i].pairing, breach.violation.message());
    }
  }
  return broken;
}

// Who meets for a party that once met by itself may have to be where it is booked.
void ChangePlan::CheckInherited(std::map<std::string, std::string>* broken) const {
  std::map<std::string, std::vector<const Booking*>> own;
  for (const auto& [name, facts] : snapshot_->bookings) {
    for (size_t side = 0; side < 2; ++side) {
      if (facts.booking.people[side] == facts.booking.parties[side])
        own[facts.booking.parties[side]].push_back(&facts.booking);
    }
  }
  for (const PlannedChange& change : changes_) {
    if (!change.goal.has_value()) continue;
    for (size_t side = 0; side < 2; ++side) {
      const std::string& party = change.goal->parties[side];
      const auto found = own.find(party);
      if (change.goal->people[side] == party || found == own.end()) continue;
      for (const Booking* booking : found->second) {
        if (booking->meeting == change.meeting || booking->end <= change.goal->start ||
            change.goal->end <= booking->start)
          continue;
        broken->emplace(change.pairing,
                        absl::StrCat(party, " is in ", booking->meeting, " at ", TimeText(booking->start)));
      }
    }
  }
}

void ChangePlan::GuardOrders(Transaction* transaction) const {
  absl::flat_hash_set<absl::string_view> changed;
  for (const PlannedChange& change : changes_) changed.insert(change.pairing);
  std::set<std::string> others;  // of pairings; those that change are conditions already
  for (const auto& [earlier, later] : orders_) {
    if (changed.contains(earlier) != changed.contains(later))
      others.insert(changed.contains(earlier) ? later : earlier);
  }
  for (const std::string& other : others) {
    const auto pairing = snapshot_->pairings.find(other);
    if (pairing == snapshot_->pairings.end()) continue;
    transaction->conditions.push_back(Condition::AtRevision(PairingKey(other), pairing->second.revision));
    const auto meeting = snapshot_->meetings.find(pairing->second.meeting);
    if (meeting == snapshot_->meetings.end()) continue;
    transaction->conditions.push_back(Condition::AtRevision(MeetingKey(meeting->first), meeting->second.revision));
  }
}

Booking ChangePlan::BookingOf(const PlannedChange& change) const {
  const ProvedMeeting& goal = *change.goal;
  const Agenda& agenda = *snapshot_->agenda;
  Booking booking;
  booking.meeting = change.meeting;
  booking.start = goal.start;
  booking.end = goal.end;
  const int slot = agenda.FindSlot(goal.start);  // there is one: Check found nothing
  booking.date = FormatDate(agenda.days()[static_cast<size_t>(agenda.slots()[static_cast<size_t>(slot)].day)].date);
  booking.place = goal.place;
  booking.number = change.number;
  const Place& place = agenda.places()[static_cast<size_t>(agenda.FindPlace(goal.place))];
  if (!place.is_virtual()) booking.hall = agenda.halls()[static_cast<size_t>(place.hall)];
  booking.interpreter = goal.interpreter;
  booking.people = goal.people;
  booking.parties = goal.parties;
  return booking;
}

absl::StatusOr<bool> ChangePlan::Finish(Transaction* transaction, std::vector<Booking>* before) {
  transaction->conditions.push_back(
      Condition::AtRevision(snapshot_->edition_record.key, snapshot_->edition_record.revision));
  TANDEM_ASSIGN_OR_RETURN(const bool still, WriteRecords(transaction));
  if (!still) return false;
  GuardOrders(transaction);
  BookingChanges bookings(snapshot_->edition);
  absl::flat_hash_set<std::string> counted;  // parties whose meetings become more or fewer, or other ones
  for (const PlannedChange& change : changes_) {
    if (!Frees(change)) continue;
    const BookingFacts& facts = snapshot_->bookings.at(change.meeting);
    Record row;
    row.key = facts.key;
    row.revision = facts.revision;
    bookings.Free(facts.booking, row);
    counted.insert(facts.booking.parties.begin(), facts.booking.parties.end());
    before->push_back(facts.booking);
  }
  std::set<std::string> people, spoken_for;
  for (const PlannedChange& change : changes_) {
    if (!change.goal.has_value()) continue;
    bookings.Claim(BookingOf(change));
    people.insert(change.goal->people.begin(), change.goal->people.end());
    counted.insert(change.goal->parties.begin(), change.goal->parties.end());
    for (size_t side = 0; side < 2; ++side) {
      if (change.goal->people[side] != change.goal->parties[side]) spoken_for.insert(change.goal->parties[side]);
    }
  }
  // Who claims is guarded since before the snapshot; counts must say what was seen in it.
  std::vector<std::string> more;
  for (const std::string& key : bookings.keys()) {
    if (guards_.find(key) == guards_.end()) more.push_back(key);
  }
  absl::flat_hash_map<std::string, int> counts;
  for (const auto& [name, facts] : snapshot_->bookings) {
    for (const std::string& party : facts.booking.parties) {
      if (counted.contains(party)) ++counts[CountKey(snapshot_->edition, party, facts.booking.date)];
    }
  }
  TANDEM_ASSIGN_OR_RETURN(Rows rows, ReadRowsOf(store_, more));
  for (auto& [key, row] : rows) {
    const auto seen = counts.find(key);
    if (CountOf(row) != (seen == counts.end() ? 0 : seen->second)) return false;
    guards_[key] = std::move(row);
  }
  bookings.Finish(guards_, transaction);
  for (const std::string& party : spoken_for) {
    const std::string key = BusyKey(snapshot_->edition, party);
    ledger::AddCondition(key, guards_.at(key), transaction);
  }
  for (const std::string& person : people) {
    const auto found = snapshot_->representatives.find(person);
    if (found == snapshot_->representatives.end()) continue;
    transaction->conditions.push_back(Condition::AtRevision(found->second.key, found->second.revision));
  }
  return true;
}

absl::StatusOr<bool> ChangePlan::WriteRecords(Transaction* transaction) {
  std::vector<std::string> keys;
  for (const PlannedChange& change : changes_) {
    keys.push_back(PairingKey(change.pairing));
    if (change.kind == Kind::kBook || change.kind == Kind::kCancel) keys.push_back(NumbersKey(change.pairing));
  }
  TANDEM_ASSIGN_OR_RETURN(const Rows rows, ReadRowsOf(store_, keys));
  for (PlannedChange& change : changes_) {
    const std::string pairing_key = PairingKey(change.pairing);
    const std::optional<Record>& record = rows.at(pairing_key);
    if (!record.has_value() || record->revision != snapshot_->pairings.at(change.pairing).revision) return false;
    TANDEM_ASSIGN_OR_RETURN(const Pairing pairing, ledger::ParsePairing(*record));
    ledger::AddCondition(pairing_key, record, transaction);
    Pairing after = pairing;
    Meeting meeting;
    const bool books = change.kind == Kind::kBook;
    if (!books) {
      const MeetingFacts& facts = snapshot_->meetings.at(change.meeting);
      transaction->conditions.push_back(Condition::AtRevision(MeetingKey(change.meeting), facts.revision));
      meeting = facts.meeting;
    }
    if (books || change.kind == Kind::kCancel) {
      const std::string numbers_key = NumbersKey(change.pairing);
      const std::optional<Record>& row = rows.at(numbers_key);
      MeetingNumbers numbers;
      if (row.has_value()) {
        TANDEM_ASSIGN_OR_RETURN(numbers, MeetingNumbers::Decode(row->value));
      }
      if (books) {
        numbers.kept.push_back(++numbers.last);
        change.meeting = MeetingName(change.pairing, numbers.last);
      } else {
        numbers.kept.erase(
            std::remove_if(numbers.kept.begin(), numbers.kept.end(),
                           [&](int number) { return MeetingName(change.pairing, number) == change.meeting; }),
            numbers.kept.end());
      }
      ledger::AddCondition(numbers_key, row, transaction);
      transaction->writes.push_back(Write::PutUnlogged(numbers_key, numbers.Encode()));
      after.set_meeting(numbers.kept.empty() ? "" : MeetingName(change.pairing, numbers.kept.back()));
      SetMeetingChange(acting_, &after);
      ledger::AddPairingWrites(ledger::PairNames(pairing.project(), pairing.investor()), pairing, after, transaction);
    }
    if (change.goal.has_value()) {
      const ProvedMeeting& goal = *change.goal;
      const Placed placed{goal.start, goal.end, goal.at_a_distance, goal.place, goal.interpreter};
      if (books) {
        meeting.set_name(change.meeting);
        meeting.set_pairing(pairing.name());
        meeting.set_project(pairing.project());
        meeting.set_investor(pairing.investor());
        meeting.set_project_attendee(goal.people[0]);
        meeting.set_investor_attendee(goal.people[1]);
        Book(acting_, placed, "", &meeting);
      } else {
        Move(acting_, placed, &meeting);
      }
      meeting.set_schedule(change.schedule);
    } else if (change.kind == Kind::kUnplace) {
      Move(acting_, {}, &meeting);
      meeting.clear_start_time();
      meeting.clear_end_time();
      meeting.set_state(Meeting::STATE_RESCHEDULE_PENDING);
      meeting.clear_schedule();
    } else {
      TANDEM_RETURN_IF_ERROR(Cancel(acting_, &meeting).status());
    }
    meeting.mutable_change()->set_cause(cause_);
    AddMeetingWrites(meeting, books, transaction);
  }
  return true;
}

std::map<std::string, std::string> PlanPublishing(const Snapshot& snapshot,
                                                  const std::vector<SchedulePlacement>& placements,
                                                  const std::string& schedule, absl::Time now, ChangePlan* plan) {
  std::map<std::string, std::string> broken;
  for (const SchedulePlacement& placement : placements) {
    if (placement.change() == SchedulePlacement::CHANGE_UNSPECIFIED) continue;
    const auto refuse = [&](absl::string_view why) {
      broken.emplace(placement.pairing(), absl::StrCat(placement.pairing(), " ", why));
    };
    const bool was_booked = placement.has_booked_start_time();
    const auto booking = snapshot.bookings.find(placement.meeting());
    const bool stands = booking != snapshot.bookings.end();
    const bool unmoved = stands && booking->second.booking.start == FromStamp(placement.booked_start_time()) &&
                         booking->second.booking.place == placement.booked_place();
    if (placement.change() == SchedulePlacement::CHANGE_KEPT) {
      if (!unmoved && FromStamp(placement.start_time()) > now) refuse("has lost or changed its meeting");
      continue;
    }
    const auto pairing = snapshot.pairings.find(placement.pairing());
    if (pairing == snapshot.pairings.end() || !pairing->second.mutual) {
      refuse("is no longer mutual");
      continue;
    }
    if (placement.meeting() != pairing->second.meeting) {
      refuse(placement.meeting().empty() ? "has a meeting now" : "has another meeting now, or none");
      continue;
    }
    if (was_booked != stands || (was_booked && !unmoved)) {
      refuse("has changed its meeting");
      continue;
    }
    if (!placement.meeting().empty()) {
      const Meeting& meeting = snapshot.meetings.at(placement.meeting()).meeting;
      const Meeting::State state = was_booked ? Meeting::STATE_CONFIRMED : Meeting::STATE_RESCHEDULE_PENDING;
      if (meeting.state() != state || (was_booked && meeting.locked())) {
        refuse(meeting.locked() ? "has a locked meeting now" : "has a meeting that is another one now");
        continue;
      }
      if (was_booked && FromStamp(placement.booked_start_time()) <= now) {
        refuse("has a meeting that has begun");
        continue;
      }
      if (meeting.project_attendee() != placement.project_attendee() ||
          meeting.investor_attendee() != placement.investor_attendee()) {
        refuse("has a meeting of other people now");
        continue;
      }
    }
    PlannedChange change;
    change.pairing = placement.pairing();
    change.meeting = placement.meeting();
    change.schedule = schedule;
    if (placement.change() == SchedulePlacement::CHANGE_REMOVED) {
      change.kind = Kind::kCancel;
    } else {
      change.kind = was_booked ? Kind::kMove : placement.meeting().empty() ? Kind::kBook : Kind::kPlace;
      change.goal = ProvedOf(placement);
      if (change.goal->start <= now) {
        refuse("would meet in a slot that has begun");
        continue;
      }
    }
    plan->Add(std::move(change));
  }
  return broken;
}

absl::Status Outdated(const std::string& schedule, const std::map<std::string, std::string>& reasons) {
  constexpr size_t kNamed = 10;
  std::vector<std::string> first;
  for (const auto& [pairing, why] : reasons) {
    if (first.size() < kNamed) first.push_back(pairing);
  }
  const std::string& cause = reasons.begin()->second;
  return MakeError(absl::StatusCode::kAborted, "SCHEDULE_OUTDATED",
                   absl::StrCat(schedule, " rests on what has changed since it was made (", reasons.size(),
                                " pairings; the first: ", cause, "): nothing was changed, make a new one"),
                   {{"schedule", schedule},
                    {"count", absl::StrCat(reasons.size())},
                    {"pairings", absl::StrJoin(first, ",")},
                    {"cause", cause}});
}

}  // namespace tandem::pairing::meetings
