#include "common/vocab/language.h"

#include "gtest/gtest.h"

namespace tandem {
namespace {

TEST(LanguageTest, WellFormedTagsOfKnownLanguagesAreTags) {
  for (const char* tag : {"zh", "en", "zh-Hans", "zh-Hant-TW", "EN-us", "yue", "cmn", "iw", "sr-Latn-RS", "es-419",
                          "en-US-u-ca-gregory"}) {
    EXPECT_TRUE(IsLanguageTag(tag)) << tag;
  }
}

TEST(LanguageTest, OthersAreNot) {
  for (const char* tag :
       {"",        "und", "zxx", "mul",    "zzz",   "qaa",    "x-private",    "en_US", "a",
        "english", "en-", "-en", "en--US", "en US", "en-US-", "zh-Hans-Hant", "中文",  "chinese-simplified",
        "e",       "123"}) {
    EXPECT_FALSE(IsLanguageTag(tag)) << tag;
    EXPECT_EQ(CanonicalLanguageTag(tag), "") << tag;
    EXPECT_EQ(PrimaryLanguage(tag), "") << tag;
  }
}

TEST(LanguageTest, ATagWithANulOrWithoutEndIsRefused) {
  EXPECT_FALSE(IsLanguageTag(absl::string_view("en\0", 3)));
  EXPECT_FALSE(IsLanguageTag(absl::string_view("en\0US", 5)));
  std::string endless = "en-x";
  while (endless.size() < 5000) endless += "-abcdefgh";
  EXPECT_FALSE(IsLanguageTag(endless));
}

TEST(LanguageTest, CanonicalTagsAreWrittenInOneWay) {
  EXPECT_EQ(CanonicalLanguageTag("EN-us"), "en-US");
  EXPECT_EQ(CanonicalLanguageTag("ZH-hANS"), "zh-Hans");
  EXPECT_EQ(CanonicalLanguageTag("zh-cn"), "zh-CN");
  EXPECT_EQ(CanonicalLanguageTag("iw"), "he");
  EXPECT_EQ(CanonicalLanguageTag("cmn-Hans"), "zh-Hans");
  EXPECT_EQ(CanonicalLanguageTag("zh-cmn"), "zh");
  EXPECT_EQ(CanonicalLanguageTag("eng"), "en");
}

TEST(LanguageTest, CanonicalisingTwiceChangesNothing) {
  for (const char* tag : {"EN-us", "cmn-Hant-TW", "sr-YU", "iw-IL", "zh-min-nan", "es-419", "i-klingon"}) {
    const std::string once = CanonicalLanguageTag(tag);
    EXPECT_NE(once, "") << tag;
    EXPECT_EQ(CanonicalLanguageTag(once), once) << tag;
  }
}

TEST(LanguageTest, PrimaryLanguageIsTheCanonicalOne) {
  EXPECT_EQ(PrimaryLanguage("zh-Hans"), "zh");
  EXPECT_EQ(PrimaryLanguage("cmn"), "zh");
  EXPECT_EQ(PrimaryLanguage("EN-GB"), "en");
  EXPECT_EQ(PrimaryLanguage("yue-HK"), "yue");
}

}  // namespace
}  // namespace tandem
