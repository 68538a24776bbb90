#include "services/pairing/meetings/book/meeting_rows.h"

#include <iterator>
#include <set>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

#include "common/base/status.h"
#include "common/catalog/fields.h"
#include "common/catalog/names.h"

namespace tandem::pairing::meetings {
namespace {

absl::string_view IdOf(absl::string_view name) { return name.substr(name.rfind('/') + 1); }

absl::Status Unreadable(absl::string_view what) {
  return MakeError(absl::StatusCode::kInternal, "INTERNAL",
                   absl::StrCat("a stored ", what, " cannot be read: restore the store from a backup"));
}

}  // namespace

absl::string_view EditionOf(absl::string_view name) {
  name = absl::StripPrefix(name, "editions/");
  return name.substr(0, name.find('/'));
}

std::string MeetingName(absl::string_view pairing, int number) {
  return absl::StrCat("editions/", EditionOf(pairing), "/", kMeetings, "/", IdOf(pairing), "-", number);
}

std::string MeetingKey(absl::string_view name) {
  return catalog::RecordKey(kMeetings, {std::string(EditionOf(name)), std::string(IdOf(name))});
}

std::string NumbersKey(absl::string_view pairing) {
  return absl::StrCat("meetings-of/", EditionOf(pairing), "/", IdOf(pairing));
}

std::string EditionKey(absl::string_view edition) { return catalog::RecordKey("editions", {std::string(edition)}); }

std::string MeetingListPrefix(absl::string_view attendee) {
  return absl::StrCat("x/", kMeetings, "/", absl::StripPrefix(attendee, "editions/"), "/");
}

absl::StatusOr<v1::Meeting> ParseMeeting(const Record& record) {
  v1::Meeting meeting;
  if (meeting.ParseFromString(record.value)) return meeting;
  return Unreadable("meeting");
}

std::string MeetingNumbers::Encode() const { return absl::StrCat(last, ":", absl::StrJoin(kept, ",")); }

absl::StatusOr<MeetingNumbers> MeetingNumbers::Decode(absl::string_view row) {
  const std::vector<absl::string_view> parts = absl::StrSplit(row, ':');
  MeetingNumbers numbers;
  if (parts.size() != 2 || !absl::SimpleAtoi(parts[0], &numbers.last)) return Unreadable("row of a pairing's meetings");
  for (const absl::string_view text : absl::StrSplit(parts[1], ',', absl::SkipEmpty())) {
    if (!absl::SimpleAtoi(text, &numbers.kept.emplace_back())) return Unreadable("row of a pairing's meetings");
  }
  return numbers;
}

void AddMeetingWrites(const v1::Meeting& meeting, bool is_new, Transaction* transaction) {
  transaction->writes.push_back(Write::Put(MeetingKey(meeting.name()), catalog::SerializeDeterministically(meeting)));
  if (!is_new) return;
  const std::set<std::string> attendees = {meeting.project(), meeting.investor(), meeting.project_attendee(),
                                           meeting.investor_attendee()};
  for (const std::string& attendee : attendees) AddToList(meeting.name(), attendee, transaction);
}

void AddToList(absl::string_view name, absl::string_view attendee, Transaction* transaction) {
  transaction->writes.push_back(Write::PutUnlogged(absl::StrCat(MeetingListPrefix(attendee), IdOf(name)), ""));
}

void Append(Transaction more, Transaction* transaction) {
  std::move(more.conditions.begin(), more.conditions.end(), std::back_inserter(transaction->conditions));
  std::move(more.writes.begin(), more.writes.end(), std::back_inserter(transaction->writes));
}

}  // namespace tandem::pairing::meetings
