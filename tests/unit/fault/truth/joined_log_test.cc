#include "tests/fault/truth/joined_log.h"

#include "tests/unit/fault/truth/made_history.h"

namespace tandem::check {
namespace {

constexpr char kRecord[] = "editions/t";
constexpr char kPairing[] = "editions/t/pairings/a-b";
constexpr char kMeeting[] = "editions/t/meetings/a-b-1";

class JoinedLogTest : public testing::Test {
 protected:
  static Entry At(const std::string& name, Revision revision) { return {name, Stored(revision, "x")}; }
  // What is in the history after `after`, as text.
  std::vector<std::string> After(Revision after) const {
    std::vector<std::string> texts;
    for (const Entry& entry : history_.Between(after, history_.through()))
      texts.push_back(absl::StrCat(entry.version.revision, " ", entry.name));
    return texts;
  }

  History history_{"editions"};
  std::vector<std::string> heard_;
  JoinedLog log_{&history_, 2, [this](const std::vector<Entry>& entries) {
                   for (const Entry& entry : entries) {
                     EXPECT_GT(entry.version.revision, history_.through()) << "it is heard of before it is there";
                     heard_.push_back(absl::StrCat(entry.version.revision, " ", entry.name));
                   }
                 }};
};

TEST_F(JoinedLogTest, KnowsWhatTheSlowerWatchHasSentToo) {
  log_.Begin(0, {kEpoch, 4});
  EXPECT_EQ(history_.epoch(), "") << "the other one has not begun";
  log_.Begin(1, {kEpoch, 5});
  EXPECT_EQ(history_.through(), 5);
  log_.Append(0, {At(kRecord, 5), At(kRecord, 6), At(kPairing, 8)}, 8);
  EXPECT_EQ(history_.through(), 5);
  log_.Append(1, {}, 7);
  EXPECT_EQ(history_.through(), 7);
  EXPECT_EQ(After(5), (std::vector<std::string>{"6 editions/t"})) << "what was before the beginning is not told";
  log_.Append(1, {At(kMeeting, 8), At(kPairing, 8)}, 9);
  EXPECT_EQ(history_.through(), 8);
  log_.Append(0, {}, 9);
  EXPECT_EQ(After(6), (std::vector<std::string>{"8 editions/t/meetings/a-b-1", "8 editions/t/pairings/a-b"}))
      << "once each, in the order of the commit";
  EXPECT_EQ(heard_, After(5));
}

TEST_F(JoinedLogTest, KeepsWhatOneOfThemSendsInTheOrderOfRevisions) {
  log_.Begin(0, {kEpoch, 0});
  log_.Begin(1, {kEpoch, 0});
  log_.Append(0, {At(kRecord, 1), At(kRecord, 3)}, 3);
  log_.Append(1, {At(kMeeting, 2), At(kMeeting, 3)}, 3);
  EXPECT_EQ(After(0), (std::vector<std::string>{"1 editions/t", "2 editions/t/meetings/a-b-1", "3 editions/t",
                                                "3 editions/t/meetings/a-b-1"}));
}

TEST_F(JoinedLogTest, TakesNothingTwiceThatAWatchRepeats) {
  log_.Begin(0, {kEpoch, 0});
  log_.Begin(1, {kEpoch, 0});
  log_.Append(0, {At(kRecord, 1)}, 1);
  log_.Append(0, {At(kRecord, 1), At(kRecord, 2)}, 2);
  log_.Append(1, {}, 2);
  EXPECT_EQ(After(0), (std::vector<std::string>{"1 editions/t", "2 editions/t"}));
}

}  // namespace
}  // namespace tandem::check
