#include "common/vocab/country.h"

#include <fstream>
#include <set>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include <nlohmann/json.hpp>

namespace tandem {
namespace {

TEST(CountryTest, AssignedCodesAreCountries) {
  for (const char* code : {"CN", "HK", "MO", "TW", "US", "DE", "AQ", "AX", "SS"})
    EXPECT_TRUE(IsCountryCode(code)) << code;
}

TEST(CountryTest, ReservedHistoricAndMisspeltCodesAreNot) {
  for (const char* code :
       {"", "C", "cn", "Cn", "CHN", "156", "XK", "EU", "UK", "SU", "ZZ", "AC", "IC", "EA", "DG", "AN", "CN "}) {
    EXPECT_FALSE(IsCountryCode(code)) << code;
  }
}

TEST(CountryTest, AgreesWithIsoCodesCodeByCode) {
  std::ifstream file("/usr/share/iso-codes/json/iso_3166-1.json");
  if (!file) GTEST_SKIP() << "the package iso-codes is not installed";
  const nlohmann::json json = nlohmann::json::parse(file);
  std::set<std::string> expected;
  for (const auto& entry : json["3166-1"]) {
    expected.insert(entry["alpha_2"].get<std::string>());
    EXPECT_EQ(Alpha2FromAlpha3(entry["alpha_3"].get<std::string>()), entry["alpha_2"].get<std::string>());
  }
  std::set<std::string> got;
  for (char a = 'A'; a <= 'Z'; ++a) {
    for (char b = 'A'; b <= 'Z'; ++b) {
      if (IsCountryCode(std::string{a, b})) got.insert({a, b});
    }
  }
  EXPECT_EQ(got, expected);
}

TEST(CountryTest, UnknownAlpha3HasNoAlpha2) {
  EXPECT_EQ(Alpha2FromAlpha3("CHN"), "CN");
  for (const char* code : {"", "chn", "XKK", "ZZZ", "CN"}) EXPECT_EQ(Alpha2FromAlpha3(code), std::nullopt) << code;
}

TEST(CountryTest, NamesComeInTheAskedLanguage) {
  EXPECT_EQ(CountryName("CN", "zh"), "中国");
  EXPECT_EQ(CountryName("CN", "zh-Hant"), "中國");
  EXPECT_EQ(CountryName("CN", "en"), "China");
  EXPECT_EQ(CountryName("DE", "zh-Hans"), "德国");
}

TEST(CountryTest, NamesFallBackToEnglish) {
  for (const char* tag : {"", "tlh", "not a tag", "und"}) EXPECT_EQ(CountryName("DE", tag), "Germany") << tag;
  EXPECT_EQ(CountryName("XK", "en"), "");
}

}  // namespace
}  // namespace tandem
