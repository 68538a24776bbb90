#include "tools/tandem/output.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "common/base/status.h"
#include "tandem/projects/v1/project.pb.h"

namespace tandem::cli {
namespace {

TEST(OutputTest, YamlKeepsTextsTexts) {
  projects::v1::Project project;
  project.set_external_id("no");
  project.set_founded_date("2026-11-20");
  project.add_languages("zh-Hans");
  project.set_trl(4);
  EXPECT_EQ(ToYaml(project),
            "---\nexternalId: \"no\"\ntrl: 4\nlanguages:\n  - \"zh-Hans\"\nfoundedDate: \"2026-11-20\"\n");
}

TEST(OutputTest, ErrorsNameEveryField) {
  const std::string text = DescribeError(InvalidFields({{"project.trl", "too large"}, {"project.texts", "missing"}}));
  EXPECT_THAT(text, testing::HasSubstr("FIELD_INVALID]"));
  EXPECT_THAT(text, testing::HasSubstr("\n  project.trl: too large\n  project.texts: missing\n"));
}

TEST(OutputTest, TitleIsTheOriginal) {
  projects::v1::Project project;
  EXPECT_EQ(TitleOf(project.texts()), "");
  project.add_texts()->set_title("Translation");
  auto* original = project.add_texts();
  original->set_title("原文");
  original->set_original(true);
  EXPECT_EQ(TitleOf(project.texts()), "原文");
}

TEST(OutputTest, RangesShowWhatIsStated) {
  type::v1::MoneyRange range;
  range.set_currency_code("CNY");
  EXPECT_EQ(RangeText(range), "");
  range.set_max_minor(500000);
  EXPECT_EQ(RangeText(range), "..5,000.00 CNY");
  range.set_target_minor(100000);
  EXPECT_EQ(RangeText(range), "1,000.00 CNY");
}

}  // namespace
}  // namespace tandem::cli
