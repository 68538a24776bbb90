#include "common/text/display_width.h"

#include "gtest/gtest.h"

namespace tandem {
namespace {

TEST(DisplayWidthTest, CountsColumns) {
  EXPECT_EQ(DisplayWidth(""), 0u);
  EXPECT_EQ(DisplayWidth("abc"), 3u);
  EXPECT_EQ(DisplayWidth("项目"), 4u);
  EXPECT_EQ(DisplayWidth("ＡＢ"), 4u);
  EXPECT_EQ(DisplayWidth("ｱ"), 1u);
  EXPECT_EQ(DisplayWidth("한국"), 4u);
  EXPECT_EQ(DisplayWidth("é"), 1u);
  EXPECT_EQ(DisplayWidth("，。"), 4u);
}

TEST(DisplayWidthTest, InvisibleCharactersTakeNone) {
  EXPECT_EQ(DisplayWidth("e\xCC\x81"), 1u);
  EXPECT_EQ(DisplayWidth("a\xE2\x80\x8B"
                         "b"),
            2u);
  EXPECT_EQ(DisplayWidth("\n\t"), 0u);
}

TEST(DisplayWidthTest, EmojiTakeTwoHoweverManyPartsTheyHave) {
  EXPECT_EQ(DisplayWidth("😀"), 2u);
  EXPECT_EQ(DisplayWidth("👩‍👩‍👧"), 2u);
  EXPECT_EQ(DisplayWidth("🇨🇳"), 2u);
  EXPECT_EQ(DisplayWidth("👍🏽"), 2u);
  EXPECT_EQ(DisplayWidth("❤️"), 2u);
  EXPECT_EQ(DisplayWidth("❤"), 1u);
}

TEST(DisplayWidthTest, IllFormedBytesCountAsReplacementCharacters) { EXPECT_EQ(DisplayWidth("a\xFF"), 2u); }

TEST(PadToWidthTest, FillsUpAndNeverCuts) {
  EXPECT_EQ(PadToWidth("项目", 6), "项目  ");
  EXPECT_EQ(PadToWidth("项目", 6, Align::kRight), "  项目");
  EXPECT_EQ(PadToWidth("项目", 3), "项目");
  EXPECT_EQ(PadToWidth("", 2), "  ");
}

TEST(TruncateToWidthTest, LeavesWhatFits) {
  EXPECT_EQ(TruncateToWidth("项目", 4), "项目");
  EXPECT_EQ(TruncateToWidth("abc", 3), "abc");
  EXPECT_EQ(TruncateToWidth("", 0), "");
}

TEST(TruncateToWidthTest, CutsWholeCharactersAndMarksTheCut) {
  EXPECT_EQ(TruncateToWidth("abcdef", 4), "abc…");
  EXPECT_EQ(TruncateToWidth("项目配对", 5), "项目…");
  EXPECT_EQ(TruncateToWidth("项目配对", 6), "项目…");
  EXPECT_EQ(TruncateToWidth("👩‍👩‍👧👩‍👩‍👧", 3), "👩‍👩‍👧…");
  EXPECT_EQ(TruncateToWidth("项目", 2), "…");
  EXPECT_EQ(TruncateToWidth("abc", 1), "…");
  EXPECT_EQ(TruncateToWidth("abc", 0), "");
}

TEST(TruncateToWidthTest, NeverExceedsTheWidth) {
  const std::string text =
      "Zhōngguó 项目配对 👩‍👩‍👧 e\xCC\x81"
      "nd 한국";
  for (size_t width = 0; width <= DisplayWidth(text); ++width) {
    EXPECT_LE(DisplayWidth(TruncateToWidth(text, width)), width);
    EXPECT_EQ(DisplayWidth(PadToWidth(TruncateToWidth(text, width), width)), width);
  }
}

}  // namespace
}  // namespace tandem
