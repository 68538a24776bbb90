#include "tests/bench/eval_meetings/meetings_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_replace.h"

namespace tandem::eval_meetings {
namespace {

using breaks::BreakProblem;
using breaks::Session;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr char kInstance[] = R"(% a comment; with = everything
nBusiness = 3;
nMeetings=2;
nTables = 5;
nTotalSlots = 6;
nMorningSlots = 4;
requested = [|1, 2,1,
|2, 3,3,
|];
meetingsxBusiness = [{1,2},
{1}];
forbidden = [{0},
{0,6},
{}];
fixed = [0,5];
precedences = [{},
{1}];
)";

TEST(MeetingsFolderTest, ReadsEveryRuleOfAnInstance) {
  const absl::StatusOr<BreakProblem> problem = ParseInstance(kInstance);
  ASSERT_TRUE(problem.ok()) << problem.status();
  EXPECT_EQ(problem->people, 3);
  EXPECT_EQ(problem->tables, 5);
  EXPECT_EQ(problem->slots, 6);
  EXPECT_EQ(problem->morning_slots, 4);
  EXPECT_EQ(problem->max_break_difference, 2);
  EXPECT_THAT(problem->forbidden_slots, ElementsAre(IsEmpty(), ElementsAre(5), IsEmpty()));
  ASSERT_EQ(problem->meetings.size(), 2u);
  EXPECT_EQ(problem->meetings[0].a, 0);
  EXPECT_EQ(problem->meetings[0].b, 1);
  EXPECT_EQ(problem->meetings[0].session, Session::kMorning);
  EXPECT_EQ(problem->meetings[0].fixed_slot, -1);
  EXPECT_EQ(problem->meetings[1].session, Session::kAny);
  EXPECT_EQ(problem->meetings[1].fixed_slot, 4);
  EXPECT_THAT(problem->meetings[1].predecessors, ElementsAre(0));
}

TEST(MeetingsFolderTest, NamesTheKeyThatIsMissingOrWrong) {
  const auto message = [](absl::string_view from, absl::string_view to) {
    return std::string(ParseInstance(absl::StrReplaceAll(kInstance, {{from, to}})).status().message());
  };
  EXPECT_THAT(message("nTables", "nChairs"), HasSubstr("nTables"));
  EXPECT_THAT(message("nTables = 5", "nTables = five"), HasSubstr("five"));
  EXPECT_THAT(message("2, 3,3", "2, 3,4"), HasSubstr("session 4"));
  EXPECT_THAT(message("2, 3,3", "2, 9,3"), HasSubstr("is 8"));
  EXPECT_THAT(message("fixed = [0,5]", "fixed = [0]"), HasSubstr("fixed"));
}

TEST(MeetingsFolderTest, ASlotIsWrittenALineFromOne) { EXPECT_EQ(FormatSchedule({4, 0}), "5\n1\n"); }

TEST(MeetingsFolderTest, FindsTheBestValuesByTheirColumns) {
  const auto best = ParseBestKnown("instance,people,best_known_breaks,source\na.b.dzn,3,7,x\nc.dzn,3,INFEASIBLE,x\n\n");
  ASSERT_TRUE(best.ok());
  EXPECT_EQ(best->at("a.b"), "7");
  EXPECT_EQ(best->at("c"), "INFEASIBLE");
  EXPECT_EQ(best->size(), 2u);
  EXPECT_FALSE(ParseBestKnown("name,breaks\n").ok());
}

TEST(MeetingsFolderTest, AFolderWithoutInstancesIsNotFound) {
  EXPECT_EQ(ListInstances("/nowhere/at/all", "").status().code(), absl::StatusCode::kNotFound);
}

}  // namespace
}  // namespace tandem::eval_meetings
