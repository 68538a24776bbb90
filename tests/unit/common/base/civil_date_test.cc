#include "common/base/civil_date.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace tandem {
namespace {

using ::testing::HasSubstr;

TEST(CivilDateTest, KnownDaysHaveTheirNumbers) {
  EXPECT_EQ(ParseDate("1970-01-01").value(), 0);
  EXPECT_EQ(ParseDate("1969-12-31").value(), -1);
  EXPECT_EQ(ParseDate("2000-02-29").value(), 11016);
  EXPECT_EQ(ParseDate("2024-11-01").value(), 20028);
}

TEST(CivilDateTest, EveryDayOfTheAcceptedYearsRoundTripsInOrder) {
  const int32_t first = ParseDate("1800-01-01").value();
  const int32_t last = ParseDate("2200-12-31").value();
  std::string before;
  for (int32_t day = first; day <= last; ++day) {
    const std::string text = FormatDate(day);
    ASSERT_EQ(ParseDate(text).value(), day) << text;
    ASSERT_LT(before, text);
    before = text;
  }
}

TEST(CivilDateTest, RefusesWhatIsNoDayOfTheCalendar) {
  for (const char* text :
       {"2023-02-29", "1900-02-29", "2024-00-10", "2024-13-01", "2024-04-31", "2024-01-00", "2024-01-32"}) {
    const auto date = ParseDate(text);
    ASSERT_EQ(date.status().code(), absl::StatusCode::kInvalidArgument) << text;
    EXPECT_THAT(date.status().message(), HasSubstr(text));
    EXPECT_THAT(date.status().message(), HasSubstr("no day of the calendar"));
  }
}

TEST(CivilDateTest, RefusesOtherSpellings) {
  for (const char* text : {"", "2024", "2024-1-1", "2024/01/01", "20240101", " 2024-01-01", "2024-01-01 ",
                           "2024-01-01T00:00:00Z", "+024-01-01", "2024-0a-01", "-024-01-01", "２０２４-01-01"}) {
    EXPECT_EQ(ParseDate(text).status().code(), absl::StatusCode::kInvalidArgument) << text;
  }
}

TEST(CivilDateTest, RefusesYearsOutsideTheRange) {
  EXPECT_TRUE(ParseDate("1800-01-01").ok());
  EXPECT_TRUE(ParseDate("2200-12-31").ok());
  EXPECT_THAT(ParseDate("1799-12-31").status().message(), HasSubstr("1800 to 2200"));
  EXPECT_FALSE(ParseDate("2201-01-01").ok());
  EXPECT_FALSE(ParseDate("0000-01-01").ok());
}

TEST(CivilDateTest, AnErrorNeverEchoesALongOrUnprintableValueAsItIs) {
  const auto date = ParseDate(std::string(5000, '\n'));
  EXPECT_LT(date.status().message().size(), 200u);
  EXPECT_THAT(date.status().message(), ::testing::Not(HasSubstr("\n")));
}

TEST(CivilDateTest, FormatsTheWholeRangeOfTheNumber) {
  EXPECT_EQ(FormatDate(0), "1970-01-01");
  EXPECT_FALSE(FormatDate(INT32_MIN).empty());
  EXPECT_FALSE(FormatDate(INT32_MAX).empty());
}

}  // namespace
}  // namespace tandem
