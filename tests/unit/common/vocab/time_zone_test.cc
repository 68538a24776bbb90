#include "common/vocab/time_zone.h"

#include "gtest/gtest.h"

namespace tandem {
namespace {

TEST(TimeZoneTest, IanaZonesAndTheirAliasesAreZones) {
  for (const char* id :
       {"UTC", "Etc/UTC", "Asia/Shanghai", "Asia/Hong_Kong", "Europe/Berlin", "America/Argentina/Buenos_Aires",
        "Asia/Kolkata", "Asia/Calcutta", "Europe/Kyiv", "Etc/GMT+5"}) {
    EXPECT_TRUE(IsTimeZone(id)) << id;
  }
}

TEST(TimeZoneTest, AbbreviationsOffsetsAndMisspellingsAreNot) {
  for (const char* id : {"", "CST", "EST", "PRC", "GMT", "GMT+8", "GMT+08:00", "+08:00", "asia/shanghai",
                         "Asia/Shenzhen", "Asia/", "/", "Asia/Shanghai ", "Etc/Unknown", "../etc/passwd"}) {
    EXPECT_FALSE(IsTimeZone(id)) << id;
  }
  EXPECT_FALSE(IsTimeZone(std::string(100000, '/')));
  EXPECT_FALSE(IsTimeZone(absl::string_view("Asia/Shanghai\0", 14)));
}

}  // namespace
}  // namespace tandem
