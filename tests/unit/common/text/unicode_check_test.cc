#include "common/text/unicode_check.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace tandem {
namespace {

using ::testing::HasSubstr;

constexpr TextRules kMultiline = {.multiline = true};

TEST(CheckTextTest, AcceptsTextsOfTheWorld) {
  for (const char* text :
       {"", "plain", "项目配对", "Ünïcödé", "עברית", "👩‍👩‍👧", "a\xCC\x81", "\xEF\xBF\xBD", "𠮷野家",
        "\xE2\x80\x8F"
        "right-to-left mark"}) {
    EXPECT_TRUE(CheckText(text).ok()) << text << CheckText(text);
    EXPECT_TRUE(CheckText(text, kMultiline).ok()) << text;
  }
}

TEST(CheckTextTest, RefusesIllFormedUtf8AndSaysWhere) {
  for (const char* text : {"ab\xFF", "ab\xC3", "ab\xE4\xBD", "ab\xC0\x80", "ab\xED\xA0\x80", "ab\xED\xBF\xBF",
                           "ab\xF4\x90\x80\x80", "ab\x80", "ab\xF8\x88\x80\x80\x80"}) {
    const absl::Status status = CheckText(text);
    ASSERT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << text;
    EXPECT_THAT(std::string(status.message()), HasSubstr("at offset 2 is not valid UTF-8"));
  }
}

TEST(CheckTextTest, RefusesNulEverywhere) {
  EXPECT_THAT(std::string(CheckText(absl::string_view("a\0b", 3)).message()), HasSubstr("U+0000 at byte offset 1"));
  EXPECT_FALSE(CheckText(absl::string_view("a\0b", 3), kMultiline).ok());
}

TEST(CheckTextTest, OnlyLineFeedAndTabMayControlAndOnlyInSeveralLines) {
  for (int c = 1; c < 0x100; ++c) {
    if (c >= 0x20 && c < 0x7f) continue;
    if (c >= 0xa0) break;
    std::string text =
        c < 0x80 ? std::string(1, static_cast<char>(c)) : std::string{static_cast<char>(0xc2), static_cast<char>(c)};
    EXPECT_FALSE(CheckText(text).ok()) << c;
    EXPECT_EQ(CheckText(text, kMultiline).ok(), c == '\n' || c == '\t') << c;
  }
}

TEST(CheckTextTest, LineSeparatorsNeedSeveralLines) {
  for (const char* text : {"\xE2\x80\xA8", "\xE2\x80\xA9"}) {
    EXPECT_FALSE(CheckText(text).ok());
    EXPECT_TRUE(CheckText(text, kMultiline).ok());
  }
}

TEST(CheckTextTest, RefusesOverridesOfDirection) {
  for (const char* text : {"\xE2\x80\xAA", "\xE2\x80\xAB", "\xE2\x80\xAC", "\xE2\x80\xAD", "\xE2\x80\xAE",
                           "\xE2\x81\xA6", "\xE2\x81\xA7", "\xE2\x81\xA8", "\xE2\x81\xA9"}) {
    EXPECT_THAT(std::string(CheckText(text, kMultiline).message()), HasSubstr("direction"));
  }
  EXPECT_THAT(std::string(CheckText("\xE2\x80\xAE").message()), HasSubstr("U+202e"));
}

TEST(CheckTextTest, RefusesNoncharacters) {
  for (const char* text :
       {"\xEF\xB7\x90", "\xEF\xB7\xAF", "\xEF\xBF\xBE", "\xEF\xBF\xBF", "\xF0\x9F\xBF\xBE", "\xF4\x8F\xBF\xBF"}) {
    EXPECT_THAT(std::string(CheckText(text).message()), HasSubstr("noncharacter")) << text;
  }
  EXPECT_TRUE(CheckText("\xEF\xB7\xB0").ok());
}

TEST(CheckTextTest, AnErrorNeverQuotesTheText) {
  EXPECT_THAT(std::string(CheckText("secret\x01").message()), ::testing::Not(HasSubstr("secret")));
}

TEST(CountCodePointsTest, CountsCodePointsNotBytes) {
  EXPECT_EQ(CountCodePoints(""), 0);
  EXPECT_EQ(CountCodePoints("abc"), 3);
  EXPECT_EQ(CountCodePoints("项目a"), 3);
  EXPECT_EQ(CountCodePoints("𠮷"), 1);
  EXPECT_EQ(CountCodePoints("a\xCC\x81"), 2);
  EXPECT_EQ(CountCodePoints("a\xFF\xFF"
                            "b"),
            4);
}

TEST(ToNfcTest, ComposesAndIsIdempotent) {
  EXPECT_EQ(ToNfc(""), "");
  EXPECT_EQ(ToNfc("plain"), "plain");
  EXPECT_EQ(ToNfc("e\xCC\x81"), "é");
  EXPECT_EQ(ToNfc(ToNfc("e\xCC\x81 项目")), "é 项目");
  EXPECT_EQ(ToNfc("Ａ"), "Ａ");  // compatibility forms stay
}

TEST(ToNfcTest, IllFormedSequencesStayForCheckTextToRefuse) {
  EXPECT_EQ(ToNfc("a\xFF"
                  "e\xCC\x81"),
            "a\xFF"
            "é");
}

}  // namespace
}  // namespace tandem
