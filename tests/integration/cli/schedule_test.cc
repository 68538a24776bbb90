// Schedules from the command line: from a run to what is booked, and back.
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "tests/integration/cli/cli_fixture.h"

namespace tandem::cli {
namespace {

using testing::ContainsRegex;
using testing::HasSubstr;
using testing::Not;

// Of these five four can be met in two slots on two tables.
constexpr char kWishes[] = R"(project,investor,side,step
p-000001,i-0001,project,interested
p-000001,i-0001,investor,interested
p-000002,i-0001,project,interested
p-000002,i-0001,investor,interested
p-000001,i-0002,project,interested
p-000001,i-0002,investor,interested
p-000002,i-0002,project,interested
p-000002,i-0002,investor,interested
p-000003,i-0001,project,interested
p-000003,i-0001,investor,interested
)";

class ScheduleCliTest : public CliIntegrationTest {
 protected:
  void SetUp() override {
    CliIntegrationTest::SetUp();
    if (HasFatalFailure()) return;
    LoadDemoWithTables("10:00");
    if (HasFatalFailure()) return;
    ASSERT_EQ(RunWith({"pairing", "import", folder_.Write("wishes.csv", kWishes)}), kExitOk) << err_;
  }

  // The id of the newest one.
  std::string Newest() {
    EXPECT_EQ(RunWith({"-o", "json", "schedule", "show"}), kExitOk) << err_;
    const std::string before = "\"name\":\"editions/demo/schedules/";
    const size_t begin = out_.find(before) + before.size();
    return out_.substr(begin, out_.find('"', begin) - begin);
  }
};

TEST_F(ScheduleCliTest, ARunIsComparedPublishedProvedAndTakenBack) {
  EXPECT_EQ(RunWith({"schedule", "show"}), kExitError);
  EXPECT_THAT(err_, HasSubstr("has no schedule"));
  ASSERT_EQ(RunWith({"schedule", "run", "--seed", "7", "--steps", "50"}), kExitOk) << err_;
  EXPECT_THAT(out_, HasSubstr(" is preview, places all, seed 7, "));
  EXPECT_THAT(out_, HasSubstr("4 of 5 wished meetings are placed\n"));
  EXPECT_THAT(out_, ContainsRegex("people with a meeting +[0-9]+ +[0-9]+ +[0-9.]+ %\n"));
  EXPECT_THAT(out_, HasSubstr("4 added, 0 moved, 0 removed, 0 kept\n"));
  const std::string id = Newest();
  ASSERT_EQ(RunWith({"meeting", "list", "--state", "confirmed"}), kExitOk) << err_;
  EXPECT_THAT(out_, Not(HasSubstr("confirmed"))) << "a preview books nothing";

  ASSERT_EQ(RunWith({"schedule", "diff"}), kExitOk) << err_;
  EXPECT_THAT(out_, ContainsRegex("added +2100-11-14 09:[03]0-09:[25]5 t[12] "));
  ASSERT_EQ(RunWith({"schedule", "diff", id, "--unplaced"}), kExitOk) << err_;
  EXPECT_THAT(out_, ContainsRegex("BECAUSE OF +VALUE"));
  ASSERT_EQ(RunWith({"schedule", "verify", id}), kExitOk) << out_ << err_;

  ASSERT_EQ(RunWith({"schedule", "publish", id}), kExitOk) << err_;
  EXPECT_THAT(out_, HasSubstr(" is published: 4 meetings added, 0 moved, 0 removed\ntoken "));
  ASSERT_EQ(RunWith({"meeting", "board", "demo"}), kExitOk) << err_;
  EXPECT_THAT(out_, HasSubstr("editions/demo: 4 meetings\n"));
  ASSERT_EQ(RunWith({"schedule", "verify"}), kExitOk) << out_ << err_;
  EXPECT_EQ(out_, "Every hard rule holds for all 4 meetings.\n");
  EXPECT_EQ(RunWith({"schedule", "publish", id}), kExitError) << "it is published already";
  ASSERT_EQ(RunWith({"schedule", "list"}), kExitOk) << err_;
  EXPECT_THAT(out_, ContainsRegex(id + " +published "));

  ASSERT_EQ(RunWith({"schedule", "rollback", id}), kExitOk) << err_;
  EXPECT_THAT(out_, HasSubstr(" is taken back: 4 meetings are where they were before, or cancelled\n"));
  ASSERT_EQ(RunWith({"meeting", "list", "--state", "confirmed"}), kExitOk) << err_;
  EXPECT_THAT(out_, Not(HasSubstr("confirmed")));
}

TEST_F(ScheduleCliTest, AHoleIsFilledFromTheWishes) {
  ASSERT_EQ(RunWith({"schedule", "run", "--publish"}), kExitOk) << err_;
  EXPECT_THAT(out_, HasSubstr(" is published: 4 meetings added"));
  // Whoever of these has a meeting leaves it; the wish that was left out takes its place.
  ASSERT_EQ(RunWith({"-o", "json", "meeting", "list", "--attendee", "investors/i-0001", "--state", "confirmed"}),
            kExitOk);
  const size_t begin = out_.find("editions/demo/meetings/");
  ASSERT_NE(begin, std::string::npos) << out_;
  ASSERT_EQ(RunWith({"meeting", "cancel", out_.substr(begin, out_.find('"', begin) - begin)}), kExitOk) << err_;
  ASSERT_EQ(RunWith({"schedule", "repair", "--for", "investors/i-0001", "--publish"}), kExitOk) << err_;
  EXPECT_THAT(out_, HasSubstr(" is published, a repair\n"));
  EXPECT_THAT(out_, ContainsRegex("1 added, [01] moved, 0 removed, [23] kept\n"));
  ASSERT_EQ(RunWith({"schedule", "verify"}), kExitOk) << out_;
}

TEST_F(ScheduleCliTest, OnlyWhatIsSelectedIsPlacedAndInOrder) {
  ASSERT_EQ(RunWith({"schedule", "run", "--mode", "selected", "--pairing", "p-000001,i-0001", "--pairing",
                     "p-000001,i-0002", "--order", "p-000001,i-0002:p-000001,i-0001", "--publish"}),
            kExitOk)
      << err_;
  ASSERT_EQ(RunWith({"meeting", "list", "--attendee", "projects/p-000001", "--state", "confirmed"}), kExitOk) << err_;
  EXPECT_THAT(out_, ContainsRegex("09:00-09:25.*i-0002.*\n.*09:30-09:55.*i-0001"));
}

TEST_F(ScheduleCliTest, WhatIsWrongIsSaidBeforeAnythingRuns) {
  EXPECT_EQ(RunWith({"schedule", "run", "--mode", "selected"}), kExitUsage);
  EXPECT_THAT(err_, HasSubstr("give --pairing PAIRING"));
  EXPECT_EQ(RunWith({"schedule", "run", "--pairing", "p-000001,i-0001"}), kExitUsage);
  EXPECT_EQ(RunWith({"schedule", "run", "--order", "one"}), kExitUsage);
  EXPECT_THAT(err_, HasSubstr("'one' is not of the form EARLIER:LATER"));
  EXPECT_EQ(RunWith({"schedule", "run", "--publish", "--no-wait"}), kExitUsage);
  EXPECT_EQ(RunWith({"schedule", "publish"}), kExitUsage);
  EXPECT_EQ(RunWith({"schedule", "show", "none"}), kExitError);
}

}  // namespace
}  // namespace tandem::cli
