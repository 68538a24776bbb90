#include "services/pairing/matching/text_vector.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>
#include <map>
#include <random>
#include <set>
#include <string>

#include "absl/numeric/int128.h"
#include "gtest/gtest.h"

#include "common/text/tokenize.h"
#include "services/pairing/matching/features.h"

namespace tandem::pairing::matching {
namespace {

TEST(TextVectorTest, CosineAgreesWithFloatingPoint) {
  const uint32_t seed = std::random_device{}();
  SCOPED_TRACE(testing::Message() << "seed " << seed);
  std::mt19937 random(seed);
  for (int round = 0; round < 500; ++round) {
    TextVector vectors[2];
    std::map<uint32_t, double> maps[2];
    for (int i : {0, 1}) {
      for (uint32_t term = 1; term < 40; ++term) {
        if (random() % 3 != 0) continue;
        const auto weight = static_cast<uint32_t>(1 + random() % 20000);
        vectors[i].entries.push_back({term, weight});
        vectors[i].squared_norm += uint64_t{weight} * weight;
        maps[i][term] = weight;
      }
    }
    double product = 0, a = 0, b = 0;
    for (const auto& [term, weight] : maps[0]) {
      a += weight * weight;
      if (maps[1].contains(term)) product += weight * maps[1][term];
    }
    for (const auto& [term, weight] : maps[1]) b += weight * weight;
    const double expected = a == 0 || b == 0 ? 0 : product / std::sqrt(a * b) * 1e6;
    EXPECT_NEAR(static_cast<double>(CosineMicro(vectors[0], vectors[1])), expected, 2);
    EXPECT_EQ(CosineMicro(vectors[0], vectors[1]), CosineMicro(vectors[1], vectors[0]));
  }
}

TEST(TextVectorTest, KeepsTheHeaviestTermsOfALongText) {
  Interner interner;
  const FrozenStatistics statistics;
  TextVectorBuilder builder(&interner, &statistics);
  std::string text;
  for (int i = 0; i < 1000; ++i) {
    std::string word = "word";
    for (int n = i; n > 0; n /= 26) word.push_back(static_cast<char>('a' + n % 26));
    text += word + "x ";
  }
  builder.Add(text, "en");
  builder.Add("battery battery battery", "en");
  const TextVector vector = builder.Build();
  EXPECT_EQ(vector.entries.size(), TextVectorBuilder::kMostTerms);
  const uint32_t battery = interner.Find("term:battery");
  EXPECT_TRUE(std::any_of(vector.entries.begin(), vector.entries.end(),
                          [&](const auto& entry) { return entry.term == battery; }));
}

TEST(TextVectorTest, AnEmptyTextIsLikeNothing) {
  Interner interner;
  const FrozenStatistics statistics;
  TextVectorBuilder builder(&interner, &statistics);
  EXPECT_TRUE(builder.Build().empty());
  EXPECT_EQ(CosineMicro(TextVector(), TextVector()), 0);
}

// Projects written for this test, and the statistics counted from them.
class SmallCorpusTest : public testing::Test {
 protected:
  SmallCorpusTest() {
    std::map<std::string, int64_t> counts;
    for (const char* text : kTexts) {
      std::set<std::string> once;
      for (const std::string& term : Terms(text)) once.insert(TermFeature(term));
      for (const std::string& feature : once) ++counts[feature];
    }
    v1::Statistics statistics;
    statistics.set_project_count(std::size(kTexts));
    for (const auto& [feature, count] : counts) {
      v1::FeatureCount* out = statistics.add_features();
      out->set_feature(feature);
      out->set_project_count(count);
    }
    statistics_ = FrozenStatistics(statistics, &interner_);
  }

  TextVector Vector(absl::string_view title, absl::string_view body = "") {
    TextVectorBuilder builder(&interner_, &statistics_);
    builder.Add(title, "", TextVectorBuilder::kTitleTimes);
    builder.Add(body, "");
    return builder.Build();
  }

  int64_t Alike(absl::string_view a, absl::string_view b) { return CosineMicro(Vector(a), Vector(b)); }

  uint32_t WeightOf(const TextVector& vector, absl::string_view term) {
    for (const TextVector::Entry& entry : vector.entries) {
      if (entry.term == interner_.Find(TermFeature(term))) return entry.weight;
    }
    return 0;
  }

  static constexpr const char* kTexts[] = {
      "The recycling of lithium batteries is cheap and the plant is ready",
      "A battery for the grid: the storage of wind power",
      "The imaging of lungs and the detection of tumours by learning",
      "Robots for the harvest of fruit and the care of trees",
      "The desalination of sea water with the heat of the sun",
      "钙钛矿太阳能薄膜的制备",
      "医疗影像的智能诊断系统",
      "动力电池的回收与梯次利用",
      "海水淡化的新型膜材料",
      "水果采摘的机器人",
  };
  Interner interner_;
  FrozenStatistics statistics_;
};

TEST_F(SmallCorpusTest, WritingDoesNotMatter) {
  EXPECT_GE(Alike("動力電池的回收與梯次利用", "动力电池的回收与梯次利用"), 999'990);
  EXPECT_GE(Alike("ＬＩＴＨＩＵＭ　ＢＡＴＴＥＲＹ", "lithium battery"), 999'990);
  EXPECT_GE(Alike("Lithium BATTERIES", "lithium battery"), 999'990);
  EXPECT_GE(Alike("e\u0301lectrode", "\u00c9LECTRODE"), 999'990);
}

TEST_F(SmallCorpusTest, WhatIsAboutTheSameIsNearestInBothLanguages) {
  const auto nearest = [&](absl::string_view query) {
    return *std::max_element(std::begin(kTexts), std::end(kTexts),
                             [&](const char* a, const char* b) { return Alike(query, a) < Alike(query, b); });
  };
  EXPECT_STREQ(nearest("the fruit robot"), kTexts[3]);
  EXPECT_STREQ(nearest("The detection of a lung tumour"), kTexts[2]);
  EXPECT_STREQ(nearest("醫療診斷的影像"), kTexts[6]);
  EXPECT_STREQ(nearest("鈣鈦礦的製備"), kTexts[5]);
}

TEST_F(SmallCorpusTest, AnUnknownWordMatchesByItsPairs) {
  // The same characters in another order are another word.
  EXPECT_GT(Alike("钙钛矿", "钙钛矿薄膜"), Alike("矿钛钙", "钙钛矿薄膜"));
  const TextVector with = Vector("钙钛矿");
  EXPECT_GT(WeightOf(with, "钙钛"), 0u);
  EXPECT_LT(WeightOf(with, "钙钛"), WeightOf(with, "钙"));
  TextVectorBuilder without(&interner_, &statistics_, TextVectorBuilder::Pairs::kLeftOut);
  without.Add("钙钛矿", "");
  EXPECT_EQ(WeightOf(without.Build(), "钙钛"), 0u);
}

TEST_F(SmallCorpusTest, ATitleSaysMoreThanABodyAndRepeatingEndsSomewhere) {
  const TextVector vector = Vector("battery", "lithium");
  const auto ratio = static_cast<double>(WeightOf(Vector("", "battery battery"), "battery")) /
                     WeightOf(Vector("", "battery"), "battery");
  EXPECT_EQ(WeightOf(vector, "battery"), WeightOf(Vector("", "battery battery"), "battery"));
  EXPECT_NEAR(ratio, 2 * 2.5 / 3.5, 0.01);
  std::string flood;
  for (int i = 0; i < 5000; ++i) flood += "battery ";
  EXPECT_LT(WeightOf(Vector("", flood), "battery"), 2.5 * WeightOf(Vector("", "battery"), "battery") + 5);
}

TEST_F(SmallCorpusTest, CommonWordsWeighLittleWithoutAList) {
  const TextVector vector = Vector("", "the desalination of the sea");
  EXPECT_LT(4 * WeightOf(vector, "the"), WeightOf(vector, "desalination") * 3);
  EXPECT_GT(WeightOf(vector, "of"), WeightOf(vector, "the") / 2);
}

TEST_F(SmallCorpusTest, UnitWeightsKeepLengthOrderAndCosine) {
  EXPECT_TRUE(UnitWeights(TextVector()).empty());
  const TextWeights one = UnitWeights(Vector("battery"));
  ASSERT_EQ(one.size(), 1u);
  EXPECT_EQ(one[0].weight, 255);
  for (const char* a : kTexts) {
    const TextVector vector = Vector(a, kTexts[0]);
    const TextWeights weights = UnitWeights(vector);
    double squares = 0;
    uint32_t before = 0;
    for (const TermWeight& entry : weights) {
      EXPECT_GT(entry.term, before);
      EXPECT_GE(entry.weight, 1);
      EXPECT_LE(entry.weight, 255);
      before = entry.term;
      squares += entry.weight * entry.weight;
    }
    EXPECT_NEAR(squares, 255 * 255, 255 * 255 * 0.02);
    for (const char* b : kTexts) {
      double product = 0;
      const TextWeights other = UnitWeights(Vector(b));
      for (const TermWeight& x : weights) {
        for (const TermWeight& y : other) product += x.term == y.term ? x.weight * y.weight : 0;
      }
      EXPECT_NEAR(product / (255 * 255), static_cast<double>(CosineMicro(vector, Vector(b))) / 1e6, 0.02);
    }
  }
}

TEST(TextVectorTest, UnitWeightsStayWithinTheirBounds) {
  for (const uint32_t terms : {1u, 2u, 3u, 238u, 239u, 256u}) {
    for (const uint32_t weight : {1u, 7u, 35000u, 4'000'000'000u}) {
      TextVector vector;
      absl::uint128 norm = 0;
      for (uint32_t term = 1; term <= terms; ++term) {
        vector.entries.push_back({term, weight});
        norm += absl::uint128(weight) * weight;
      }
      if (norm > std::numeric_limits<uint64_t>::max()) continue;  // no builder makes such a vector
      vector.squared_norm = static_cast<uint64_t>(norm);
      double squares = 0;
      for (const TermWeight& entry : UnitWeights(vector)) squares += entry.weight * entry.weight;
      EXPECT_NEAR(squares, 255 * 255, 255 * 255 * 0.07) << terms << " terms of " << weight;
    }
  }
}

}  // namespace
}  // namespace tandem::pairing::matching
