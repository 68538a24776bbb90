#include "common/validation/text_rules.h"

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace tandem {
namespace {

using ::testing::HasSubstr;

struct FormatCase {
  type::v1::TextFormat format;
  std::vector<std::string> good;
  std::vector<std::string> bad;
};

TEST(TextRules, EveryFormatAcceptsItsOwnAndRefusesTheRest) {
  const std::vector<FormatCase> cases = {
      {type::v1::TEXT_FORMAT_UNSPECIFIED, {"", "anything"}, {}},
      {type::v1::TEXT_FORMAT_RESOURCE_ID,
       {"a", "a1", "a-b", std::string(63, 'a')},
       {"", "1a", "-a", "a-", "A", "a_b", "a.b", "a b", "é", "-", std::string(64, 'a')}},
      {type::v1::TEXT_FORMAT_DATE,
       {"2027-02-28", "2028-02-29", "1800-01-01"},
       {"", "2027-02-29", "2027-2-8", "2027-13-01", "27-02-01", "2027-02-28T", " 2027-02-28", "0000-00-00"}},
      {type::v1::TEXT_FORMAT_COUNTRY, {"CN", "DE"}, {"", "cn", "CHN", "XX", "ZZ", "156", "C"}},
      {type::v1::TEXT_FORMAT_CURRENCY, {"CNY", "EUR"}, {"", "cny", "CN", "ABC", "RMB"}},
      {type::v1::TEXT_FORMAT_LANGUAGE, {"en", "zh-Hans", "pt-BR"}, {"", "e", "english", "zh_Hans", "-", "xx-"}},
      {type::v1::TEXT_FORMAT_TIME_ZONE,
       {"Asia/Shanghai", "Europe/Berlin", "UTC"},
       {"", "Asia/Nowhere", "+08:00", "asia/shanghai", "CST"}},
      {type::v1::TEXT_FORMAT_UUID,
       {"0f8fad5b-d9cb-469f-a165-70867728950e", "0F8FAD5B-D9CB-469F-A165-70867728950E"},
       {"", "0f8fad5bd9cb469fa16570867728950e", "0f8fad5b-d9cb-469f-a165-70867728950",
        "0f8fad5b-d9cb-469f-a165-70867728950g", "{0f8fad5b-d9cb-469f-a165-70867728950e}",
        "0f8fad5b-d9cb-469f-a165070867728950e"}},
      {type::v1::TEXT_FORMAT_COUNTRY_OR_GROUP, {"CN", "150", "001"}, {"", "cn", "999", "15", "0150", "XX"}},
      {type::v1::TEXT_FORMAT_OPAQUE, {"abc-_=!~", "\"x\""}, {"a b", "a\tb", "\x7f", "é", std::string("a\0b", 3)}},
  };
  ASSERT_EQ(cases.size(), static_cast<size_t>(type::v1::TextFormat_ARRAYSIZE)) << "a format without a test";
  for (const FormatCase& one : cases) {
    for (const std::string& text : one.good)
      EXPECT_EQ(FormatProblem(one.format, text), "") << one.format << " " << text;
    for (const std::string& text : one.bad) EXPECT_NE(FormatProblem(one.format, text), "") << one.format << " " << text;
  }
}

TEST(TextRules, TokensAreNotQuoted) {
  EXPECT_EQ(FormatProblem(type::v1::TEXT_FORMAT_OPAQUE, "secret token").find("secret"), std::string::npos);
  EXPECT_THAT(FormatProblem(type::v1::TEXT_FORMAT_COUNTRY, "China"), HasSubstr("\"China\""));
}

TEST(TextRules, ResourceNamesMatchTheirPatternOnly) {
  const ResourcePattern pattern("editions/{edition}/projects/{project}", false);
  EXPECT_TRUE(pattern.Matches("editions/ciep2027/projects/p-1"));
  for (const char* name : {"", "editions/e", "editions/e/projects", "editions/e/projects/", "editions/e/projects/p/",
                           "editions/e/projects/p/q", "editions/e/investors/p", "editions//projects/p",
                           "editions/E/projects/p", "editions/-/projects/p", "editions/e/projects/-",
                           "/editions/e/projects/p", " editions/e/projects/p", "editions/e/projects/p\n"}) {
    EXPECT_FALSE(pattern.Matches(name)) << name;
  }
}

TEST(TextRules, AWildcardStandsForAnIdOnlyWhereAllowed) {
  const ResourcePattern pattern("editions/{edition}/investors/{investor}", true);
  EXPECT_TRUE(pattern.Matches("editions/e/investors/-"));
  EXPECT_TRUE(pattern.Matches("editions/-/investors/-"));
  EXPECT_FALSE(pattern.Matches("-/e/investors/i"));
  EXPECT_FALSE(pattern.Matches("editions/e/investors/--"));
  EXPECT_FALSE(pattern.Matches("-"));
}

TEST(TextRules, QuotesAreCutBetweenCodePoints) {
  EXPECT_EQ(Quote("中"), "\"中\"");
  std::string text = "x";
  for (int i = 0; i < 100; ++i) text += "中";
  std::string expected = "\"x";
  for (int i = 0; i < 26; ++i) expected += "中";
  EXPECT_EQ(Quote(text), expected + "...\"");
}

TEST(TextRules, SpacesOfAnyKindAreBlank) {
  EXPECT_TRUE(IsBlank(""));
  EXPECT_TRUE(IsBlank(" \t\n\xc2\xa0\xe3\x80\x80"));
  EXPECT_FALSE(IsBlank("\xe3\x80\x80."));
}

}  // namespace
}  // namespace tandem
