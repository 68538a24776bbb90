#include "services/pairing/meetings/book/calendar_file.h"

#include <algorithm>
#include <limits>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

#include "services/pairing/ledger/decision.h"

namespace tandem::pairing::meetings {
namespace {

constexpr size_t kLongestLine = 75;  // octets, without the line end

std::string Stamp(const google::protobuf::Timestamp& stamp) {
  return absl::FormatTime("%Y%m%dT%H%M%SZ", ledger::FromStamp(stamp), absl::UTCTimeZone());
}

absl::string_view IdOf(absl::string_view name) { return name.substr(name.rfind('/') + 1); }

void AddLine(absl::string_view name, absl::string_view value, std::string* file) {
  absl::StrAppend(file, FoldLine(absl::StrCat(name, ":", value)), "\r\n");
}

std::string DescriptionOf(const v1::Meeting& meeting) {
  std::vector<std::string> lines = {absl::StrCat("Project: ", meeting.project()),
                                    absl::StrCat("Investor: ", meeting.investor())};
  if (!meeting.interpreter().empty()) lines.push_back(absl::StrCat("Interpreter: ", meeting.interpreter()));
  if (!meeting.forced_reason().empty()) lines.push_back(absl::StrCat("Arranged: ", meeting.forced_reason()));
  if (meeting.has_proposal()) lines.push_back(absl::StrCat("May move: ", meeting.proposal().note()));
  if (!meeting.change().note().empty()) lines.push_back(absl::StrCat("Note: ", meeting.change().note()));
  return absl::StrJoin(lines, "\n");
}

void AddEvent(const CalendarEvent& event, std::string* file) {
  const v1::Meeting& meeting = event.meeting;
  const bool cancelled = meeting.state() == v1::Meeting::STATE_CANCELLED;
  AddLine("BEGIN", "VEVENT", file);
  AddLine("UID", EscapeText(absl::StrCat(meeting.name(), "@tandem")), file);
  AddLine("DTSTAMP", Stamp(meeting.update_time()), file);
  AddLine("CREATED", Stamp(meeting.create_time()), file);
  AddLine("LAST-MODIFIED", Stamp(meeting.update_time()), file);
  AddLine("SEQUENCE", absl::StrCat(std::min<int64_t>(event.sequence, std::numeric_limits<int32_t>::max())), file);
  AddLine("DTSTART", Stamp(meeting.start_time()), file);
  AddLine("DTEND", Stamp(meeting.end_time()), file);
  AddLine("STATUS", cancelled ? "CANCELLED" : "CONFIRMED", file);
  AddLine("TRANSP", cancelled ? "TRANSPARENT" : "OPAQUE", file);
  AddLine("SUMMARY", EscapeText(absl::StrCat(IdOf(meeting.project()), " / ", IdOf(meeting.investor()))), file);
  AddLine("LOCATION", EscapeText(meeting.place()), file);
  AddLine("DESCRIPTION", EscapeText(DescriptionOf(meeting)), file);
  AddLine("END", "VEVENT", file);
}

}  // namespace

std::string EscapeText(absl::string_view text) {
  std::string escaped;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '\r') {
      if (i + 1 == text.size() || text[i + 1] != '\n') escaped += "\\n";
    } else if (c == '\n') {
      escaped += "\\n";
    } else if (c == '\\' || c == ';' || c == ',') {
      escaped += '\\';
      escaped += c;
    } else if (static_cast<unsigned char>(c) >= 0x20 || c == '\t') {
      escaped += c;  // other controls are not allowed
    }
  }
  return escaped;
}

std::string FoldLine(absl::string_view line) {
  std::string folded;
  size_t room = kLongestLine;
  while (line.size() > room) {
    size_t end = room;
    // Not between the octets of a character.
    while (end > room - 4 && (static_cast<unsigned char>(line[end]) & 0xc0) == 0x80) --end;
    absl::StrAppend(&folded, line.substr(0, end), "\r\n ");
    line.remove_prefix(end);
    room = kLongestLine - 1;
  }
  return absl::StrCat(folded, line);
}

std::string CalendarFile(const std::vector<CalendarEvent>& events) {
  std::string file;
  AddLine("BEGIN", "VCALENDAR", &file);
  AddLine("VERSION", "2.0", &file);
  AddLine("PRODID", "-//Tandem//Project pairing//EN", &file);
  AddLine("CALSCALE", "GREGORIAN", &file);
  AddLine("METHOD", "PUBLISH", &file);
  for (const CalendarEvent& event : events) {
    if (event.meeting.has_start_time()) AddEvent(event, &file);
  }
  AddLine("END", "VCALENDAR", &file);
  return file;
}

}  // namespace tandem::pairing::meetings
