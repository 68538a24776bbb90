#include "common/vocab/currency.h"

#include <fstream>
#include <set>
#include <string>

#include "gtest/gtest.h"

#include <nlohmann/json.hpp>

namespace tandem {
namespace {

TEST(CurrencyTest, CurrentCodesAreCurrencies) {
  for (const char* code : {"CNY", "USD", "EUR", "GBP", "HKD", "MOP", "TWD", "JPY", "INR", "IDR", "MYR", "DKK", "XAU"}) {
    EXPECT_TRUE(IsCurrencyCode(code)) << code;
  }
}

TEST(CurrencyTest, WithdrawnUnofficialAndMisspeltCodesAreNot) {
  for (const char* code : {"", "cny", "RMB", "DEM", "CNH", "VEF", "XXX", "XTS", "ZZZ", "USDX", "US"})
    EXPECT_FALSE(IsCurrencyCode(code)) << code;
}

TEST(CurrencyTest, AgreesWithIsoCodes) {
  std::ifstream file("/usr/share/iso-codes/json/iso_4217.json");
  if (!file) GTEST_SKIP() << "the package iso-codes is not installed";
  const nlohmann::json json = nlohmann::json::parse(file);
  std::set<std::string> iso;
  for (const auto& entry : json["4217"]) iso.insert(entry["alpha_3"].get<std::string>());
  for (const char* left_out : {"XXX", "XTS"}) iso.erase(left_out);
  iso.erase("ZWL");  // withdrawn in 2024, but still in the package
  std::set<std::string> got;
  for (int i = 0; i < 26 * 26 * 26; ++i) {
    const std::string code{static_cast<char>('A' + i / 676), static_cast<char>('A' + i / 26 % 26),
                           static_cast<char>('A' + i % 26)};
    if (IsCurrencyCode(code) && code != "ZWL") got.insert(code);
  }
  EXPECT_EQ(got, iso);
}

TEST(CurrencyTest, MinorUnitsAreIsosNotEverydayOnes) {
  EXPECT_EQ(MinorUnitDigits("CNY"), 2);
  EXPECT_EQ(MinorUnitDigits("JPY"), 0);
  EXPECT_EQ(MinorUnitDigits("KRW"), 0);
  EXPECT_EQ(MinorUnitDigits("KWD"), 3);
  EXPECT_EQ(MinorUnitDigits("CLF"), 4);
  EXPECT_EQ(MinorUnitDigits("IRR"), 2);
  EXPECT_EQ(MinorUnitDigits("TWD"), 2);
  EXPECT_EQ(MinorUnitDigits("XAU"), 0);
  EXPECT_EQ(MinorUnitDigits("DEM"), -1);
}

}  // namespace
}  // namespace tandem
