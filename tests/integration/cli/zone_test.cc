// Pairings and meetings from the command line: from a first word to a calendar.
#include <algorithm>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "tests/integration/cli/cli_fixture.h"

namespace tandem::cli {
namespace {

using testing::HasSubstr;
using testing::Not;

// Far ahead of the clock, so that nothing in it has begun.
constexpr char kAgenda[] = R"(sessions:
  - id: day1
    start_time: 2100-11-14T09:00:00+08:00
    end_time: 2100-11-14T11:00:00+08:00
    slot_minutes: 25
    buffer_minutes: 5
places:
  - {id: t1, hall: east}
  - {id: t2, hall: east}
  - {id: t3, hall: west}
)";
constexpr char kPair[] = "p-000004,i-0003";

class ZoneCliTest : public CliIntegrationTest {
 protected:
  void SetUp() override {
    CliIntegrationTest::SetUp();
    if (HasFatalFailure()) return;
    LoadDemo();
    if (HasFatalFailure()) return;
    ASSERT_EQ(RunWith({"edition", "agenda", "demo", "--file", folder_.Write("agenda.yaml", kAgenda)}), kExitOk) << err_;
  }
};

TEST_F(ZoneCliTest, FromARequestToACalendar) {
  ASSERT_EQ(RunWith({"pairing", "request", "p-000004", "i-0003", "--side", "project", "--message", "May we meet?",
                     "--slot", "2100-11-14T09:30"}),
            kExitOk)
      << err_;
  EXPECT_THAT(out_, HasSubstr(" is requested\n"));
  EXPECT_THAT(out_, HasSubstr("\ntoken "));
  ASSERT_EQ(RunWith({"meeting", "slots", kPair}), kExitOk) << err_;
  EXPECT_THAT(out_, HasSubstr("2100-11-14 09:30-09:55  2100-11-14T01:30:00Z  "));
  ASSERT_EQ(RunWith({"pairing", "accept", kPair, "--side", "investor", "--slot", "2100-11-14T09:30"}), kExitOk) << err_;
  EXPECT_THAT(out_, HasSubstr(" is mutual\nmeeting editions/demo/meetings/"));
  ASSERT_EQ(RunWith({"pairing", "get", kPair}), kExitOk) << err_;
  EXPECT_THAT(out_, HasSubstr("May we meet?"));
  ASSERT_EQ(RunWith({"pairing", "list", "--party", "investors/i-0003", "--state", "mutual"}), kExitOk) << err_;
  EXPECT_THAT(out_, HasSubstr("mutual"));
  ASSERT_EQ(RunWith({"pairing", "list", "--state", "declined", "--state", "open"}), kExitOk) << err_;
  EXPECT_THAT(out_, Not(HasSubstr("mutual")));

  ASSERT_EQ(RunWith({"meeting", "move", kPair, "--side", "project", "--slot", "2100-11-14T10:00", "--note", "Late"}),
            kExitOk)
      << err_;
  EXPECT_THAT(out_, HasSubstr(" is reschedule-pending, 2100-11-14 09:30-09:55 (Asia/Shanghai) at "));
  ASSERT_EQ(RunWith({"meeting", "answer", kPair, "--side", "investor"}), kExitOk) << err_;
  EXPECT_THAT(out_, HasSubstr(" is confirmed, 2100-11-14 10:00-10:25 "));
  ASSERT_EQ(RunWith({"meeting", "lock", kPair}), kExitOk) << err_;
  EXPECT_THAT(out_, HasSubstr(", locked\n"));
  ASSERT_EQ(RunWith({"meeting", "get", kPair}), kExitOk) << err_;
  EXPECT_THAT(out_, HasSubstr("locked: true"));
  ASSERT_EQ(RunWith({"meeting", "list", "--attendee", "projects/p-000004", "--state", "confirmed"}), kExitOk) << err_;
  EXPECT_THAT(out_, HasSubstr("2100-11-14 10:00-10:25"));
  EXPECT_THAT(out_, HasSubstr("locked"));
  ASSERT_EQ(RunWith({"meeting", "unlock", kPair}), kExitOk) << err_;

  ASSERT_EQ(RunWith({"meeting", "board", "demo"}), kExitOk) << err_;
  EXPECT_THAT(out_, HasSubstr("editions/demo: 1 meetings\n"));
  EXPECT_THAT(out_, HasSubstr("2100-11-14 (Asia/Shanghai), hall east\n"));
  EXPECT_THAT(out_, HasSubstr("10:00-10:25"));
  ASSERT_EQ(RunWith({"meeting", "board", "demo", "--hall", "west", "--day", "2100-11-14"}), kExitOk) << err_;
  EXPECT_THAT(out_, Not(HasSubstr("hall east")));
  ASSERT_EQ(RunWith({"-o", "json", "meeting", "board", "demo"}), kExitOk) << err_;
  EXPECT_THAT(out_, HasSubstr(R"("localStart":"10:00","localEnd":"10:25","start":"2100-11-14T02:00:00Z","place":"t)"));

  const std::string file = folder_.Write("calendar.ics", "");
  ASSERT_EQ(RunWith({"meeting", "calendar", "investors/i-0003", "--out", file}), kExitOk) << err_;
  EXPECT_THAT(folder_.Read(file), HasSubstr("DTSTART:21001114T020000Z"));
  ASSERT_EQ(RunWith({"meeting", "cancel", kPair, "--note", "The hall is closed"}), kExitOk) << err_;
  EXPECT_THAT(out_, HasSubstr(" is cancelled\n"));
  EXPECT_EQ(RunWith({"meeting", "get", kPair}), kExitError);
  EXPECT_THAT(err_, HasSubstr("has no meeting"));
}

TEST_F(ZoneCliTest, InterestMeetsInterestAndIsBookedReportedAndLeft) {
  ASSERT_EQ(RunWith({"pairing", "stance", "p-000004", "i-0003", "--side", "investor", "--kind", "must-meet"}), kExitOk)
      << err_;
  EXPECT_THAT(out_, HasSubstr(" is open\n"));
  ASSERT_EQ(RunWith({"pairing", "stance", "p-000004", "i-0003", "--side", "investor", "--kind", "none"}), kExitOk);
  ASSERT_EQ(RunWith({"meeting", "book", kPair}), kExitError);
  EXPECT_THAT(err_, HasSubstr("STATE_CONFLICT"));
  ASSERT_EQ(RunWith({"meeting", "book", kPair, "--reason", "The mayor asked", "--slot", "2100-11-14T01:00:00Z"}),
            kExitOk)
      << err_;
  EXPECT_THAT(out_, HasSubstr(" is confirmed, 2100-11-14 09:00-09:25 (Asia/Shanghai) at "));
  EXPECT_EQ(RunWith({"meeting", "report", kPair, "--side", "project", "--rating", "4", "--result", "informative"}),
            kExitError);
  EXPECT_THAT(err_, HasSubstr("STATE_CONFLICT")) << "it has not begun";
  EXPECT_EQ(RunWith({"meeting", "outcome", kPair, "--stage", "nda", "--amount", "1000.50", "--currency", "CNY"}),
            kExitError);
  EXPECT_THAT(err_, HasSubstr("STATE_CONFLICT"));
  EXPECT_EQ(RunWith({"meeting", "outcome", kPair, "--stage", "nda", "--amount", "many", "--currency", "CNY"}),
            kExitUsage);
  ASSERT_EQ(RunWith({"pairing", "request", "p-000004", "i-0002", "--side", "project"}), kExitOk) << err_;
  ASSERT_EQ(RunWith({"pairing", "decline", "p-000004,i-0002", "--side", "investor", "--reason", "timing"}), kExitOk)
      << err_;
  EXPECT_THAT(out_, HasSubstr(" is declined\n"));
  ASSERT_EQ(RunWith({"pairing", "request", "p-000004", "i-0001", "--side", "project"}), kExitOk) << err_;
  ASSERT_EQ(RunWith({"pairing", "withdraw", "p-000004,i-0001", "--side", "project"}), kExitOk) << err_;
  EXPECT_THAT(out_, HasSubstr(" is withdrawn\n"));
}

TEST_F(ZoneCliTest, AWatchShowsWhatHappenedAndGoesOnFromWhereItEnded) {
  ASSERT_EQ(RunWith({"pairing", "watch", "--once", "--skip-snapshot"}), kExitOk) << err_;
  EXPECT_EQ(out_, "");
  ASSERT_THAT(err_, testing::StartsWith("To go on: --from "));
  const std::string token = err_.substr(17, err_.size() - 18);
  ASSERT_EQ(RunWith({"pairing", "request", "p-000004", "i-0003", "--side", "project"}), kExitOk) << err_;
  ASSERT_EQ(RunWith({"pairing", "accept", kPair, "--side", "investor", "--slot", "2100-11-14T09:30"}), kExitOk) << err_;
  ASSERT_EQ(RunWith({"pairing", "request", "p-000004", "i-0002", "--side", "project"}), kExitOk) << err_;
  ASSERT_EQ(RunWith({"pairing", "decline", "p-000004,i-0002", "--side", "investor", "--reason", "other", "--note",
                     "Two\nlines"}),
            kExitOk)
      << err_;
  ASSERT_EQ(RunWith({"pairing", "watch", "--once", "--from", token}), kExitOk) << err_;
  EXPECT_THAT(out_, testing::ContainsRegex("  pairing  p-000004  i-0003  requested +request +project\n"));
  EXPECT_THAT(out_, testing::ContainsRegex("  pairing  p-000004  i-0003  mutual +accept +investor\n"));
  EXPECT_THAT(out_, testing::ContainsRegex(
                        "  meeting  p-000004  i-0003  confirmed +booked +investor +2100-11-14T01:30:00Z at t[123]\n"));
  EXPECT_THAT(out_, testing::ContainsRegex("  declined +decline +investor +other; Two lines\n"));
  ASSERT_EQ(RunWith({"-o", "json", "pairing", "watch", "--once"}), kExitOk) << err_;
  EXPECT_EQ(std::count(out_.begin(), out_.end(), '\n'), 3) << "two pairings and a meeting: " << out_;
  EXPECT_EQ(RunWith({"--side", "project", "pairing", "watch", "--once"}), kExitError);
  EXPECT_THAT(err_, HasSubstr("PERMISSION_DENIED"));
}

TEST_F(ZoneCliTest, WhatIsWrongIsSaid) {
  EXPECT_EQ(RunWith({"pairing", "get", kPair}), kExitError);
  EXPECT_THAT(err_, HasSubstr("have no pairing"));
  EXPECT_EQ(RunWith({"pairing", "stance", "p-000004", "i-0003", "--side", "investor", "--kind", "fond"}), kExitUsage);
  EXPECT_EQ(RunWith({"pairing", "request", "p-000004", "i-0003", "--side", "project", "--slot", "tomorrow"}),
            kExitUsage);
  EXPECT_THAT(err_, HasSubstr("'tomorrow' is no time"));
  EXPECT_EQ(RunWith({"meeting", "calendar", "i-0003"}), kExitUsage);
  EXPECT_THAT(err_, HasSubstr("does not say whose it is"));
  EXPECT_EQ(RunWith({"meeting", "board", "demo", "--day", "Monday"}), kExitUsage);
  EXPECT_EQ(RunWith({"meeting", "answer", "m", "--refuse", "--slot", "2100-11-14T09:00"}), kExitUsage);
}

}  // namespace
}  // namespace tandem::cli
