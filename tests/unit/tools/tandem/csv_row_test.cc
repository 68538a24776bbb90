#include "tools/tandem/csv_row.h"

#include "gtest/gtest.h"

#include "tandem/type/v1/vocabulary.pb.h"

namespace tandem::cli {
namespace {

using type::v1::FundingRound;

TEST(EnumTextTest, NamesAreReadAsPeopleWriteThem) {
  const auto& type = *type::v1::FundingRound_descriptor();
  for (const char* text : {"series-a", "SERIES_A", "Series A", "FUNDING_ROUND_SERIES_A"}) {
    EXPECT_EQ(FindEnumValue(type, text), type::v1::FUNDING_ROUND_SERIES_A) << text;
  }
  EXPECT_EQ(FindEnumValue(type, "unspecified"), -1);
  EXPECT_EQ(FindEnumValue(type, "series-x"), -1);
  EXPECT_EQ(EnumText(type, type::v1::FUNDING_ROUND_SERIES_A), "series-a");
  EXPECT_EQ(EnumText(type, 0), "");
}

TEST(CsvRowTest, CollectsEveryMistake) {
  const std::vector<std::string> columns = {"trl", "round", "sectors", "amount"};
  const std::vector<std::string> fields = {"nine", "series-x", "nace/2.1:C21; plain", "1.234"};
  std::vector<std::string> reasons;
  CsvRow row(columns, fields, &reasons);
  row.Integer("trl");
  row.Value<FundingRound>("round");
  EXPECT_EQ(row.Sectors("sectors").front().code(), "C21");
  row.Minor("amount", "CNY");
  EXPECT_EQ(reasons.size(), 4u);
}

TEST(CsvRowTest, TextsHaveAnOriginalAndTranslations) {
  const std::vector<std::string> columns = {"language", "title", "summary", "title:en", "title:de"};
  const std::vector<std::string> fields = {"zh-Hans", "电池", "摘要", "Battery", ""};
  std::vector<std::string> reasons;
  CsvRow row(columns, fields, &reasons);
  google::protobuf::RepeatedPtrField<type::v1::LocalizedText> texts;
  row.Texts(&texts);
  ASSERT_EQ(texts.size(), 2);
  EXPECT_TRUE(texts[0].original());
  EXPECT_EQ(texts[0].summary(), "摘要");
  EXPECT_EQ(texts[1].language_code(), "en");
  EXPECT_FALSE(texts[1].original());
}

}  // namespace
}  // namespace tandem::cli
