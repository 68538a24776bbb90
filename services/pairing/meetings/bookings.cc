#include "services/pairing/meetings/bookings.h"

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"

#include "common/base/civil_date.h"
#include "common/base/status.h"
#include "common/catalog/each_record.h"
#include "common/catalog/store_status.h"
#include "services/pairing/meetings/seats.h"

namespace tandem::pairing::meetings {
namespace {

absl::Status Read(RecordStore* store, const std::vector<std::string>& keys, Rows* rows) {
  if (keys.empty()) return absl::OkStatus();
  auto records = store->BatchGet(keys);
  if (!records.ok()) return catalog::FromStore(records.status());
  for (size_t i = 0; i < keys.size(); ++i) (*rows)[keys[i]] = std::move((*records)[i]);
  return absl::OkStatus();
}

class Planner {
 public:
  Planner(RecordStore* store, const MeetingWish& wish)
      : store_(store), wish_(wish), agenda_(*wish.agenda), seats_(store, wish) {}

  absl::StatusOr<BookingPlan> Plan() {
    TANDEM_RETURN_IF_ERROR(ReadPeople());
    BookingPlan plan;
    const bool any = wish_.slots.empty();
    const int all = static_cast<int>(agenda_.slots().size());
    for (int i = 0; i < (any ? all : static_cast<int>(wish_.slots.size())); ++i) {
      const int slot = any ? i : wish_.slots[static_cast<size_t>(i)];
      TANDEM_ASSIGN_OR_RETURN(const Found found, Look(slot));
      if (found.seat.has_value()) {
        plan.claim = Claim(slot, *found.seat);
        return plan;
      }
      plan.refused.emplace_back(slot, found.obstacle);
    }
    if (!any) TANDEM_RETURN_IF_ERROR(FindLeft(&plan.left));
    return plan;
  }

  absl::StatusOr<std::vector<std::optional<Obstacle>>> Survey() {
    TANDEM_RETURN_IF_ERROR(ReadPeople());
    std::vector<std::optional<Obstacle>> obstacles;
    for (int slot = 0; slot < static_cast<int>(agenda_.slots().size()); ++slot) {
      TANDEM_ASSIGN_OR_RETURN(const Found found, Look(slot));
      obstacles.push_back(found.seat.has_value() ? std::nullopt : std::make_optional(found.obstacle));
    }
    return obstacles;
  }

 private:
  struct Found {
    std::optional<Seat> seat;
    Obstacle obstacle = Obstacle::kPassed;
  };

  // The rows that guard what is decided go first: who books in between changes them.
  absl::Status ReadPeople() {
    if (wish_.attendees[0].calendar->name() == wish_.attendees[1].calendar->name())
      return InvalidFields({{"representative", "must be two different people: nobody meets themselves"}});
    const std::string row = BookingKey(wish_.edition, wish_.meeting);
    std::vector<std::string> keys = {row};
    for (const Attendee& attendee : wish_.attendees) {
      keys.push_back(BusyKey(wish_.edition, attendee.calendar->name()));
      if (IsSpokenFor(attendee)) keys.push_back(BusyKey(wish_.edition, attendee.party));
      for (const AgendaDay& day : agenda_.days())
        keys.push_back(CountKey(wish_.edition, attendee.party, FormatDate(day.date)));
    }
    TANDEM_RETURN_IF_ERROR(Read(store_, keys, &rows_));
    if (rows_[row].has_value() != wish_.moves) {
      const absl::string_view state = wish_.moves ? "NOT_BOOKED" : "BOOKED";
      const absl::string_view step = wish_.moves ? "move" : "book";
      return MakeError(absl::StatusCode::kFailedPrecondition, "STATE_CONFLICT",
                       absl::StrCat(wish_.meeting, wish_.moves ? " has no slot to move from: book it"
                                                               : " has a slot already: move it, or cancel it first"),
                       {{"resource", wish_.meeting},
                        {"state", std::string(state)},
                        {"step", std::string(step)},
                        {"allowed", wish_.moves ? "BOOKED" : "NOT_BOOKED"}});
    }
    if (wish_.moves) {
      TANDEM_ASSIGN_OR_RETURN(old_, DecodeBooking(rows_[row]->value));
      seats_.TakeForFree(*old_);
      // The day that is left may be none of the agenda any more.
      std::vector<std::string> left;
      for (const std::string& party : old_->parties) left.push_back(CountKey(wish_.edition, party, old_->date));
      TANDEM_RETURN_IF_ERROR(Read(store_, left, &rows_));
    }
    for (size_t i = 0; i < booked_.size(); ++i) {
      const Attendee& attendee = wish_.attendees[i];
      std::vector<Booking> bookings;
      // Whoever was ever booked has a row that says so.
      if (rows_[BusyKey(wish_.edition, attendee.calendar->name())].has_value()) {
        TANDEM_ASSIGN_OR_RETURN(bookings, BookingsOf(store_, wish_.edition, attendee.calendar->name()));
      }
      // Of the time when the party had no representative: whoever came first has to be there.
      if (IsSpokenFor(attendee) && rows_[BusyKey(wish_.edition, attendee.party)].has_value()) {
        TANDEM_ASSIGN_OR_RETURN(std::vector<Booking> own, BookingsOf(store_, wish_.edition, attendee.party));
        std::move(own.begin(), own.end(), std::back_inserter(bookings));
      }
      for (const Booking& booking : bookings) {
        if (booking.meeting == wish_.meeting) continue;  // only if it moves
        const auto date = ParseDate(booking.date);
        booked_[i].push_back({{booking.start, booking.end},
                              date.ok() ? *date : 0,
                              booking.is_virtual() ? kNone : agenda_.FindHall(booking.hall)});
      }
    }
    return absl::OkStatus();
  }

  // Whether somebody else meets for the party.
  static bool IsSpokenFor(const Attendee& attendee) { return attendee.calendar->name() != attendee.party; }

  // Whether the party of `attendee` may have one more meeting on the day of `slot`.
  bool HasQuota(const Attendee& attendee, int slot) const {
    if (attendee.most_per_day == 0) return true;
    const std::string date = FormatDate(BookedIn(agenda_, slot, kNone).date);
    int count = CountOf(rows_.at(CountKey(wish_.edition, attendee.party, date)));
    if (old_.has_value() && old_->date == date)
      count -= static_cast<int>(std::count(old_->parties.begin(), old_->parties.end(), attendee.party));
    return count < attendee.most_per_day;
  }

  bool Suits(int slot, Mode mode) const {
    return (mode == Mode::kOnSite ? wish_.on_site : wish_.at_a_distance) &&
           std::all_of(wish_.attendees.begin(), wish_.attendees.end(),
                       [&](const Attendee& attendee) { return attendee.calendar->CanMeet(slot, mode); });
  }

  bool BothReach(int slot, int hall) const {
    return CanReach(agenda_, booked_[0], slot, hall) && CanReach(agenda_, booked_[1], slot, hall);
  }

  // A seat of `slot` that both can come to, or why there is none.
  absl::StatusOr<Found> Look(int slot) {
    Found found;
    const auto refuse = [&found](Obstacle obstacle) {
      found.obstacle = obstacle;
      return found;
    };
    if (agenda_.slots()[static_cast<size_t>(slot)].start < wish_.not_before) return refuse(Obstacle::kPassed);
    const bool on_site = Suits(slot, Mode::kOnSite);
    const bool at_a_distance = Suits(slot, Mode::kVirtual);
    if (!on_site && !at_a_distance) return refuse(Obstacle::kNotAvailable);
    if (!BothReach(slot, kNone)) return refuse(Obstacle::kBusy);
    for (size_t i = 0; i < booked_.size(); ++i) {
      if (!HasRoom(agenda_, *wish_.attendees[i].calendar, booked_[i], slot) || !HasQuota(wish_.attendees[i], slot))
        return refuse(Obstacle::kCap);
    }
    std::vector<bool> halls(agenda_.halls().size(), false);
    for (size_t hall = 0; on_site && hall < halls.size(); ++hall) halls[hall] = BothReach(slot, static_cast<int>(hall));
    TANDEM_ASSIGN_OR_RETURN(const Seats::Answer answer, seats_.Find(slot, halls, at_a_distance));
    if (answer.seat.has_value()) {
      found.seat = answer.seat;
    } else if (answer.no_interpreter) {
      return refuse(Obstacle::kNoInterpreter);
    } else {
      const bool cut_off = on_site && !at_a_distance && !halls.empty() &&
                           std::none_of(halls.begin(), halls.end(), [](bool reached) { return reached; });
      return refuse(cut_off ? Obstacle::kTooFar : Obstacle::kNoPlace);
    }
    return found;
  }

  absl::Status FindLeft(std::vector<int>* left) {
    int looks = 0;
    for (int slot = 0; slot < static_cast<int>(agenda_.slots().size()); ++slot) {
      if (left->size() >= kMostLeft || looks >= kMostLooks) break;
      if (std::find(wish_.slots.begin(), wish_.slots.end(), slot) != wish_.slots.end()) continue;
      TANDEM_ASSIGN_OR_RETURN(const Found found, Look(slot));
      if (found.seat.has_value()) left->push_back(slot);
      if (found.obstacle != Obstacle::kPassed && found.obstacle != Obstacle::kNotAvailable) ++looks;
    }
    return absl::OkStatus();
  }

  BookingClaim Claim(int slot, const Seat& seat) const {
    const Slot& when = agenda_.slots()[static_cast<size_t>(slot)];
    const Place& place = agenda_.places()[static_cast<size_t>(seat.place)];
    BookingClaim claim;
    claim.slot = slot;
    Booking& booking = claim.booking;
    booking.meeting = wish_.meeting;
    booking.start = when.start;
    booking.end = when.end;
    booking.date = FormatDate(agenda_.days()[static_cast<size_t>(when.day)].date);
    booking.place = place.id;
    booking.number = seat.number;
    if (!place.is_virtual()) booking.hall = agenda_.halls()[static_cast<size_t>(place.hall)];
    if (seat.interpreter != kNone)
      booking.interpreter = agenda_.interpreters()[static_cast<size_t>(seat.interpreter)].id;
    for (size_t i = 0; i < wish_.attendees.size(); ++i) {
      booking.people[i] = wish_.attendees[i].calendar->name();
      booking.parties[i] = wish_.attendees[i].party;
    }
    BookingChanges changes(wish_.edition);
    if (old_.has_value()) changes.Free(*old_, *rows_.at(BookingKey(wish_.edition, wish_.meeting)));
    changes.Claim(booking);
    changes.Finish(rows_, &claim.rows);
    for (const Attendee& attendee : wish_.attendees) {
      const std::string key = BusyKey(wish_.edition, attendee.party);
      if (!IsSpokenFor(attendee)) continue;
      const std::optional<Record>& row = rows_.at(key);
      claim.rows.conditions.push_back(row.has_value() ? Condition::AtRevision(key, row->revision)
                                                      : Condition::Absent(key));
    }
    return claim;
  }

  RecordStore* const store_;
  const MeetingWish& wish_;
  const Agenda& agenda_;
  Seats seats_;
  Rows rows_;
  std::optional<Booking> old_;  // of a meeting that moves
  std::array<std::vector<Booked>, 2> booked_;
};

}  // namespace

absl::StatusOr<BookingPlan> PlanBooking(RecordStore* store, const MeetingWish& wish) {
  return Planner(store, wish).Plan();
}

absl::StatusOr<std::vector<std::optional<Obstacle>>> SurveySlots(RecordStore* store, const MeetingWish& wish) {
  return Planner(store, wish).Survey();
}

absl::StatusOr<Transaction> PlanRelease(RecordStore* store, absl::string_view edition,
                                        const std::vector<std::string>& meetings, std::vector<Booking>* freed) {
  std::vector<std::string> keys;
  for (const std::string& meeting : meetings) keys.push_back(BookingKey(edition, meeting));
  std::sort(keys.begin(), keys.end());
  keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
  Rows rows;
  TANDEM_RETURN_IF_ERROR(Read(store, keys, &rows));
  BookingChanges changes(edition);
  for (const std::string& key : keys) {
    if (!rows[key].has_value()) continue;
    TANDEM_ASSIGN_OR_RETURN(Booking booking, DecodeBooking(rows[key]->value));
    changes.Free(booking, *rows[key]);
    if (freed != nullptr) freed->push_back(std::move(booking));
  }
  TANDEM_RETURN_IF_ERROR(Read(store, changes.keys(), &rows));
  Transaction transaction;
  changes.Finish(rows, &transaction);
  return transaction;
}

absl::StatusOr<std::vector<Booking>> BookingsOf(RecordStore* store, absl::string_view edition,
                                                absl::string_view person) {
  std::vector<Booking> bookings;
  TANDEM_RETURN_IF_ERROR(
      catalog::ForEachRecord(store, CalendarPrefix(edition, person), [&](const Record& record) -> absl::Status {
        TANDEM_ASSIGN_OR_RETURN(bookings.emplace_back(), DecodeBooking(record.value));
        return absl::OkStatus();
      }));
  std::sort(bookings.begin(), bookings.end(), [](const Booking& a, const Booking& b) { return a.start < b.start; });
  return bookings;
}

}  // namespace tandem::pairing::meetings
