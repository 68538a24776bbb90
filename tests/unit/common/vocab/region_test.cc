#include "common/vocab/region.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "common/vocab/country.h"

namespace tandem {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(RegionTest, GroupsComeNearestFirst) {
  EXPECT_THAT(RegionGroups("CN"), ElementsAre("030", "142", "001"));
  EXPECT_THAT(RegionGroups("DE"), ElementsAre("155", "150", "001"));
  EXPECT_THAT(RegionGroups("BR"), ElementsAre("005", "419", "019", "001"));
  EXPECT_THAT(RegionGroups("US"), ElementsAre("021", "003", "019", "001"));
  EXPECT_THAT(RegionGroups("NG"), ElementsAre("011", "202", "002", "001"));
}

TEST(RegionTest, WhatIsNoCountryHasNoGroups) {
  for (const char* code : {"", "cn", "XK", "EU", "030", "CHN"}) EXPECT_THAT(RegionGroups(code), IsEmpty()) << code;
}

TEST(RegionTest, EveryCountryIsInAContinentAndTheWorldByKnownCodes) {
  int countries = 0;
  for (char a = 'A'; a <= 'Z'; ++a) {
    for (char b = 'A'; b <= 'Z'; ++b) {
      const std::string code{a, b};
      if (!IsCountryCode(code)) continue;
      ++countries;
      const auto groups = RegionGroups(code);
      ASSERT_GE(groups.size(), 2u) << code;
      EXPECT_EQ(groups.back(), "001") << code;
      for (const std::string& group : groups) EXPECT_TRUE(IsM49(group)) << code << " " << group;
    }
  }
  EXPECT_EQ(countries, 249);
}

TEST(RegionTest, OnlyGroupsOfCountriesAreM49Codes) {
  for (const char* code : {"001", "142", "030", "019", "419", "202"}) EXPECT_TRUE(IsM49(code)) << code;
  for (const char* code : {"", "156", "30", "0030", "000", "999", "EU", "UN", "QO", "CN"})
    EXPECT_FALSE(IsM49(code)) << code;
}

TEST(RegionTest, GroupsHaveNamesInChineseAndEnglish) {
  EXPECT_EQ(GroupName("150", "en"), "Europe");
  EXPECT_EQ(GroupName("150", "zh-Hans"), "欧洲");
  EXPECT_EQ(GroupName("CN", "en"), "");
  for (const std::string& group : RegionGroups("BR")) EXPECT_NE(GroupName(group, "en"), "") << group;
}

}  // namespace
}  // namespace tandem
