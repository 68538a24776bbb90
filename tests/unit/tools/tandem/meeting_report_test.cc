#include "tools/tandem/meeting_report.h"

#include "gmock/gmock.h"
#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"

namespace tandem::cli {
namespace {

using pairing::v1::MeetingReport;
using testing::HasSubstr;
using testing::Not;

MeetingReport Report() {
  MeetingReport report;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(
      R"pb(
        edition: "editions/demo"
        time { seconds: 1794618000 }
        pairing_count: 12
        mutual_count: 5
        requests { accepted: 2 declined: 3 }
        acceptance_millionths: 400000
        declines { reason: DECLINE_REASON_TIMING count: 2 }
        declines { reason: DECLINE_REASON_BUDGET_MISMATCH count: 1 }
        meetings { state: STATE_CONFIRMED count: 3 }
        meetings { state: STATE_CANCELLED count: 1 }
        fill_millionths: 333333
        sessions {
          session: "<am>"
          start_time { seconds: 1794618000 }
          places: 9
          taken: 3
        }
        outcomes { stage: OUTCOME_STAGE_NDA count: 1 }
        projects { party_count: 4 minimum: 0 median_thousandths: 1500 maximum: 3 gini_millionths: 412345 }
        countries { country_code: "CN" projects: 3 investors: 1 meetings: 3 requests: 4 accepted: 1 }
        countries { country_code: "" meetings: 1 })pb",
      &report));
  return report;
}

EditionZone Shanghai() { return *EditionZone::Of("Asia/Shanghai"); }

TEST(MeetingReportTest, NumbersAreWrittenExactly) {
  EXPECT_EQ(PercentText(412345), "41.2 %");
  EXPECT_EQ(PercentText(999500), "100.0 %");
  EXPECT_EQ(PercentText(0), "0.0 %");
  EXPECT_EQ(CoefficientText(412345), "0.4123");
  EXPECT_EQ(CoefficientText(1'000'000), "1.0000");
  EXPECT_EQ(ThousandthsText(2500), "2.5");
  EXPECT_EQ(ThousandthsText(3000), "3");
  EXPECT_EQ(ThousandthsText(0), "0");
}

TEST(MeetingReportTest, TextShowsEveryMeasure) {
  const std::string text = MeetingReportText(Report(), Shanghai(), 0);
  EXPECT_THAT(text, HasSubstr("Meetings of editions/demo, counted 2026-11-14 09:00 (Asia/Shanghai)"));
  EXPECT_THAT(text, testing::ContainsRegex("acceptance.* 40.0 %\n"));
  EXPECT_THAT(text, testing::ContainsRegex("kept.* -\n")) << "nothing was held";
  EXPECT_THAT(text, testing::ContainsRegex("fill.* 33.3 %\n"));
  EXPECT_THAT(text, testing::ContainsRegex("meetings, cancelled ones left out +3\n"));
  EXPECT_THAT(text, testing::ContainsRegex("projects +4 +0 +1.5 +3 +0.4123\n"));
  EXPECT_THAT(text, testing::ContainsRegex("timing +2\n"));
  EXPECT_THAT(text, testing::ContainsRegex("<am>, 2026-11-14 09:00 +3 of 9, 33.3 %\n"));
  EXPECT_THAT(text, testing::ContainsRegex("China 中国 +3 +1 +3 +0 +4 +1 +25.0 %\n"));
  EXPECT_THAT(text, HasSubstr("not known"));
}

TEST(MeetingReportTest, ThePageShowsTheSameWithItsTextsEscaped) {
  const std::string page = MeetingReportPage(Report(), Shanghai(), "Zone & Co");
  EXPECT_THAT(page, HasSubstr("<title>Zone &amp; Co: meetings</title>"));
  EXPECT_THAT(page, Not(HasSubstr("<am>")));
  EXPECT_THAT(page, HasSubstr("&lt;am&gt;, 2026-11-14 09:00"));
  EXPECT_THAT(page, HasSubstr("China 中国"));
  EXPECT_THAT(page, HasSubstr("40.0 %"));
  EXPECT_THAT(page, HasSubstr("landed")) << "rungs that nobody reached are shown too";
  size_t charts = 0;
  for (size_t at = page.find("<svg"); at != std::string::npos; at = page.find("<svg", at + 1)) ++charts;
  EXPECT_EQ(charts, 6u);
}

TEST(MeetingReportTest, AnEmptyEditionIsAReportToo) {
  MeetingReport report;
  report.set_edition("editions/empty");
  EXPECT_THAT(MeetingReportText(report, Shanghai(), 0), HasSubstr("pairs that said or asked anything"));
  EXPECT_THAT(MeetingReportPage(report, Shanghai(), ""), HasSubstr("None."));
}

}  // namespace
}  // namespace tandem::cli
