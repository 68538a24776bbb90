#include "common/catalog/names.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

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

}  // namespace
}  // namespace tandem::catalog
