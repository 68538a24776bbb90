#include "common/text/tokenize.h"

#include <chrono>
#include <initializer_list>
#include <random>
#include <thread>
#include <utility>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace tandem {
namespace {

using ::testing::Contains;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;

TEST(TermsTest, EnglishWordsComeFoldedInOrderAndRepeated) {
  EXPECT_THAT(Terms("Machine Learning for MEDICAL imaging, and medical robots"),
              ElementsAre("machine", "learning", "for", "medical", "imaging", "and", "medical", "robot"));
}

TEST(TermsTest, ChineseIsCutIntoWords) {
  EXPECT_THAT(Terms("新能源汽车动力电池回收项目"), ElementsAre("新", "能源", "汽车", "动力", "电池", "回收", "项目"));
  EXPECT_THAT(Terms("人工智能和机器学习"), Contains("机器"));
}

TEST(TermsTest, TraditionalAndSimplifiedTextsHaveTheSameTerms) {
  EXPECT_EQ(Terms("醫療影像診斷與機器學習"), Terms("医疗影像诊断与机器学习"));
  EXPECT_EQ(Terms("新能源汽車動力電池", "zh-Hant"), Terms("新能源汽车动力电池", "zh-Hans"));
}

// Phrases that ICU's rules know, none of whose characters changes alone.
TEST(TermsTest, TraditionalPhrasesAreKnownAsSuch) {
  for (const auto& [traditional, simplified] : {std::pair("祇有山嶽", "只有山岳"),
                                                {"消沈", "消沉"},
                                                {"他在盪鞦韆", "他在荡秋千"},
                                                {"餘額與餘款", "余额与余款"},
                                                {"像片", "相片"}}) {
    EXPECT_EQ(Terms(traditional), Terms(simplified)) << traditional;
  }
  EXPECT_THAT(Terms("沈阳影像"), ElementsAre("沈阳", "影像"));
}

TEST(TermsTest, WidthAndCaseDoNotMatter) { EXPECT_EQ(Terms("ＡＩ Ｃｈｉｐ ＬＩＤＡＲ"), Terms("ai chip lidar")); }

TEST(TermsTest, AWordUnknownToTheDictionaryComesAsCharactersAndPairs) {
  EXPECT_THAT(Terms("钙钛矿"), ElementsAre("钙", "钛", "钙钛", "矿", "钛矿"));
  EXPECT_EQ(Terms("鈣鈦礦", "zh-Hant"), Terms("钙钛矿"));
  // Neither punctuation nor a word is bridged.
  EXPECT_THAT(Terms("钙，钛 矿"), ElementsAre("钙", "钛", "矿"));
  std::vector<std::string> pairs;
  ForEachTerm("新型钙钛矿 sensors", "", [&](absl::string_view term, TermKind kind) {
    if (kind == TermKind::kPair) pairs.emplace_back(term);
  });
  EXPECT_THAT(pairs, ElementsAre("钙钛", "钛矿"));
}

TEST(TermsTest, MixedTextsYieldBothLanguages) {
  EXPECT_THAT(Terms("AI技术的研发 (GPU, 5G)"), ElementsAre("ai", "技术", "的", "研发", "gpu", "5g"));
}

// Texts of ASCII alone are cut without ICU; what stands behind this one leads it to ICU.
TEST(TermsTest, AsciiIsCutAsIcuCutsIt) {
  const auto by_icu = [](const std::string& text) { return Terms(text + "\n\u3002"); };
  // Every text of up to four of these.
  const std::string marks("a1_.',@;\"- \n");
  for (int length = 1; length <= 4; ++length) {
    std::string text(static_cast<size_t>(length), marks[0]);
    std::vector<size_t> at(text.size(), 0);
    for (size_t place = 0; place < at.size();) {
      ASSERT_EQ(Terms(text), by_icu(text)) << text;
      for (place = 0; place < at.size(); ++place) {
        at[place] = (at[place] + 1) % marks.size();
        text[place] = marks[at[place]];
        if (at[place] != 0) break;
      }
    }
  }
  std::mt19937 random(1);
  for (int i = 0; i < 20'000; ++i) {
    std::string text;
    for (auto left = random() % 60; left > 0; --left) {
      const auto kind = random() % 4;
      text.push_back(kind == 0   ? static_cast<char>(random() % 128)
                     : kind == 1 ? "sSxiesc'uhes"[random() % 12]
                                 : "abcdefghijklmnopqrstuvwxyz0123456789 .,'"[random() % 40]);
    }
    ASSERT_EQ(Terms(text), by_icu(text)) << text;
  }
  EXPECT_EQ(Terms(std::string(kMaxTermBytes, 'q')).size(), 1u);
  EXPECT_THAT(Terms(std::string(kMaxTermBytes + 1, 'q')), IsEmpty());
}

// Texts are cut behind these marks, and what stands between them is remembered; behind a line's end they are not.
TEST(TermsTest, AClauseHasTheTermsThatItHasWithinAText) {
  const std::vector<std::string> parts = {"能源",   "钙钛", "醫療", "只有",   "3",        "a5",   "DNA",
                                          ".",      "，",   "；",   "\u0300", "か\u3099", "カ",   "한국",
                                          "\u200d", "é",    "\xE4", "五",     "，5",      "公司", " "};
  std::minstd_rand random(1);
  const auto piece = [&] {
    std::string text;
    for (auto left = random() % 5; left > 0; --left) text += parts[random() % parts.size()];
    return text;
  };
  for (int i = 0; i < 20000; ++i) {
    const std::string a = piece(), b = piece();
    const std::string language = std::vector<std::string>{"", "zh", "ja", "de"}[random() % 4];
    const std::vector<std::string> expected = Terms(a + "\n" + b, language);
    for (const std::string mark : {"。", "、"}) {
      for (int time = 0; time < 2; ++time) ASSERT_EQ(Terms(a + mark + b, language), expected) << a << mark << b;
    }
  }
  EXPECT_THAT(Terms("3，5a 能，5a"), ElementsAre("3,5a", "能", "5a"));
}

TEST(TermsTest, NumbersPunctuationAndLoneLettersAreDropped) {
  EXPECT_THAT(Terms("2024 3.14 1,000 a b C ! ？。 — 😀 100%"), IsEmpty());
  EXPECT_THAT(Terms("药"), ElementsAre("药"));
  EXPECT_THAT(Terms(""), IsEmpty());
}

TEST(TermsTest, PluralsLoseTheirEndingAndOtherWordsDoNot) {
  EXPECT_THAT(Terms("batteries processes batches boxes sensors databases diseases"),
              ElementsAre("battery", "process", "batch", "box", "sensor", "database", "disease"));
  EXPECT_THAT(Terms("glass virus analysis gas series species business"),
              ElementsAre("glass", "virus", "analysis", "gas", "series", "species", "business"));
  EXPECT_THAT(Terms("company's company’s ties"), ElementsAre("company", "company", "tie"));
}

TEST(TermsTest, OtherLanguagesKeepTheirEndings) {
  EXPECT_THAT(Terms("sensores", "es"), ElementsAre("sensores"));
  EXPECT_THAT(Terms("sensors", "EN-us"), ElementsAre("sensor"));
  EXPECT_THAT(Terms("體", "ja"), ElementsAre("體"));
}

TEST(TermsTest, IllFormedBytesSeparateWords) {
  EXPECT_THAT(Terms("solar\xFF"
                    "wind \xE4\xBD battery"),
              ElementsAre("solar", "wind", "battery"));
  EXPECT_THAT(Terms(absl::string_view("solar\0wind", 10)), ElementsAre("solar", "wind"));
}

TEST(TermsTest, RunsThatAreNoWordsAreDropped) {
  EXPECT_THAT(Terms(std::string(500, 'x') + " solar"), ElementsAre("solar"));
}

TEST(TermsTest, OnlyTheBeginningOfALongTextCountsAndNoHalfWord) {
  std::string text;
  while (text.size() < kMaxTokenizedBytes - 3) text += "ab ";
  text.resize(kMaxTokenizedBytes - 3);
  const size_t whole = Terms(text).size();
  const std::vector<std::string> cut = Terms(text + "photovoltaics beyond");
  EXPECT_THAT(cut, Each(::testing::AnyOf("ab", "a")));
  EXPECT_GE(cut.size() + 1, whole);
  // A character on the border is not cut in two.
  for (int shift = 0; shift < 3; ++shift) {
    std::string chinese(static_cast<size_t>(shift), ' ');
    while (chinese.size() < 2 * kMaxTokenizedBytes) chinese += "电池";
    EXPECT_THAT(Terms(chinese), Each(std::string("电池")));
  }
}

TEST(TermsTest, RandomBytesNeitherCrashNorGiveEmptyTerms) {
  const unsigned seed = std::random_device{}();
  SCOPED_TRACE(::testing::Message() << "seed " << seed);
  std::mt19937 random(seed);
  const std::string pieces[] = {"电",   "体", "體", "a", "S", "'s",          "ies",      " ",  "\xFF",
                                "\xE4", "9",  "．", "é", "ﬁ", "👩‍👧", "\xCC\x81", "\n", "_"};
  for (int i = 0; i < 2000; ++i) {
    std::string text;
    for (auto length = random() % 60; length > 0; --length) text += pieces[random() % std::size(pieces)];
    const std::vector<std::string> terms = Terms(text);
    ASSERT_THAT(terms, Each(Not(std::string())));
    ASSERT_EQ(terms, Terms(text));
  }
}

TEST(TermsTest, FloodsOfMarksAreCut) {
  std::string marks;
  for (int i = 0; i < 30; ++i) marks += i % 2 == 0 ? "\u0301" : "\u0323";
  EXPECT_EQ(Terms("e" + marks + "\u0316\u0301 solar"), Terms("e" + marks + " solar"));
  EXPECT_EQ(Terms("cafe\u0301"), Terms("caf\u00e9"));
}

// Each took a fraction of a second where it was written; without a bound some would take minutes.
TEST(TermsTest, HugeHostileTextsTakeBoundedTimeAndSpace) {
  for (const absl::string_view unit : std::initializer_list<absl::string_view>{
           "\u0301\u0323", "a\u0301\u0323", "\ufdfa", "\U00020000", "聚", "餘", "嶽", "ภาษา", "ក", "ア", "\u200d", "a'",
           "1.", "x", "\x01\x02", "\xff\xe4", absl::string_view("\0", 1), "👩‍👧", "\u1100\u1161"}) {
    std::string text;
    while (text.size() < 16 * kMaxTokenizedBytes) text.append(unit.data(), unit.size());
    const auto start = std::chrono::steady_clock::now();
    const std::vector<std::string> terms = Terms(text);
    EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(20)) << unit;
    EXPECT_LE(terms.size(), 2 * kMaxTokenizedBytes);
    for (const std::string& term : terms) ASSERT_LE(term.size(), kMaxTermBytes);
  }
}

TEST(TermsTest, ThreadsAgree) {
  const std::string text = "醫療影像診斷 and machine learning sensors 新能源汽车";
  const std::vector<std::string> expected = Terms(text);
  std::vector<std::vector<std::string>> got(4);
  std::vector<std::thread> threads;
  for (auto& slot : got) {
    threads.emplace_back([&slot, &text] {
      for (int i = 0; i < 50; ++i) slot = Terms(text);
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_THAT(got, Each(expected));
}

// Prints the speed; the bound is far below it, for sanitizers and busy machines.
TEST(TermsTest, IsFastEnoughToIndexACorpusAtStartUp) {
  for (const std::string sentence :
       {"We develop diagnostic imaging solutions for hospitals and seek Series A investors. ",
        "本公司专注于人工智能与机器学习技术的研发，提供医疗影像诊断的解决方案。",
        "醫療影像診斷與機器學習技術之研發，尋找投資者。"}) {
    std::string text;
    while (text.size() < 60000) text += sentence;
    Terms(text);
    const auto start = std::chrono::steady_clock::now();
    for (int i = 0; i < 10; ++i) EXPECT_THAT(Terms(text), Not(IsEmpty()));
    const std::chrono::duration<double> spent = std::chrono::steady_clock::now() - start;
    const double megabytes_per_second = 10 * static_cast<double>(text.size()) / 1e6 / spent.count();
    std::printf("%.1f MB/s\n", megabytes_per_second);
    EXPECT_GT(megabytes_per_second, 0.1);
  }
}

}  // namespace
}  // namespace tandem
