#include "tools/tandem/meeting_report.h"

#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/generated_enum_reflection.h"

#include "common/vocab/country.h"
#include "tools/tandem/csv_row.h"
#include "tools/tandem/html.h"
#include "tools/tandem/output.h"
#include "tools/tandem/stamps.h"
#include "tools/tandem/table.h"

namespace tandem::cli {
namespace {

using pairing::v1::MeetingReport;
using pairing::v1::MeetingSpread;

struct Counts {
  std::vector<Column> columns;
  std::vector<std::vector<std::string>> rows;
};

template <typename Enum>
std::string Word(Enum value) {
  const std::string word = EnumText(*google::protobuf::GetEnumDescriptor<Enum>(), value);
  return word.empty() ? "not said" : word;
}

std::string ShareText(bool known, int64_t millionths) { return known ? PercentText(millionths) : "-"; }

std::string PartText(int64_t part, int64_t whole) {
  return whole == 0 ? "-" : PercentText((2 * part * 1'000'000 + whole) / (2 * whole));
}

std::string CountryText(const std::string& code) {
  if (code.empty()) return "not known";
  const std::string english = CountryName(code, "en"), chinese = CountryName(code, "zh-Hans");
  return english.empty() ? code : absl::StrCat(english, chinese.empty() || chinese == english ? "" : " ", chinese);
}

std::vector<Bar> RequestBars(const pairing::v1::RequestCounts& requests) {
  return {{"accepted", requests.accepted()},    {"declined", requests.declined()},
          {"expired", requests.expired()},      {"waiting", requests.pending()},
          {"taken back", requests.withdrawn()}, {"ended otherwise", requests.ended()}};
}

template <typename Items, typename Of>
std::vector<Bar> Bars(const Items& items, Of of) {
  std::vector<Bar> bars;
  for (const auto& item : items) bars.push_back({Word(of(item)), item.count()});
  return bars;
}

std::vector<Bar> DeclineBars(const MeetingReport& report) {
  return Bars(report.declines(), [](const auto& item) { return item.reason(); });
}
std::vector<Bar> StateBars(const MeetingReport& report) {
  return Bars(report.meetings(), [](const auto& item) { return item.state(); });
}
// All rungs: what nobody reached is a part of the picture.
std::vector<Bar> OutcomeBars(const MeetingReport& report) {
  if (report.outcomes().empty()) return {};
  std::vector<Bar> bars;
  for (int stage = pairing::v1::OutcomeStage_MIN + 1; stage <= pairing::v1::OutcomeStage_MAX; ++stage) {
    bars.push_back({Word(static_cast<pairing::v1::OutcomeStage>(stage)), 0});
    for (const auto& item : report.outcomes()) {
      if (item.stage() == stage) bars.back().value = item.count();
    }
  }
  return bars;
}
std::vector<Bar> SessionBars(const MeetingReport& report, const EditionZone& zone) {
  std::vector<Bar> bars;
  for (const auto& session : report.sessions()) {
    const absl::Time start = TimeOf(session.start_time());
    bars.push_back(
        {absl::StrCat(session.session(), ", ", zone.Date(start), " ", zone.Clock(start)), session.taken(),
         session.places(),
         absl::StrCat(session.taken(), " of ", session.places(), ", ", PartText(session.taken(), session.places()))});
  }
  return bars;
}

Counts SpreadCounts(const MeetingReport& report) {
  Counts counts;
  counts.columns = {{"MEETINGS OF"},           {"PARTIES", Align::kRight}, {"FEWEST", Align::kRight},
                    {"MEDIAN", Align::kRight}, {"MOST", Align::kRight},    {"GINI", Align::kRight}};
  const auto add = [&](const char* who, const MeetingSpread& spread) {
    counts.rows.push_back({who, absl::StrCat(spread.party_count()), absl::StrCat(spread.minimum()),
                           ThousandthsText(spread.median_thousandths()), absl::StrCat(spread.maximum()),
                           CoefficientText(spread.gini_millionths())});
  };
  add("projects", report.projects());
  add("investors", report.investors());
  return counts;
}

Counts CountryCounts(const MeetingReport& report) {
  Counts counts;
  counts.columns = {{"COUNTRY"},
                    {"PROJECTS", Align::kRight},
                    {"INVESTORS", Align::kRight},
                    {"MEETINGS", Align::kRight},
                    {"HELD", Align::kRight},
                    {"REQUESTS", Align::kRight},
                    {"ACCEPTED", Align::kRight},
                    {"SHARE", Align::kRight}};
  for (const auto& country : report.countries()) {
    counts.rows.push_back({CountryText(country.country_code()), absl::StrCat(country.projects()),
                           absl::StrCat(country.investors()), absl::StrCat(country.meetings()),
                           absl::StrCat(country.held()), absl::StrCat(country.requests()),
                           absl::StrCat(country.accepted()), PartText(country.accepted(), country.requests())});
  }
  return counts;
}

std::string Rendered(const Counts& counts, size_t width) {
  Table table(counts.columns);
  for (const auto& row : counts.rows) table.AddRow(row);
  return table.Render(width);
}

void AppendBars(const char* heading, const char* count, const std::vector<Bar>& bars, size_t width, std::string* text) {
  if (bars.empty()) return;
  Table table({{heading}, {count, Align::kRight}});
  for (const Bar& bar : bars) table.AddRow({bar.label, bar.text.empty() ? absl::StrCat(bar.value) : bar.text});
  absl::StrAppend(text, "\n", table.Render(width));
}

int64_t Standing(const MeetingReport& report) {
  int64_t meetings = 0;
  for (const auto& state : report.meetings()) {
    if (state.state() != pairing::v1::Meeting::STATE_CANCELLED) meetings += state.count();
  }
  return meetings;
}

std::string CountedAt(const MeetingReport& report, const EditionZone& zone) {
  const absl::Time time = TimeOf(report.time());
  return absl::StrCat(zone.Date(time), " ", zone.Clock(time), " (", zone.name(), ")");
}

}  // namespace

std::string PercentText(int64_t millionths) {
  const int64_t tenths = (millionths + 500) / 1000;
  return absl::StrCat(tenths / 10, ".", tenths % 10, " %");
}

std::string CoefficientText(int64_t millionths) {
  const int64_t digits = (millionths + 50) / 100;
  return absl::StrFormat("%d.%04d", digits / 10000, digits % 10000);
}

std::string ThousandthsText(int64_t thousandths) {
  std::string text = absl::StrFormat("%d.%03d", thousandths / 1000, thousandths % 1000);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.') text.pop_back();
  return text;
}

std::string MeetingReportText(const MeetingReport& report, const EditionZone& zone, size_t width) {
  const auto& requests = report.requests();
  Table table({{"MEASURE"}, {"VALUE", Align::kRight}});
  table.AddRow({"pairs that said or asked anything", absl::StrCat(report.pairing_count())});
  table.AddRow({"mutual pairs", absl::StrCat(report.mutual_count())});
  table.AddRow({"meetings, cancelled ones left out", absl::StrCat(Standing(report))});
  table.AddRow({"acceptance: of requests answered or expired",
                ShareText(report.has_acceptance_millionths(), report.acceptance_millionths())});
  table.AddRow(
      {"kept: of meetings that were held or not", ShareText(report.has_kept_millionths(), report.kept_millionths())});
  table.AddRow(
      {"fill: of places on site in all slots", ShareText(report.has_fill_millionths(), report.fill_millionths())});
  std::string text = absl::StrCat("Meetings of ", report.edition(), ", counted ", CountedAt(report, zone), "\n\n",
                                  table.Render(width), "\n", Rendered(SpreadCounts(report), width));
  if (requests.ByteSizeLong() > 0) AppendBars("LAST REQUESTS", "PAIRS", RequestBars(requests), width, &text);
  AppendBars("DECLINED BECAUSE OF", "REQUESTS", DeclineBars(report), width, &text);
  AppendBars("STATE", "MEETINGS", StateBars(report), width, &text);
  AppendBars("SESSION", "PLACES TAKEN", SessionBars(report, zone), width, &text);
  AppendBars("HIGHEST OUTCOME", "PAIRS", OutcomeBars(report), width, &text);
  if (report.countries_size() > 0) absl::StrAppend(&text, "\n", Rendered(CountryCounts(report), width));
  return text;
}

std::string MeetingReportPage(const MeetingReport& report, const EditionZone& zone, const std::string& title) {
  const std::string acceptance = ShareText(report.has_acceptance_millionths(), report.acceptance_millionths());
  const std::string kept = ShareText(report.has_kept_millionths(), report.kept_millionths());
  const std::string fill = ShareText(report.has_fill_millionths(), report.fill_millionths());
  std::string body = Figures({
      {"Pairs", absl::StrCat(report.pairing_count()), "said or asked something"},
      {"Mutual", absl::StrCat(report.mutual_count()), "want to meet"},
      {"Meetings", absl::StrCat(Standing(report)), "not cancelled"},
      {"Acceptance", acceptance, "of answered or expired requests"},
      {"Kept", kept, "of meetings held or not"},
      {"Fill", fill, "of places on site"},
      {"Gini of projects", CoefficientText(report.projects().gini_millionths()), "0: all have as many meetings"},
      {"Gini of investors", CoefficientText(report.investors().gini_millionths()), "1: one has all"},
  });
  const Counts spread = SpreadCounts(report), countries = CountryCounts(report);
  std::vector<Bar> country_bars;
  for (const auto& country : report.countries()) {
    if (country.meetings() > 0) country_bars.push_back({CountryText(country.country_code()), country.meetings()});
  }
  const auto has_requests = report.requests().ByteSizeLong() > 0;
  absl::StrAppend(
      &body,
      HtmlSection("How full the sessions are", "Places on site times slots, and those with a meeting.",
                  BarChart("Fill by session", SessionBars(report, zone))),
      HtmlSection("Where the meetings stand", "", BarChart("Meetings by state", StateBars(report))),
      HtmlSection(
          "What became of requests", "The last request of each pair.",
          BarChart("Requests by where they stand", has_requests ? RequestBars(report.requests()) : std::vector<Bar>())),
      HtmlSection("Why requests were declined", "", BarChart("Declines by reason", DeclineBars(report))),
      HtmlSection("How far the parties came", "Each pair on the highest rung that anybody attests.",
                  LadderChart("Outcomes", OutcomeBars(report))),
      HtmlSection("How meetings are shared", "Among those who are mutual with anybody.",
                  HtmlTable(spread.columns, spread.rows)),
      HtmlSection("Countries", "A meeting counts once for the country of each side.",
                  absl::StrCat(BarChart("Meetings by country", country_bars),
                               countries.rows.empty() ? "" : HtmlTable(countries.columns, countries.rows))));
  return HtmlPage(title.empty() ? absl::StrCat("Meetings of ", report.edition()) : absl::StrCat(title, ": meetings"),
                  absl::StrCat(report.edition(), ", counted ", CountedAt(report, zone)), body);
}

}  // namespace tandem::cli
