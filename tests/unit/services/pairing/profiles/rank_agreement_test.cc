#include "services/pairing/profiles/rank_agreement.h"

#include <algorithm>
#include <gtest/gtest.h>
#include <random>
#include <string>

#include "absl/strings/str_cat.h"

namespace tandem::pairing {
namespace {

TEST(RankAgreementTest, TheSameOrderAgreesAndTheReverseDoesNot) {
  const RankAgreement same = Agree({"a", "b", "c"}, {"a", "b", "c"});
  EXPECT_EQ(same.kendall_tau_millionths, 1'000'000);
  EXPECT_EQ(same.overlap_at_10_millionths, 1'000'000);
  EXPECT_TRUE(same.same_best);
  const RankAgreement reverse = Agree({"a", "b", "c"}, {"c", "b", "a"});
  EXPECT_EQ(reverse.kendall_tau_millionths, -1'000'000);
  EXPECT_FALSE(reverse.same_best);
}

TEST(RankAgreementTest, OnlyTheFirstTenOverlap) {
  std::vector<std::string> names;
  for (int i = 0; i < 20; ++i) names.push_back(absl::StrCat("n", i));
  const std::vector<absl::string_view> first(names.begin(), names.end());
  std::vector<absl::string_view> second = first;
  std::swap(second[0], second[15]);
  EXPECT_EQ(Agree(first, second).overlap_at_10_millionths, 900'000);
}

TEST(RankAgreementTest, TauIsThatOfCountingEveryPair) {
  std::mt19937 random(7);
  for (const size_t size : {2u, 3u, 10u, 33u, 64u, 100u}) {
    std::vector<std::string> names;
    for (size_t i = 0; i < size; ++i) names.push_back(absl::StrCat("n", i));
    std::vector<absl::string_view> first(names.begin(), names.end());
    std::vector<absl::string_view> second = first;
    std::shuffle(first.begin(), first.end(), random);
    std::shuffle(second.begin(), second.end(), random);
    int64_t wrong = 0;
    for (size_t i = 0; i < size; ++i) {
      for (size_t j = i + 1; j < size; ++j) {
        const auto a = std::find(second.begin(), second.end(), first[i]);
        const auto b = std::find(second.begin(), second.end(), first[j]);
        if (b < a) ++wrong;
      }
    }
    const auto n = static_cast<int64_t>(size);
    EXPECT_EQ(Agree(first, second).kendall_tau_millionths, 1'000'000 - wrong * 4'000'000 / (n * (n - 1))) << size;
  }
}

}  // namespace
}  // namespace tandem::pairing
