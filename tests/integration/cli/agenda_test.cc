// Agendas and representatives from the command line.
#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "tests/integration/cli/cli_fixture.h"
#include "tools/tandem/exit_code.h"

namespace tandem::cli {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr char kAgenda[] = R"(sessions:
  - id: day1
    start_time: 2026-11-14T09:00:00+08:00
    end_time: 2026-11-14T10:25:00+08:00
    slot_minutes: 25
    buffer_minutes: 5
    closed_slots: [2026-11-14T09:30:00+08:00]
places:
  - {id: t1, hall: east}
  - {id: b1, kind: booth, hall: west, owner: editions/demo/projects/p-1, sessions: [day1]}
  - {id: online, kind: virtual-room, capacity: 50}
travel_times:
  - {hall: east, other_hall: west, minutes: 10}
)";

class AgendaCliTest : public CliIntegrationTest {
 protected:
  void SetUp() override {
    CliIntegrationTest::SetUp();
    ASSERT_EQ(RunWith({"edition", "create", "demo", "--reference-date", "2026-11-20", "--time-zone", "Asia/Shanghai",
                       "--language", "en", "--base-currency", "CNY", "--title", "en=Zone"}),
              kExitOk)
        << err_;
  }
};

TEST_F(AgendaCliTest, AnAgendaIsSetFromAFileAndShownInLocalTime) {
  EXPECT_EQ(RunWith({"edition", "slots", "demo"}), kExitOk) << err_;
  EXPECT_THAT(out_, HasSubstr("no sessions"));
  const std::string file = folder_.Write("agenda.yaml", kAgenda);
  ASSERT_EQ(RunWith({"edition", "agenda", "demo", "--file", file, "--validate-only"}), kExitOk) << err_;
  EXPECT_THAT(out_, HasSubstr("the agenda is good"));
  ASSERT_EQ(RunWith({"edition", "agenda", "demo", "--file", file}), kExitOk) << err_;
  EXPECT_THAT(out_, HasSubstr("1 sessions, 3 places, 0 interpreters"));
  ASSERT_EQ(RunWith({"edition", "slots", "demo"}), kExitOk) << err_;
  EXPECT_THAT(out_, HasSubstr("Local times of Asia/Shanghai"));
  EXPECT_THAT(out_, HasSubstr("09:00-09:25"));
  EXPECT_THAT(out_, HasSubstr("2026-11-14T02:00:00Z"));
  EXPECT_THAT(out_, HasSubstr("closed"));
  EXPECT_THAT(out_, Not(HasSubstr("10:30-")));
  EXPECT_THAT(out_, HasSubstr("virtual-room"));
  ASSERT_EQ(RunWith({"-o", "json", "edition", "slots", "demo"}), kExitOk) << err_;
  EXPECT_THAT(out_, HasSubstr(R"("localStart":"09:30")"));
  EXPECT_THAT(out_, HasSubstr(R"("open":false)"));
}

TEST_F(AgendaCliTest, EverythingThatIsWrongIsListedWithItsLine) {
  const std::string file = folder_.Write("agenda.yaml", R"(sessions:
  - id: day1
    start_time: 2026-11-14T09:00:00+08:00
    end_time: 2026-11-14T08:00:00+08:00
    slot_minutes: 1
places:
  - id: t1
    colour: red
  - {id: b1, kind: stand, hall: west}
)");
  EXPECT_EQ(RunWith({"edition", "agenda", "demo", "--file", file}), kExitError);
  EXPECT_THAT(err_, HasSubstr(absl::StrCat(file, ":4: sessions[0].end_time: must be after the start")));
  EXPECT_THAT(err_, HasSubstr(absl::StrCat(file, ":5: sessions[0].slot_minutes: ")));
  EXPECT_THAT(err_, HasSubstr(absl::StrCat(file, ":7: places[0].hall: is required")));
  EXPECT_THAT(err_, HasSubstr(absl::StrCat(file, ":8: places[0].colour: is no field here")));
  EXPECT_THAT(err_, HasSubstr(absl::StrCat(file, ":9: places[1].kind: 'stand' is none of table, booth")));
  EXPECT_EQ(RunWith({"edition", "slots", "demo"}), kExitOk);
  EXPECT_THAT(out_, HasSubstr("no sessions")) << "nothing of it went in";
  EXPECT_EQ(RunWith({"edition", "agenda", "demo", "--file", folder_.Write("bad.yaml", "a: [")}), kExitError);
  EXPECT_THAT(err_, HasSubstr("no YAML"));
  EXPECT_EQ(RunWith({"edition", "agenda", "unknown", "--file", folder_.Write("good.yaml", kAgenda)}), kExitError);
  EXPECT_THAT(err_, HasSubstr("RESOURCE_NOT_FOUND"));
}

TEST_F(AgendaCliTest, RepresentativesAreImportedListedAndShown) {
  const std::string file =
      folder_.Write("representatives.csv",
                    "external_id,parties,display_name,languages,attendance,time_zone,most_meetings_per_day\n"
                    "ms-li,investors/green;investors/blue,Ms Li,zh-Hans,hybrid,Europe/Berlin,6\n"
                    "mr-wu,projects/p-1,Mr Wu,en,,,\n"
                    "nobody,taxonomies/t,Nobody,en,,,\n");
  EXPECT_EQ(RunWith({"representative", "import", file}), kExitPartial) << err_;
  EXPECT_THAT(out_, HasSubstr("representatives: 2 created, 0 updated, 0 unchanged, 1 rejected"));
  EXPECT_THAT(folder_.Read(file + ".rejected.jsonl"), HasSubstr("parties[0]"));
  ASSERT_EQ(RunWith({"representative", "list"}), kExitOk) << err_;
  EXPECT_THAT(out_, HasSubstr("investors/green, investors/blue"));
  EXPECT_THAT(out_, HasSubstr("on-site"));
  ASSERT_EQ(RunWith({"representative", "show", "ms-li"}), kExitOk) << err_;
  EXPECT_THAT(out_, HasSubstr("Ms Li"));
  EXPECT_EQ(RunWith({"representative", "show", "nobody"}), kExitError);
  ASSERT_EQ(RunWith({"-o", "json", "representative", "list"}), kExitOk) << err_;
  const std::string listed = folder_.Write("representatives.jsonl", out_);
  ASSERT_EQ(RunWith({"representative", "import", listed}), kExitOk) << err_;
  EXPECT_THAT(out_, HasSubstr("0 created, 0 updated, 2 unchanged, 0 rejected"));
}

}  // namespace
}  // namespace tandem::cli
