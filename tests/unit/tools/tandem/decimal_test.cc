#include "tools/tandem/decimal.h"

#include <limits>

#include "gtest/gtest.h"

namespace tandem::cli {
namespace {

TEST(ParseMinorUnitsTest, UsesTheDigitsOfTheCurrency) {
  EXPECT_EQ(*ParseMinorUnits("1234.5", "CNY"), 123450);
  EXPECT_EQ(*ParseMinorUnits("1234", "JPY"), 1234);
  EXPECT_EQ(*ParseMinorUnits("1.234", "KWD"), 1234);
  EXPECT_EQ(*ParseMinorUnits("2,500,000", "EUR"), 250000000);
  EXPECT_EQ(*ParseMinorUnits(" 7 ", "USD"), 700);
  EXPECT_EQ(*ParseMinorUnits("12.3400", "EUR"), 1234);
}

TEST(ParseMinorUnitsTest, IsExactWhereFloatingPointIsNot) {
  EXPECT_EQ(*ParseMinorUnits("0.29", "USD"), 29);
  EXPECT_EQ(*ParseMinorUnits("90071992547409.93", "USD"), 9007199254740993);
}

TEST(ParseMinorUnitsTest, RefusesWhatIsNoAmount) {
  for (const char* text : {"", "-1", "1.234", "1.", ".5", "1e6", "12,34", "1,2345", ",123", "1 000", "abc", "1.2.3",
                           "99999999999999999999"}) {
    EXPECT_FALSE(ParseMinorUnits(text, "CNY").ok()) << text;
  }
  EXPECT_FALSE(ParseMinorUnits("1.5", "JPY").ok());
  EXPECT_FALSE(ParseMinorUnits("1", "").ok());
  EXPECT_FALSE(ParseMinorUnits("1", "RMB").ok());
}

TEST(ParseDecimalTest, ScalesExchangeRates) {
  EXPECT_EQ(*ParseDecimal("7.1", 9), 7'100'000'000);
  EXPECT_EQ(*ParseDecimal("0.0051", 9), 5'100'000);
}

TEST(FormatMinorUnitsTest, IsWhatPeopleWrite) {
  EXPECT_EQ(FormatMinorUnits(123450, "CNY"), "1,234.50");
  EXPECT_EQ(FormatMinorUnits(5, "CNY"), "0.05");
  EXPECT_EQ(FormatMinorUnits(1234567, "JPY"), "1,234,567");
  EXPECT_EQ(FormatMinorUnits(100, "JPY"), "100");
}

TEST(FormatMicrosTest, HasASignAndSixDecimals) {
  EXPECT_EQ(FormatMicros(1'250'000), "+1.250000");
  EXPECT_EQ(FormatMicros(-1), "-0.000001");
  EXPECT_EQ(FormatMicros(0), "0.000000");
  EXPECT_EQ(FormatMicros(std::numeric_limits<int64_t>::min()), "-9223372036854.775808");
}

TEST(ParseIntegerTest, KeepsTheRange) {
  EXPECT_EQ(*ParseInteger("9", 0, 9), 9);
  EXPECT_FALSE(ParseInteger("10", 0, 9).ok());
  EXPECT_FALSE(ParseInteger("1.0", 0, 9).ok());
}

}  // namespace
}  // namespace tandem::cli
