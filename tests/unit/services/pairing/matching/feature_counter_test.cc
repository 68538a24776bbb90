#include "services/pairing/matching/feature_counter.h"

#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "tests/unit/services/pairing/matching/market_builder.h"

namespace tandem::pairing::matching {
namespace {

TEST(FeatureCounterTest, ALargeRecordLosesItsRarestTermsAndNothingElse) {
  Market market(kEdition);
  market.SetEdition(PlainEdition());
  constexpr int kProjects = 30;
  for (int i = 0; i < kProjects; ++i) {
    projects::v1::Project project = PlainProject(absl::StrCat("p", i));
    project.set_trl(1 + i % 9);
    // Each rare term is in two projects that follow each other, `common` in all of them.
    std::string text = "common";
    for (int term : {i, i + 1}) {
      absl::StrAppend(&text, " rare", std::string(1, static_cast<char>('b' + term / 20)),
                      std::string(1, static_cast<char>('b' + term % 20)));
    }
    project.mutable_texts(0)->set_summary(text);
    market.PutProject(project);
  }
  FeatureCounter counter(*market.context());
  for (const auto& [name, facts] : market.projects()) counter.AddProject(facts->record);

  const v1::Statistics whole = counter.Result();
  const size_t most_bytes = whole.ByteSizeLong() * 7 / 8;
  const v1::Statistics part = counter.Result(most_bytes);
  EXPECT_LE(part.ByteSizeLong(), most_bytes);
  EXPECT_LT(part.features_size(), whole.features_size());
  std::vector<std::string> kept;
  int rare = 0, others = 0, common = 0;
  for (const v1::FeatureCount& feature : part.features()) {
    kept.push_back(feature.feature());
    rare += absl::StartsWith(feature.feature(), "term:rare");
    common += feature.feature() == "term:common";
    others += !absl::StartsWith(feature.feature(), "term:");
  }
  EXPECT_THAT(kept, testing::WhenSorted(testing::ElementsAreArray(kept))) << "in the order of their names";
  EXPECT_GT(rare, 0);
  EXPECT_EQ(common, 1);
  EXPECT_GE(others, 9) << "levels of readiness are no terms";
  EXPECT_EQ(counter.Result(0).features_size(), 0) << "the bound holds whatever there is";
}

}  // namespace
}  // namespace tandem::pairing::matching
