#include "services/pairing/meetings/schedules/verifying.h"

#include <map>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

#include "common/base/status.h"
#include "common/catalog/each_record.h"
#include "common/catalog/store_status.h"
#include "services/pairing/ledger/decision.h"

namespace tandem::pairing::meetings {
namespace {

using ledger::FromStamp;
using v1::Meeting;
using v1::ScheduleViolation;

class Comparison {
 public:
  Comparison(RecordStore* store, const Snapshot& snapshot) : store_(store), snapshot_(snapshot) {}

  absl::StatusOr<std::vector<ScheduleViolation>> Run() {
    for (const auto& [name, facts] : snapshot_.meetings) CompareMeeting(name, facts.meeting);
    for (const auto& [name, facts] : snapshot_.bookings) {
      if (!snapshot_.meetings.contains(name))
        Add(v1::SCHEDULE_RULE_SLOT, facts.booking, " is booked, and there is no such meeting");
    }
    TANDEM_RETURN_IF_ERROR(CompareRows());
    return std::move(found_);
  }

 private:
  ScheduleViolation* Add(v1::ScheduleRule rule, const Booking& booking, absl::string_view what) {
    ScheduleViolation& violation = found_.emplace_back();
    violation.set_rule(rule);
    const auto meeting = snapshot_.meetings.find(booking.meeting);
    if (meeting != snapshot_.meetings.end()) violation.add_pairings(meeting->second.meeting.pairing());
    *violation.mutable_start_time() = ledger::ToStamp(booking.start);
    violation.set_place(booking.place);
    violation.set_message(absl::StrCat(booking.meeting, " at ", TimeText(booking.start), what));
    return &violation;
  }

  void CompareMeeting(const std::string& name, const Meeting& meeting) {
    const auto booked = snapshot_.bookings.find(name);
    if (booked == snapshot_.bookings.end()) {
      if (!meeting.has_start_time()) return;
      Booking said;
      said.meeting = name;
      said.start = FromStamp(meeting.start_time());
      said.place = meeting.place();
      Add(v1::SCHEDULE_RULE_SLOT, said, ": the meeting says so, and nothing is booked for it");
      return;
    }
    const Booking& booking = booked->second.booking;
    if (!meeting.has_start_time() || FromStamp(meeting.start_time()) != booking.start ||
        FromStamp(meeting.end_time()) != booking.end) {
      Add(v1::SCHEDULE_RULE_SLOT, booking, " is booked, and the meeting says another time");
    }
    if (meeting.place() != booking.place || meeting.at_a_distance() != booking.is_virtual()) {
      Add(v1::SCHEDULE_RULE_PLACE, booking,
          absl::StrCat(" is booked at ", booking.place, ", and the meeting says ", meeting.place()));
    }
    if (meeting.interpreter() != booking.interpreter) {
      Add(v1::SCHEDULE_RULE_NO_INTERPRETER, booking, " is booked with another interpreter than the meeting says");
    }
    if (meeting.project_attendee() != booking.people[0] || meeting.investor_attendee() != booking.people[1]) {
      Add(v1::SCHEDULE_RULE_SLOT, booking, " is booked for other people than the meeting says");
    }
  }

  // Each row that the bookings should have left, with what it should say; what is there must be exactly that.
  absl::Status CompareRows() {
    struct Expected {
      const Booking* booking;
      std::string value;
      v1::ScheduleRule rule;
    };
    std::map<std::string, Expected> expected;
    std::map<std::string, int> counts;
    const std::string& edition = snapshot_.edition;
    for (const auto& [name, facts] : snapshot_.bookings) {
      const Booking& booking = facts.booking;
      const std::string row = Encode(booking);
      const auto expect = [&](const std::string& key, const std::string& value, v1::ScheduleRule rule) {
        const auto [other, is_new] = expected.emplace(key, Expected{&booking, value, rule});
        if (is_new) return;
        Add(rule, booking, absl::StrCat(" wants what ", other->second.booking->meeting, " has: ", key));
      };
      for (const std::string& person : booking.people)
        expect(CalendarKey(edition, person, booking.start), row, v1::SCHEDULE_RULE_PERSON_TWICE);
      expect(PlaceKey(edition, booking.start, booking.place, booking.number), name, v1::SCHEDULE_RULE_NO_PLACE);
      if (!booking.interpreter.empty()) {
        expect(InterpreterKey(edition, booking.start, booking.interpreter), name, v1::SCHEDULE_RULE_NO_INTERPRETER);
      }
      for (const std::string& party : booking.parties) ++counts[CountKey(edition, party, booking.date)];
    }
    for (const absl::string_view kind : {"calendar/", "interpreter/", "meetings-on/", "place/"}) {
      const std::string prefix = absl::StrCat(kind, edition, "/");
      TANDEM_RETURN_IF_ERROR(catalog::ForEachRecord(store_, prefix, [&](const Record& record) {
        if (kind == "meetings-on/") {
          const auto count = counts.find(record.key);
          if (count == counts.end() || CountOf(record) != count->second) AddRow(record.key, "counts other meetings");
          if (count != counts.end()) counts.erase(count);
          return absl::OkStatus();
        }
        const auto found = expected.find(record.key);
        if (found == expected.end()) {
          AddRow(record.key, "is of no booking");
        } else {
          if (found->second.value != record.value)
            Add(found->second.rule, *found->second.booking, absl::StrCat(": ", record.key, " says something else"));
          expected.erase(found);
        }
        return absl::OkStatus();
      }));
    }
    for (const auto& [key, row] : expected) Add(row.rule, *row.booking, absl::StrCat(" has no row ", key));
    for (const auto& [key, count] : counts) AddRow(key, absl::StrCat("is missing, and should say ", count));
    return absl::OkStatus();
  }

  void AddRow(const std::string& key, absl::string_view what) {
    ScheduleViolation& violation = found_.emplace_back();
    violation.set_rule(absl::StartsWith(key, "meetings-on/")   ? v1::SCHEDULE_RULE_MOST_PER_DAY
                       : absl::StartsWith(key, "calendar/")    ? v1::SCHEDULE_RULE_PERSON_TWICE
                       : absl::StartsWith(key, "interpreter/") ? v1::SCHEDULE_RULE_NO_INTERPRETER
                                                               : v1::SCHEDULE_RULE_NO_PLACE);
    violation.set_message(absl::StrCat("the row ", key, " ", what));
  }

  RecordStore* const store_;
  const Snapshot& snapshot_;
  std::vector<ScheduleViolation> found_;
};

}  // namespace

absl::StatusOr<std::vector<ScheduleViolation>> FindDisagreements(RecordStore* store, const Snapshot& snapshot) {
  return Comparison(store, snapshot).Run();
}

std::vector<ProvedMeeting> MeetingsOf(const Snapshot& snapshot) {
  std::vector<ProvedMeeting> meetings;
  for (const auto& [name, facts] : snapshot.meetings) {
    const Meeting& meeting = facts.meeting;
    if (!meeting.has_start_time()) continue;
    ProvedMeeting& one = meetings.emplace_back();
    one.pairing = meeting.pairing();
    one.meeting = name;
    one.parties = {meeting.project(), meeting.investor()};
    one.people = {meeting.project_attendee(), meeting.investor_attendee()};
    one.start = FromStamp(meeting.start_time());
    one.end = FromStamp(meeting.end_time());
    one.at_a_distance = meeting.at_a_distance();
    one.place = meeting.place();
    one.interpreter = meeting.interpreter();
  }
  return meetings;
}

}  // namespace tandem::pairing::meetings
