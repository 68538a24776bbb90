#include "tools/tandem/meeting_board.h"

#include "absl/strings/match.h"
#include "gmock/gmock.h"
#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"

namespace tandem::cli {
namespace {

using pairing::v1::Meeting;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

// 2026-11-14 09:00 in Shanghai, and half an hour later.
constexpr int64_t kNine = 1794618000, kHalfPast = kNine + 1800;

class MeetingBoardTest : public testing::Test {
 protected:
  MeetingBoardTest() {
    EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(R"pb(
                                                                name: "editions/e"
                                                                agenda {
                                                                  sessions {
                                                                    id: "am"
                                                                    start_time { seconds: 1794618000 }
                                                                    end_time { seconds: 1794623400 }
                                                                    slot_minutes: 25
                                                                    buffer_minutes: 5
                                                                    closed_slots { seconds: 1794621600 }
                                                                  }
                                                                  places { id: "t1" hall: "east" }
                                                                  places { id: "t2" hall: "east" sessions: "pm" }
                                                                  places { id: "b1" hall: "west" capacity: 3 }
                                                                  places { id: "v1" kind: PLACE_KIND_VIRTUAL_ROOM }
                                                                })pb",
                                                              &edition_));
  }

  static Meeting At(int64_t start, const std::string& place, const std::string& project, const std::string& investor) {
    Meeting meeting;
    meeting.set_name("editions/e/meetings/" + project + "-" + investor);
    meeting.set_project("editions/e/projects/" + project);
    meeting.set_investor("editions/e/investors/" + investor);
    meeting.set_state(Meeting::STATE_CONFIRMED);
    if (start > 0) meeting.mutable_start_time()->set_seconds(start);
    meeting.set_place(place);
    return meeting;
  }

  MeetingBoard Board(std::vector<Meeting> meetings) const {
    return MeetingBoard(edition_, *EditionZone::Of("Asia/Shanghai"), std::move(meetings));
  }

  pairing::v1::Edition edition_;
};

TEST_F(MeetingBoardTest, ShowsEachHallByLocalTimeWithWhoMeetsWhere) {
  const std::string text = Board({At(kNine, "t1", "p-1", "i-1"), At(kHalfPast, "v1", "p-2", "i-2")}).Render({});
  EXPECT_THAT(text, HasSubstr("2026-11-14 (Asia/Shanghai), hall east\n"
                              "SLOT         t1       t2\n"
                              "09:00-09:25  p-1/i-1  -\n"
                              "09:30-09:55  .        -\n"
                              "10:00-10:25  -        -\n"));
  EXPECT_THAT(text, HasSubstr("at a distance\nSLOT         v1\n09:00-09:25  .\n09:30-09:55  p-2/i-2\n"));
  EXPECT_THAT(text, Not(HasSubstr("On no slot")));
}

TEST_F(MeetingBoardTest, MarksWhatStandsOutAndCountsWhereSeveralMeet) {
  Meeting asked = At(kNine, "t1", "p-1", "i-1");
  asked.set_state(Meeting::STATE_RESCHEDULE_PENDING);
  asked.set_locked(true);
  const std::string text = Board({asked, At(kNine, "b1", "p-2", "i-2"), At(kNine, "b1", "p-3", "i-3")}).Render({});
  EXPECT_TRUE(absl::StrContains(text, "p-1/i-1?#") || absl::StrContains(text, "p-1/i-1#?")) << text;
  EXPECT_THAT(text, HasSubstr("2 of 3"));
}

TEST_F(MeetingBoardTest, WhatStandsOnNoSlotAndPlaceIsListedApart) {
  const std::string text =
      Board({At(kNine + 60, "t1", "p-1", "i-1"), At(kNine, "gone", "p-2", "i-2"), At(0, "", "p-3", "i-3")}).Render({});
  EXPECT_THAT(text, HasSubstr("On no slot and place of the agenda:\n  p-1-i-1 confirmed p-1/i-1\n"));
  EXPECT_THAT(text, HasSubstr("  p-2-i-2 "));
  EXPECT_THAT(text, HasSubstr("  p-3-i-3 "));
}

TEST_F(MeetingBoardTest, OptionsLeaveOutDaysHallsAndFreePlaces) {
  const MeetingBoard board = Board({At(kNine, "t1", "p-1", "i-1")});
  BoardOptions options;
  options.hall = "west";
  EXPECT_THAT(board.Render(options), Not(HasSubstr("hall east")));
  options = {};
  options.day = "2026-11-15";
  EXPECT_THAT(board.Render(options), Not(HasSubstr("p-1/i-1")));
  options = {};
  options.taken_only = true;
  EXPECT_THAT(board.Render(options), Not(HasSubstr("hall west")));
  EXPECT_THAT(board.Render(options), HasSubstr("hall east"));
}

TEST_F(MeetingBoardTest, AWideHallBecomesSeveralTablesOfAtLeastOnePlace) {
  for (int i = 0; i < 9; ++i) {
    auto* place = edition_.mutable_agenda()->add_places();
    place->set_id("long-name-" + std::to_string(i));
    place->set_hall("wide");
  }
  BoardOptions options;
  options.hall = "wide";
  options.width = 40;
  const std::string text = Board({}).Render(options);
  size_t tables = 0;
  for (size_t at = text.find("SLOT"); at != std::string::npos; at = text.find("SLOT", at + 1)) ++tables;
  EXPECT_EQ(tables, 5u) << text;
  for (int i = 0; i < 9; ++i) EXPECT_THAT(text, HasSubstr("long-name-" + std::to_string(i)));
}

TEST_F(MeetingBoardTest, ProgramsGetAnObjectForEachTakenSlotAndPlace) {
  const auto lines = Board({At(kHalfPast, "t1", "p-1", "i-1"), At(kNine, "gone", "p-2", "i-2")}).Lines({});
  ASSERT_EQ(lines.size(), 2u);
  EXPECT_THAT(lines[0], HasSubstr(R"("day":"2026-11-14","localStart":"09:30","localEnd":"09:55",)"
                                  R"("start":"2026-11-14T01:30:00Z","place":"t1","hall":"east")"));
  EXPECT_THAT(lines[1], HasSubstr(R"("place":"")"));
}

}  // namespace
}  // namespace tandem::cli
