#include "services/pairing/meetings/booking_rows.h"

#include <cstdint>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

#include "common/base/status.h"
#include "common/base/test_switch.h"

namespace tandem::pairing::meetings {
namespace {

// A name without `editions/<edition>/`.
absl::string_view Local(absl::string_view edition, absl::string_view name) {
  absl::string_view rest = name;
  if (absl::ConsumePrefix(&rest, "editions/") && absl::ConsumePrefix(&rest, edition) && absl::ConsumePrefix(&rest, "/"))
    return rest;
  return name;
}

std::string TimeKey(absl::Time time) { return absl::StrFormat("%012d", absl::ToUnixSeconds(time)); }

absl::Status Unreadable() {
  return MakeError(absl::StatusCode::kInternal, "INTERNAL", "a stored booking cannot be read");
}

}  // namespace

// Lines, since no name, id or date has a line break in it; the meeting's name comes first.
std::string Encode(const Booking& booking) {
  return absl::StrJoin(
      {booking.meeting, absl::StrCat(absl::ToUnixSeconds(booking.start)),
       absl::StrCat(absl::ToUnixSeconds(booking.end)), booking.date, booking.place, absl::StrCat(booking.number),
       booking.hall, booking.interpreter, booking.people[0], booking.people[1], booking.parties[0], booking.parties[1]},
      "\n");
}

absl::StatusOr<Booking> DecodeBooking(absl::string_view row) {
  const std::vector<absl::string_view> lines = absl::StrSplit(row, '\n');
  if (lines.size() != 12) return Unreadable();
  Booking booking;
  int64_t start = 0;
  int64_t end = 0;
  if (!absl::SimpleAtoi(lines[1], &start) || !absl::SimpleAtoi(lines[2], &end) ||
      !absl::SimpleAtoi(lines[5], &booking.number))
    return Unreadable();
  booking.meeting = std::string(lines[0]);
  booking.start = absl::FromUnixSeconds(start);
  booking.end = absl::FromUnixSeconds(end);
  booking.date = std::string(lines[3]);
  booking.place = std::string(lines[4]);
  booking.hall = std::string(lines[6]);
  booking.interpreter = std::string(lines[7]);
  booking.people = {std::string(lines[8]), std::string(lines[9])};
  booking.parties = {std::string(lines[10]), std::string(lines[11])};
  return booking;
}

std::string BookingKey(absl::string_view edition, absl::string_view meeting) {
  return absl::StrCat(BookingPrefix(edition), Local(edition, meeting));
}
std::string CalendarPrefix(absl::string_view edition, absl::string_view person) {
  return absl::StrCat("calendar/", edition, "/", Local(edition, person), "/");
}
std::string CalendarKey(absl::string_view edition, absl::string_view person, absl::Time start) {
  return absl::StrCat(CalendarPrefix(edition, person), TimeKey(start));
}
std::string PlacePrefix(absl::string_view edition, absl::Time start) {
  return absl::StrCat("place/", edition, "/", TimeKey(start), "/");
}
std::string PlaceKey(absl::string_view edition, absl::Time start, absl::string_view place, int number) {
  return absl::StrCat(PlacePrefix(edition, start), place, number == 0 ? "" : absl::StrCat("/", number));
}
std::string InterpreterKey(absl::string_view edition, absl::Time start, absl::string_view interpreter) {
  return absl::StrCat("interpreter/", edition, "/", TimeKey(start), "/", interpreter);
}
std::string BusyKey(absl::string_view edition, absl::string_view person) {
  return absl::StrCat("busy/", edition, "/", Local(edition, person));
}
std::string CountKey(absl::string_view edition, absl::string_view party, absl::string_view date) {
  return absl::StrCat("meetings-on/", edition, "/", Local(edition, party), "/", date);
}

std::string SlotKey(absl::string_view edition, absl::Time start) {
  return absl::StrCat("slot/", edition, "/", TimeKey(start));
}
std::string BookingPrefix(absl::string_view edition) { return absl::StrCat("booking/", edition, "/"); }

int CountOf(const std::optional<Record>& row) {
  int count = 0;
  if (row.has_value() && !absl::SimpleAtoi(row->value, &count)) return 0;
  return count;
}

void BookingChanges::Free(const Booking& booking, const Record& row) {
  conditions_.push_back(Condition::AtRevision(row.key, row.revision));
  writes_[row.key] = std::nullopt;
  for (const std::string& person : booking.people) writes_[CalendarKey(edition_, person, booking.start)] = std::nullopt;
  if (!Deviates("meetings.free"))
    writes_[PlaceKey(edition_, booking.start, booking.place, booking.number)] = std::nullopt;
  if (!booking.interpreter.empty())
    writes_[InterpreterKey(edition_, booking.start, booking.interpreter)] = std::nullopt;
  for (const std::string& party : booking.parties) --counts_[CountKey(edition_, party, booking.date)];
}

void BookingChanges::Take(const std::string& key, const std::string& value) {
  // What is freed here is ours for as long as the row of its booking stands.
  if (writes_.find(key) == writes_.end() && !Deviates("meetings.claim")) conditions_.push_back(Condition::Absent(key));
  writes_[key] = value;
}

void BookingChanges::Claim(const Booking& booking) {
  const std::string row = Encode(booking);
  Take(BookingKey(edition_, booking.meeting), row);
  for (const std::string& person : booking.people) {
    Take(CalendarKey(edition_, person, booking.start), row);
    busy_[BusyKey(edition_, person)] = booking.meeting;
  }
  Take(PlaceKey(edition_, booking.start, booking.place, booking.number), booking.meeting);
  if (!booking.interpreter.empty()) Take(InterpreterKey(edition_, booking.start, booking.interpreter), booking.meeting);
  for (const std::string& party : booking.parties) ++counts_[CountKey(edition_, party, booking.date)];
  writes_[SlotKey(edition_, booking.start)] = booking.meeting;
}

std::vector<std::string> BookingChanges::keys() const {
  std::vector<std::string> keys;
  for (const auto& [key, change] : counts_) {
    if (change != 0) keys.push_back(key);
  }
  for (const auto& [key, value] : busy_) keys.push_back(key);
  return keys;
}

void BookingChanges::Finish(const Rows& rows, Transaction* transaction) const {
  transaction->conditions.insert(transaction->conditions.end(), conditions_.begin(), conditions_.end());
  for (const auto& [key, value] : writes_) transaction->writes.push_back({key, value, /*logged=*/false});
  const auto expect = [&](const std::string& key) {
    const std::optional<Record>& row = rows.at(key);
    transaction->conditions.push_back(row.has_value() ? Condition::AtRevision(key, row->revision)
                                                      : Condition::Absent(key));
  };
  for (const auto& [key, change] : counts_) {
    if (change == 0) continue;
    if (!Deviates("meetings.count")) expect(key);
    const int count = CountOf(rows.at(key)) + change;
    transaction->writes.push_back(count > 0 ? Write::PutUnlogged(key, absl::StrCat(count))
                                            : Write::DeleteUnlogged(key));
  }
  for (const auto& [key, value] : busy_) {
    if (!Deviates("meetings.calendar")) expect(key);
    transaction->writes.push_back(Write::PutUnlogged(key, value));
  }
}

}  // namespace tandem::pairing::meetings
