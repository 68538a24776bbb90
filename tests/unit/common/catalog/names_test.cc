#include "common/catalog/names.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <set>

namespace tandem::catalog {
namespace {

using testing::ElementsAre;

TEST(NamePatternTest, FindsIdsAndPutsThemBack) {
  const NamePattern pattern("editions/{edition}/things/{thing}");
  const auto ids = pattern.Match("editions/e/things/t");
  ASSERT_TRUE(ids.has_value());
  EXPECT_THAT(*ids, ElementsAre("e", "t"));
  EXPECT_EQ(pattern.Format(*ids), "editions/e/things/t");
  EXPECT_TRUE(pattern.Parent().Match("editions/e").has_value());
}

TEST(NamePatternTest, RefusesOtherPatterns) {
  const NamePattern pattern("editions/{edition}/things/{thing}");
  for (const char* name : {"", "editions/e", "editions/e/others/t", "editions//things/t", "editions/e/things/t/",
                           "/editions/e/things/t"}) {
    EXPECT_FALSE(pattern.Match(name).has_value()) << name;
  }
}

TEST(NamesTest, KeysOfOneEditionLieBetweenItsPrefixAndItsEnd) {
  const std::string prefix = RecordPrefix("things", {"e"});
  EXPECT_LT(prefix, RecordKey("things", {"e", "a"}));
  EXPECT_LT(RecordKey("things", {"e", "zzz"}), PrefixEnd(prefix));
  EXPECT_FALSE(RecordKey("things", {"e-2", "a"}) >= prefix && RecordKey("things", {"e-2", "a"}) < PrefixEnd(prefix));
}

TEST(NamesTest, ResourceIdsFollowTheirRule) {
  for (const char* id : {"a", "ciep2027", "a-b"}) EXPECT_TRUE(IsResourceId(id)) << id;
  for (const char* id : {"", "1a", "A", "a-", "a_b", "-a"}) EXPECT_FALSE(IsResourceId(id)) << id;
  EXPECT_TRUE(IsResourceId(std::string(63, 'a')));
  EXPECT_FALSE(IsResourceId(std::string(64, 'a')));
}

TEST(ResourceIdForTest, IsTheExternalIdWhereItCanBe) { EXPECT_EQ(ResourceIdFor("p-000001"), "p-000001"); }

TEST(ResourceIdForTest, IsAlwaysAnIdAndDiffersForDifferentTexts) {
  std::set<std::string> ids;
  for (const char* text :
       {"s00001@2012-01-01", "s00001@2012-01-02", "S00001", "电池", "电机", "7", "-", "a-", "__", "A B  C", "x-"}) {
    const std::string id = ResourceIdFor(text);
    EXPECT_TRUE(IsResourceId(id)) << text << " " << id;
    EXPECT_EQ(id, ResourceIdFor(text));
    EXPECT_TRUE(ids.insert(id).second) << id;
  }
  EXPECT_TRUE(IsResourceId(ResourceIdFor(std::string(200, 'Z'))));
  EXPECT_EQ(ResourceIdFor("s00001@2012-01-01").substr(0, 18), "s00001-2012-01-01-");
}

}  // namespace
}  // namespace tandem::catalog
