// What the columns of CSV files mean for representatives.
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "absl/time/time.h"

#include "tandem/pairing/v1/representative.pb.h"
#include "tools/tandem/record_parser.h"
#include "tools/tandem/stamps.h"

namespace tandem::cli {
namespace {

using pairing::v1::Representative;
using pairing::v1::TimeRange;

void FillRanges(const std::string& column, CsvRow* row, google::protobuf::RepeatedPtrField<TimeRange>* ranges) {
  for (const std::string& text : row->List(column)) {
    const std::vector<std::string> ends = absl::StrSplit(text, '/');
    const auto start = ends.size() == 2 ? ParseStamp(ends[0]) : std::nullopt;
    const auto end = ends.size() == 2 ? ParseStamp(ends[1]) : std::nullopt;
    if (start.has_value() && end.has_value()) {
      TimeRange* range = ranges->Add();
      range->mutable_start_time()->set_seconds(absl::ToUnixSeconds(*start));
      range->mutable_end_time()->set_seconds(absl::ToUnixSeconds(*end));
    } else {
      row->Complain(column, absl::StrCat("'", text,
                                         "' is not of the form START/END with times such as "
                                         "2026-11-14T09:00:00+08:00"));
    }
  }
}

// HH:MM as minutes after midnight, -1 when it is none.
int ParseMinute(absl::string_view text) {
  const std::vector<absl::string_view> parts = absl::StrSplit(text, ':');
  int hour = 0;
  int minute = 0;
  if (parts.size() != 2 || parts[1].size() != 2 || !absl::SimpleAtoi(parts[0], &hour) ||
      !absl::SimpleAtoi(parts[1], &minute) || hour < 0 || hour > 24 || minute < 0 || minute > 59)
    return -1;
  return hour * 60 + minute;
}

void FillHours(CsvRow* row, Representative* representative) {
  const std::string text = row->Text("virtual_hours");
  if (text.empty()) return;
  const std::vector<std::string> ends = absl::StrSplit(text, '-');
  const int start = ends.size() == 2 ? ParseMinute(ends[0]) : -1;
  const int end = ends.size() == 2 ? ParseMinute(ends[1]) : -1;
  if (start < 0 || end < 0) return row->Complain("virtual_hours", absl::StrCat("'", text, "' is not like 08:00-18:00"));
  representative->mutable_virtual_hours()->set_start_minute(start);
  representative->mutable_virtual_hours()->set_end_minute(end);
}

void Fill(CsvRow* row, google::protobuf::Message* message) {
  auto* representative = static_cast<Representative*>(message);
  representative->set_external_id(row->Text("external_id"));
  for (auto& party : row->List("parties")) representative->add_parties(std::move(party));
  representative->set_display_name(row->Text("display_name"));
  for (auto& language : row->List("languages")) representative->add_languages(std::move(language));
  representative->set_time_zone(row->Text("time_zone"));
  representative->set_attendance(row->Value<pairing::v1::Attendance>("attendance"));
  FillRanges("available", row, representative->mutable_available());
  FillRanges("unavailable", row, representative->mutable_unavailable());
  FillHours(row, representative);
  representative->set_most_meetings(row->Integer("most_meetings"));
  representative->set_most_meetings_per_day(row->Integer("most_meetings_per_day"));
}

}  // namespace

const RecordKind& RepresentativeKind() {
  static const auto* const kKind = new RecordKind{
      "representatives",
      &Representative::default_instance(),
      {"external_id", "parties", "display_name", "languages", "time_zone", "attendance", "available", "unavailable",
       "virtual_hours", "most_meetings", "most_meetings_per_day"},
      &Fill,
      "Lists are parted by `;`, stretches of time are written START/END (2026-11-14T09:00:00+08:00/...)."};
  return *kKind;
}

}  // namespace tandem::cli
