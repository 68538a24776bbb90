#include "tools/tandem/token_trail.h"

#include "gtest/gtest.h"

namespace tandem::cli {
namespace {

TEST(TokenTrailTest, JoinsEachTokenOnceAndNoEmptyOne) {
  EXPECT_EQ(JoinTokens({}), "");
  EXPECT_EQ(JoinTokens({"", "a", "b,a", "", "c"}), "a,b,c");
}

TEST(TokenTrailTest, KeepsAsManyAsWereUnderWay) {
  TokenTrail trail(2);
  EXPECT_EQ(trail.Joined(), "");
  for (const char* token : {"a", "b", "c"}) trail.Add(token, true);
  EXPECT_EQ(trail.Joined(), "b,c");
}

TEST(TokenTrailTest, ABatchThatChangesNothingDoesNotTakeTheTokenBack) {
  TokenTrail trail(2);
  trail.Add("old", false);
  EXPECT_EQ(trail.Joined(), "old");
  EXPECT_FALSE(trail.wrote());
  trail.Add("new", true);
  trail.Add("older", false);
  trail.Add("", true);
  EXPECT_EQ(trail.Joined(), "new");
  EXPECT_TRUE(trail.wrote());
}

}  // namespace
}  // namespace tandem::cli
