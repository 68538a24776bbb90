#include "tools/tandem/html.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

#include "common/text/display_width.h"

namespace tandem::cli {
namespace {

// Units of a chart.
constexpr int kWidth = 720, kBarHeight = 16, kBarStep = 26, kLabelWidth = 270, kTextWidth = 130;
constexpr int kTrack = kWidth - kLabelWidth - kTextWidth;
constexpr size_t kLabelColumns = 32;  // of text that fits into kLabelWidth

constexpr char kStyle[] = R"(
:root { color-scheme: light dark; --ink: #1b1f24; --soft: #5b6470; --paper: #ffffff; --panel: #f3f5f7; --line: #d5dae0;
  --bar: #2f6fb2; --track: #e3e8ee; }
@media (prefers-color-scheme: dark) { :root { --ink: #e8ebef; --soft: #a2abb6; --paper: #15181c; --panel: #1f242a;
  --line: #3a424c; --bar: #6aa7e6; --track: #2b323a; } }
@media print { :root { --ink: #000; --soft: #333; --paper: #fff; --panel: #fff; --line: #999; --bar: #2f6fb2;
  --track: #e6e6e6; } section, svg, table { break-inside: avoid; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 60rem; padding: 1.5rem; background: var(--paper); color: var(--ink);
  font: 16px/1.5 system-ui, "Noto Sans", "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", sans-serif; }
h1 { font-size: 1.6rem; margin: 0; } h2 { font-size: 1.15rem; margin: 0 0 .25rem; }
p { margin: .25rem 0 .75rem; color: var(--soft); }
section { margin-top: 2rem; }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(10rem, 1fr)); gap: .75rem; margin-top: 1.5rem; }
.figure { background: var(--panel); border: 1px solid var(--line); border-radius: .4rem; padding: .6rem .8rem; }
.figure b { display: block; font-size: 1.5rem; line-height: 1.3; } .figure span { color: var(--soft); font-size: .85rem; }
svg { display: block; width: 100%; height: auto; }
svg text { fill: var(--ink); font-size: 13px; } svg .bar { fill: var(--bar); } svg .track { fill: var(--track); }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; margin-top: .75rem; }
th, td { text-align: left; padding: .25rem .6rem; border-bottom: 1px solid var(--line); }
th { color: var(--soft); font-weight: 600; } .right { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
)";

std::string Rectangle(const char* style, double x, int y, double width) {
  return absl::StrFormat(R"(<rect class="%s" x="%.1f" y="%d" width="%.1f" height="%d" rx="2"/>)", style, x, y, width,
                         kBarHeight);
}

std::string Text(double x, int y, const char* anchor, absl::string_view text) {
  return absl::StrFormat(R"(<text x="%.1f" y="%d" text-anchor="%s">%s</text>)", x, y + kBarHeight - 3, anchor,
                         EscapeHtml(text));
}

// `body` draws one row.
template <typename Row>
std::string Chart(absl::string_view title, const std::vector<Bar>& bars, Row row) {
  if (bars.empty()) return "<p>None.</p>\n";
  const int height = static_cast<int>(bars.size()) * kBarStep;
  std::string svg =
      absl::StrFormat(R"(<svg viewBox="0 0 %d %d" role="img" xmlns="http://www.w3.org/2000/svg">)", kWidth, height);
  absl::StrAppend(&svg, "<title>", EscapeHtml(title), "</title>\n");
  int y = 4;
  for (const Bar& bar : bars) {
    const std::string text = bar.text.empty() ? absl::StrCat(bar.value) : bar.text;
    absl::StrAppend(&svg, "<g><title>", EscapeHtml(bar.label), ": ", EscapeHtml(text), "</title>",
                    Text(kLabelWidth - 10, y, "end", TruncateToWidth(bar.label, kLabelColumns)), row(bar, text, y),
                    "</g>\n");
    y += kBarStep;
  }
  return svg + "</svg>\n";
}

// The longest value, which is as long as the track.
double Longest(const std::vector<Bar>& bars) {
  int64_t longest = 1;
  for (const Bar& bar : bars) longest = std::max({longest, bar.value, bar.of});
  return static_cast<double>(longest);
}

}  // namespace

std::string EscapeHtml(absl::string_view text) {
  std::string html;
  for (const char c : text) {
    switch (c) {
      case '&':
        html += "&amp;";
        break;
      case '<':
        html += "&lt;";
        break;
      case '>':
        html += "&gt;";
        break;
      case '"':
        html += "&quot;";
        break;
      case '\'':
        html += "&#39;";
        break;
      default:
        if (static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t') {
          html += "\xEF\xBF\xBD";
        } else {
          html += c;
        }
    }
  }
  return html;
}

std::string BarChart(absl::string_view title, const std::vector<Bar>& bars) {
  const double scale = kTrack / Longest(bars);
  return Chart(title, bars, [&](const Bar& bar, const std::string& text, int y) {
    const double width = static_cast<double>(bar.value) * scale, track = static_cast<double>(bar.of) * scale;
    return absl::StrCat(bar.of > 0 ? Rectangle("track", kLabelWidth, y, track) : "",
                        Rectangle("bar", kLabelWidth, y, width),
                        Text(kLabelWidth + std::max(width, track) + 8, y, "start", text));
  });
}

std::string LadderChart(absl::string_view title, const std::vector<Bar>& rungs) {
  const double scale = kTrack / Longest(rungs);
  return Chart(title, rungs, [&](const Bar& rung, const std::string& text, int y) {
    const double width = static_cast<double>(rung.value) * scale;
    return absl::StrCat(Rectangle("track", kLabelWidth, y, kTrack),
                        Rectangle("bar", kLabelWidth + (kTrack - width) / 2, y, width),
                        Text(kLabelWidth + kTrack + 8, y, "start", text));
  });
}

std::string HtmlTable(const std::vector<Column>& columns, const std::vector<std::vector<std::string>>& rows) {
  std::string html = "<div class=\"scroll\"><table>\n<thead><tr>";
  const auto cell = [&](const char* tag, size_t column, absl::string_view text) {
    absl::StrAppend(&html, "<", tag, columns[column].align == Align::kRight ? " class=\"right\">" : ">",
                    EscapeHtml(text), "</", tag, ">");
  };
  for (size_t i = 0; i < columns.size(); ++i) cell("th", i, columns[i].title);
  absl::StrAppend(&html, "</tr></thead>\n<tbody>\n");
  for (const auto& row : rows) {
    absl::StrAppend(&html, "<tr>");
    for (size_t i = 0; i < columns.size(); ++i) cell("td", i, row[i]);
    absl::StrAppend(&html, "</tr>\n");
  }
  return html + "</tbody></table></div>\n";
}

std::string Figures(const std::vector<Figure>& figures) {
  std::string html = "<div class=\"figures\">\n";
  for (const Figure& figure : figures) {
    absl::StrAppend(&html, "<div class=\"figure\"><span>", EscapeHtml(figure.label), "</span><b>",
                    EscapeHtml(figure.value), "</b><span>", EscapeHtml(figure.note), "</span></div>\n");
  }
  return html + "</div>\n";
}

std::string HtmlSection(absl::string_view title, absl::string_view note, absl::string_view content) {
  return absl::StrCat("<section>\n<h2>", EscapeHtml(title), "</h2>\n",
                      note.empty() ? "" : absl::StrCat("<p>", EscapeHtml(note), "</p>\n"), content, "</section>\n");
}

std::string HtmlPage(absl::string_view title, absl::string_view subtitle, absl::string_view sections) {
  return absl::StrCat(
      "<!DOCTYPE html>\n<html lang=\"en\" xmlns=\"http://www.w3.org/1999/xhtml\">\n<head>\n<meta charset=\"utf-8\"/>\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
      "'unsafe-inline'\"/>\n<title>",
      EscapeHtml(title), "</title>\n<style>", kStyle, "</style>\n</head>\n<body>\n<h1>", EscapeHtml(title),
      "</h1>\n<p>", EscapeHtml(subtitle), "</p>\n", sections, "</body>\n</html>\n");
}

}  // namespace tandem::cli
