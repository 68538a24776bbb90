#include "tools/tandem/html.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace tandem::cli {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr char kEvil[] = "<script>alert(\"1\")</script> & 'x'";
constexpr char kTame[] = "&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &amp; &#39;x&#39;";

TEST(HtmlTest, TextsAreEscapedWhereverTheyStand) {
  EXPECT_EQ(EscapeHtml(kEvil), kTame);
  EXPECT_EQ(EscapeHtml(absl::string_view("a\x01\n中", 6)), "a\xEF\xBF\xBD\n中");
  const std::string page =
      HtmlPage(kEvil, kEvil,
               HtmlSection(kEvil, kEvil,
                           Figures({{kEvil, kEvil, kEvil}}) + HtmlTable({{kEvil}}, {{kEvil}}) +
                               BarChart(kEvil, {{kEvil, 1, 2, kEvil}}) + LadderChart(kEvil, {{kEvil, 1, 0, kEvil}})));
  EXPECT_THAT(page, Not(HasSubstr("<script")));
  EXPECT_THAT(page, HasSubstr(kTame));
}

TEST(HtmlTest, APageNeedsNothingFromElsewhere) {
  const std::string page = HtmlPage("Title", "", BarChart("Chart", {{"a", 1}}));
  for (const char* elsewhere : {"src=", "href=", "url(", "@import"}) EXPECT_THAT(page, Not(HasSubstr(elsewhere)));
  EXPECT_THAT(page, HasSubstr("default-src 'none'"));
  EXPECT_THAT(page, HasSubstr("prefers-color-scheme: dark"));
  EXPECT_THAT(page, HasSubstr("@media print"));
}

TEST(HtmlTest, ABarIsAsLongAsItCountsInATrackOfTheWhole) {
  const std::string chart = BarChart("Fill", {{"am", 2, 8, ""}, {"pm", 4, 4, "all"}});
  EXPECT_THAT(chart, HasSubstr(R"(<rect class="track" x="270.0" y="4" width="320.0")"));
  EXPECT_THAT(chart, HasSubstr(R"(<rect class="bar" x="270.0" y="4" width="80.0")"));
  EXPECT_THAT(chart, HasSubstr(R"(<rect class="bar" x="270.0" y="30" width="160.0")"));
  EXPECT_THAT(chart, HasSubstr(">all</text>"));
  EXPECT_THAT(BarChart("Nothing", {}), HasSubstr("None."));
  EXPECT_THAT(BarChart("Zeros", {{"a", 0}}), HasSubstr(R"(width="0.0")")) << "no division by nothing";
}

TEST(HtmlTest, ARungOfALadderIsCentred) {
  EXPECT_THAT(LadderChart("Ladder", {{"a", 10}, {"b", 5}}),
              HasSubstr(R"(<rect class="bar" x="350.0" y="30" width="160.0")"));
}

TEST(HtmlTest, LongChineseLabelsAreCutByTheColumnsTheyTake) {
  const std::string chart = BarChart("Countries", {{"中华人民共和国香港特别行政区以及其他地方", 1}});
  EXPECT_THAT(chart, HasSubstr("…</text>"));
  EXPECT_THAT(chart, HasSubstr("<title>中华人民共和国香港特别行政区以及其他地方: 1</title>")) << "whole for who asks";
}

}  // namespace
}  // namespace tandem::cli
