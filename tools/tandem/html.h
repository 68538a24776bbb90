// Pieces of a page that stands by itself: no scripts, nothing from elsewhere, readable in light, in dark and on paper.
// What is given as text is escaped here. The pages are well-formed XML too.
#ifndef TANDEM_TOOLS_TANDEM_HTML_H_
#define TANDEM_TOOLS_TANDEM_HTML_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

#include "tools/tandem/table.h"

namespace tandem::cli {

// For text and for attributes; what XML cannot hold becomes U+FFFD.
std::string EscapeHtml(absl::string_view text);

// One bar of a chart.
struct Bar {
  std::string label;
  int64_t value = 0;
  int64_t of = 0;         // more than 0: the bar is drawn in a track of this length
  std::string text = {};  // what stands at its end; empty: the value
};

// Horizontal bars, one below the other, as an inline SVG; a sentence when there is none. `title` is what it is called
// by who does not see it. REQUIRES: no value is negative.
std::string BarChart(absl::string_view title, const std::vector<Bar>& bars);

// The steps of a ladder, each centred below the one before, as wide as it counts.
std::string LadderChart(absl::string_view title, const std::vector<Bar>& rungs);

// REQUIRES: each row has one cell for each column.
std::string HtmlTable(const std::vector<Column>& columns, const std::vector<std::vector<std::string>>& rows);

// One number that stands out.
struct Figure {
  std::string label, value, note;
};
std::string Figures(const std::vector<Figure>& figures);

std::string HtmlSection(absl::string_view title, absl::string_view note, absl::string_view content);

// The page of sections, which are HTML already.
std::string HtmlPage(absl::string_view title, absl::string_view subtitle, absl::string_view sections);

}  // namespace tandem::cli

#endif  // TANDEM_TOOLS_TANDEM_HTML_H_
