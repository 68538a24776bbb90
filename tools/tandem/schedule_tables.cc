#include "tools/tandem/schedule_tables.h"

#include <algorithm>
#include <cstdlib>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "google/protobuf/generated_enum_reflection.h"

#include "tools/tandem/csv_row.h"
#include "tools/tandem/meeting_report.h"
#include "tools/tandem/output.h"
#include "tools/tandem/stamps.h"
#include "tools/tandem/table.h"

namespace tandem::cli {
namespace {

using pairing::v1::Schedule;
using pairing::v1::ScheduleLevel;
using pairing::v1::SchedulePlacement;

template <typename Enum>
std::string Word(Enum value) {
  return EnumText(*google::protobuf::GetEnumDescriptor<Enum>(), value);
}

std::string Named(const std::string& party, const TitleOfParty& title) {
  const std::string text = title(party);
  return text.empty() ? LastPart(party) : absl::StrCat(LastPart(party), " ", text);
}

std::string At(const SchedulePlacement& placement, const EditionZone& zone) {
  const std::string time = zone.Stretch(placement.start_time(), placement.end_time());
  return time.empty() ? "" : absl::StrCat(time, " ", placement.place());
}

std::string Before(const SchedulePlacement& placement, const EditionZone& zone) {
  if (!placement.has_booked_start_time()) return "";
  const absl::Time time = TimeOf(placement.booked_start_time());
  return absl::StrCat(zone.Date(time), " ", zone.Clock(time), " ", placement.booked_place());
}

int64_t SortTime(const SchedulePlacement& placement) {
  return placement.has_start_time() ? placement.start_time().seconds() : placement.booked_start_time().seconds();
}

}  // namespace

std::string GapText(const ScheduleLevel& level) {
  const int64_t distance = std::abs(level.bound() - level.value());
  if (distance == 0) return "0.000 %";
  if (level.bound() == 0) return "-";
  return absl::StrFormat("%.3f %%", 100.0 * static_cast<double>(distance) / static_cast<double>(level.bound()));
}

std::string ScheduleText(const Schedule& schedule, size_t width) {
  const std::string mode = Word(schedule.mode());
  std::string text = absl::StrCat(schedule.name(), " is ", Word(schedule.state()));
  if (schedule.repair()) {
    absl::StrAppend(&text, ", a repair");
  } else {
    absl::StrAppend(&text, ", places ", mode.empty() ? "all" : mode, ", seed ", schedule.seed(), ", ", schedule.steps(),
                    " of ", schedule.step_limit(), " steps");
  }
  absl::StrAppend(&text, "\n", schedule.placed(), " of ", schedule.wished(), " wished meetings are placed\n\n");

  Table levels({{"LEVEL"}, {"REACHED", Align::kRight}, {"BOUND", Align::kRight}, {"GAP", Align::kRight}});
  const auto level = [&](const char* what, const ScheduleLevel& of) {
    levels.AddRow({what, absl::StrCat(of.value()), absl::StrCat(of.bound()), GapText(of)});
  };
  level("people with a meeting", schedule.people());
  level("value of the meetings", schedule.value());
  level("idle gaps", schedule.gaps());
  absl::StrAppend(&text, levels.Render(width), "\nMeetings of a person: minimum ", schedule.minimum(), ", median ",
                  ThousandthsText(schedule.median_thousandths()), ", maximum ", schedule.maximum(), "; Gini ",
                  CoefficientText(schedule.gini_millionths()), "; gaps differ by ", schedule.gap_spread(), " at most\n",
                  "Against what was booked: ", schedule.added(), " added, ", schedule.moved(), " moved, ",
                  schedule.removed(), " removed, ", schedule.kept(), " kept\n");
  if (schedule.unplaced().empty()) return text;
  Table unplaced({{"NOT PLACED BECAUSE OF"}, {"MEETINGS", Align::kRight}});
  for (const auto& item : schedule.unplaced()) unplaced.AddRow({Word(item.rule()), absl::StrCat(item.count())});
  return absl::StrCat(text, "\n", unplaced.Render(width));
}

std::string ChangesText(std::vector<SchedulePlacement> placements, const EditionZone& zone, const TitleOfParty& title,
                        size_t width) {
  std::stable_sort(placements.begin(), placements.end(),
                   [](const SchedulePlacement& a, const SchedulePlacement& b) { return SortTime(a) < SortTime(b); });
  Table table({{"CHANGE"}, {absl::StrCat("TIME (", zone.name(), "), PLACE")}, {"BEFORE"}, {"PROJECT"}, {"INVESTOR"}});
  for (const SchedulePlacement& placement : placements) {
    table.AddRow({Word(placement.change()), At(placement, zone), Before(placement, zone),
                  Named(placement.project(), title), Named(placement.investor(), title)});
  }
  return table.rows() == 0 ? "It changes nothing.\n" : table.Render(width);
}

std::string UnplacedText(std::vector<SchedulePlacement> placements, const TitleOfParty& title, size_t width) {
  std::stable_sort(placements.begin(), placements.end(),
                   [](const SchedulePlacement& a, const SchedulePlacement& b) { return a.value() > b.value(); });
  Table table({{"BECAUSE OF"}, {"VALUE", Align::kRight}, {"MUST MEET"}, {"PROJECT"}, {"INVESTOR"}});
  for (const SchedulePlacement& placement : placements) {
    table.AddRow({Word(placement.rule()), absl::StrCat(placement.value()), placement.must_meet() ? "yes" : "",
                  Named(placement.project(), title), Named(placement.investor(), title)});
  }
  return table.rows() == 0 ? "All wished meetings are placed.\n" : table.Render(width);
}

std::string ViolationsText(const pairing::v1::VerifyScheduleResponse& verified, const EditionZone& zone, size_t width) {
  if (verified.violation_count() == 0) {
    return absl::StrCat("Every hard rule holds for all ", verified.meetings(), " meetings.\n");
  }
  std::string text = absl::StrCat(verified.violation_count(), " violations in ", verified.meetings(), " meetings:\n");
  Table table({{"RULE"}, {absl::StrCat("TIME (", zone.name(), ")")}, {"PAIRINGS"}, {"WHAT"}});
  for (const auto& violation : verified.violations()) {
    const absl::Time time = TimeOf(violation.start_time());
    table.AddRow(
        {Word(violation.rule()), violation.has_start_time() ? absl::StrCat(zone.Date(time), " ", zone.Clock(time)) : "",
         absl::StrJoin(violation.pairings(), ", ",
                       [](std::string* out, const std::string& name) { absl::StrAppend(out, LastPart(name)); }),
         violation.message()});
  }
  absl::StrAppend(&text, table.Render(width));
  if (verified.violation_count() > verified.violations_size()) {
    absl::StrAppend(&text, "and ", verified.violation_count() - verified.violations_size(), " more\n");
  }
  return text;
}

}  // namespace tandem::cli
