#include "services/pairing/matching/text_vector.h"

#include <cmath>
#include <map>
#include <random>

#include "gtest/gtest.h"

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

}  // namespace
}  // namespace tandem::pairing::matching
