// Many steps from a file, and what came of them as a report.
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "tests/integration/cli/cli_fixture.h"

namespace tandem::cli {
namespace {

using testing::ContainsRegex;
using testing::HasSubstr;

class MeetingReportCliTest : public CliIntegrationTest {
 protected:
  void SetUp() override {
    CliIntegrationTest::SetUp();
    if (HasFatalFailure()) return;
    LoadDemoWithTables("11:00");
  }
};

TEST_F(MeetingReportCliTest, StepsFromAFileAreTakenInOrderAndCountedInTheReport) {
  const std::string file = folder_.Write("wishes.csv",
                                         "project,investor,side,step,reason,message\n"
                                         "p-000001,i-0001,investor,must-meet,,\n"
                                         "p-000001,i-0001,project,interested,,\n"
                                         "p-000002,i-0001,project,request,,\"May we, please, meet?\"\n"
                                         "p-000002,i-0001,investor,accept,,\n"
                                         "p-000003,i-0002,investor,request,,\n"
                                         "p-000003,i-0002,project,decline,timing,Next year\n"
                                         "p-000004,i-0002,investor,skipped,,\n"
                                         "p-000005,i-0002,project,request,,\n");
  ASSERT_EQ(RunWith({"pairing", "import", file}), kExitOk) << err_;
  EXPECT_EQ(out_, "8 steps of 5 pairs are taken, 0 rejected; now 1 declined, 2 mutual, 1 open, 1 requested\n");
  ASSERT_EQ(RunWith({"pairing", "import", file}), kExitOk) << "what was done is not done again: " << err_;
  ASSERT_EQ(RunWith({"meeting", "book", "p-000001,i-0001"}), kExitOk) << err_;

  ASSERT_EQ(RunWith({"report", "meetings"}), kExitOk) << err_;
  EXPECT_THAT(out_, ContainsRegex("pairs that said or asked anything +5\n"));
  EXPECT_THAT(out_, ContainsRegex("mutual pairs +2\n"));
  EXPECT_THAT(out_, ContainsRegex("acceptance.* 50.0 %\n")) << out_;
  EXPECT_THAT(out_, ContainsRegex("fill.* 12.5 %\n"));
  EXPECT_THAT(out_, ContainsRegex("timing +1\n"));
  EXPECT_THAT(out_, ContainsRegex("projects +2 +0 +0.5 +1 +0.5000\n"));
  ASSERT_EQ(RunWith({"-o", "json", "report", "meetings"}), kExitOk) << err_;
  EXPECT_THAT(out_, HasSubstr("\"acceptanceMillionths\":500000"));
  const std::string page = folder_.Write("report.html", "");
  ASSERT_EQ(RunWith({"report", "meetings", "--output", "html", "--file", page}), kExitOk) << err_;
  EXPECT_EQ(out_, "Written to " + page + "\n");
  EXPECT_THAT(folder_.Read(page), HasSubstr("项目对接专区"));
  EXPECT_THAT(folder_.Read(page), HasSubstr("<svg"));
  EXPECT_EQ(RunWith({"--side", "investor", "report", "meetings"}), kExitError);
  EXPECT_THAT(err_, HasSubstr("PERMISSION_DENIED"));
}

TEST_F(MeetingReportCliTest, LinesThatCannotBeTakenAreListedAndTheRestIsDone) {
  const std::string file = folder_.Write("wishes.csv",
                                         "project,investor,side,step,reason\n"
                                         "p-000001,i-0001,investor,interested,\n"
                                         "nobody,i-0001,investor,interested,\n"
                                         "p-000001,i-0001,me,interested,\n"
                                         "p-000001,i-0001,investor,adored,\n"
                                         "p-000002,i-0001,investor,accept,\n"
                                         "p-000003,i-0001,investor\n");
  EXPECT_EQ(RunWith({"pairing", "import", file}), kExitPartial);
  EXPECT_EQ(out_, "1 steps of 2 pairs are taken, 5 rejected; now 1 open\n");
  EXPECT_THAT(err_, HasSubstr(file + ":3: "));
  EXPECT_THAT(err_, HasSubstr("there is no 'nobody'"));
  EXPECT_THAT(err_, HasSubstr("'me' is none of project, investor"));
  EXPECT_THAT(err_, HasSubstr("'adored' is no step"));
  EXPECT_THAT(err_, HasSubstr("have no pairing"));
  EXPECT_EQ(RunWith({"pairing", "import", folder_.Write("other.csv", "project,colour\np-1,red\n")}), kExitError);
  EXPECT_THAT(err_, HasSubstr("'colour'; known are: project, investor, side, step, reason, message"));
}

}  // namespace
}  // namespace tandem::cli
