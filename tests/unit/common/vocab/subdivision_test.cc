#include "common/vocab/subdivision.h"

#include <cstdlib>
#include <fstream>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace tandem {
namespace {

using ::testing::HasSubstr;

// A folder of its own with an iso_3166-2.json of this content.
std::string FolderWith(const std::string& content) {
  std::string folder = ::testing::TempDir() + "/subdivision_XXXXXX";
  EXPECT_NE(mkdtemp(folder.data()), nullptr);
  std::ofstream(folder + "/iso_3166-2.json") << content;
  return folder;
}

TEST(SubdivisionTest, TheInstalledTableKnowsProvincesAndNothingElse) {
  if (!LoadSubdivisions().ok()) GTEST_SKIP() << LoadSubdivisions();
  for (const char* code : {"CN-GD", "CN-BJ", "US-CA", "DE-BY", "GB-ENG"}) EXPECT_TRUE(IsSubdivisionCode(code)) << code;
  for (const char* code : {"", "CN", "CN-", "CN-ZZ", "cn-gd", "CNGD", "CN-GD ", "XX-GD", "CN-44"})
    EXPECT_FALSE(IsSubdivisionCode(code)) << code;
}

TEST(SubdivisionTest, AMissingFileIsNamedWithTheWayOut) {
  const auto table = SubdivisionTable::Load("/no/such/folder");
  EXPECT_EQ(table.status().code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(std::string(table.status().message()), HasSubstr("/no/such/folder/iso_3166-2.json"));
  EXPECT_THAT(std::string(table.status().message()), HasSubstr("TANDEM_ISO_CODES_DIR"));
}

TEST(SubdivisionTest, AnotherFolderCanBeLoaded) {
  const auto table =
      SubdivisionTable::Load(FolderWith(R"({"3166-2": [{"code": "CN-GD"}, {"code": 7}, 3, {"name": "x"}]})"));
  ASSERT_TRUE(table.ok()) << table.status();
  EXPECT_EQ(table->size(), 1u);
  EXPECT_TRUE(table->Contains("CN-GD"));
}

TEST(SubdivisionTest, AFileOfSomethingElseIsDataLoss) {
  for (const char* content :
       {"", "{", "[]", "3", "{}", R"({"3166-2": {}})", R"({"3166-2": []})", R"({"3166-1": [{"code": "CN-GD"}]})"}) {
    EXPECT_EQ(SubdivisionTable::Load(FolderWith(content)).status().code(), absl::StatusCode::kDataLoss) << content;
  }
}

TEST(SubdivisionTest, WithoutATableTheFormAndTheCountryDecide) {
  for (const char* code : {"CN-GD", "GB-ENG", "FR-75", "CN-ZZ"}) EXPECT_TRUE(IsFormedLikeSubdivision(code)) << code;
  for (const char* code : {"", "CN", "CN-", "CN-ABCD", "XX-GD", "cn-GD", "CN-gd", "CN_GD", "CN-G-"})
    EXPECT_FALSE(IsFormedLikeSubdivision(code)) << code;
}

TEST(SubdivisionTest, TheFolderComesFromTheEnvironment) {
  const char* before = std::getenv("TANDEM_ISO_CODES_DIR");
  const std::string kept = before == nullptr ? "" : before;
  setenv("TANDEM_ISO_CODES_DIR", "/elsewhere", 1);
  EXPECT_EQ(IsoCodesFolder(), "/elsewhere");
  setenv("TANDEM_ISO_CODES_DIR", "", 1);
  EXPECT_EQ(IsoCodesFolder(), "/usr/share/iso-codes/json");
  if (before == nullptr) {
    unsetenv("TANDEM_ISO_CODES_DIR");
  } else {
    setenv("TANDEM_ISO_CODES_DIR", kept.c_str(), 1);
  }
}

}  // namespace
}  // namespace tandem
