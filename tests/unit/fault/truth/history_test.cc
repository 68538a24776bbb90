#include "tests/fault/truth/history.h"

#include "tests/unit/fault/truth/made_history.h"

namespace tandem::check {
namespace {

TEST(HistoryTest, TellsEveryRecordAtEveryRevision) {
  History history("projects");
  history.BeginAt(0, kEpoch);
  history.Append({{"a", Stored(1, "a1")}, {"b", Stored(2, "b2")}}, 2);
  history.Append({{"a", Stored(4, "a4")}, {"b", {5, nullptr}}}, 6);
  EXPECT_EQ(history.At("a", 0).revision, 0);
  EXPECT_EQ(*history.At("a", 3).bytes, "a1");
  EXPECT_EQ(*history.At("a", 4).bytes, "a4");
  EXPECT_EQ(history.Before("a", 4).revision, 1);
  EXPECT_EQ(history.At("b", 5).bytes, nullptr);
  EXPECT_EQ(history.At("b", 5).revision, 5);
  EXPECT_EQ(history.through(), 6);
  EXPECT_FALSE(history.Knows(7));
  EXPECT_EQ(history.NamesAt(4), (std::set<std::string>{"a", "b"}));
  EXPECT_EQ(history.NamesAt(), (std::set<std::string>{"a"}));
}

TEST(HistoryTest, TellsWhatWasCommittedBetweenTwoRevisions) {
  History history("projects");
  history.BeginAt(0, kEpoch);
  history.Append({{"a", Stored(1, "a1")}, {"b", Stored(2, "b2")}, {"a", Stored(2, "a2")}, {"a", {3, nullptr}}}, 3);
  const std::vector<Entry> between = history.Between(1, 2);
  ASSERT_EQ(between.size(), 2u);
  EXPECT_EQ(between[0].name, "b");
  EXPECT_EQ(*between[1].version.bytes, "a2");
  EXPECT_TRUE(history.Between(3, 9).empty());
}

TEST(HistoryTest, ForgetsOnlyWhatNoLaterStateNeeds) {
  History history("projects");
  history.BeginAt(0, kEpoch);
  history.Append({{"a", Stored(1, "a1")},
                  {"b", Stored(2, "b2")},
                  {"b", {3, nullptr}},
                  {"a", Stored(4, "a4")},
                  {"a", Stored(6, "a6")}},
                 6);
  history.Forget(5);
  EXPECT_FALSE(history.Knows(4));
  EXPECT_TRUE(history.Knows(5));
  EXPECT_EQ(*history.At("a", 5).bytes, "a4");
  EXPECT_EQ(history.At("b", 5).bytes, nullptr);
  EXPECT_EQ(history.NamesAt(5), (std::set<std::string>{"a"}));
  EXPECT_EQ(history.size(), 1u);
  history.Forget(100);
  EXPECT_EQ(*history.At("a", 6).bytes, "a6");
  EXPECT_EQ(history.floor(), 6);
}

}  // namespace
}  // namespace tandem::check
