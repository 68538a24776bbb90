#include "tools/tandem/edition_zone.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "tools/tandem/stamps.h"

namespace tandem::cli {
namespace {

using testing::HasSubstr;

EditionZone Zone(const std::string& name) { return *EditionZone::Of(name); }

TEST(EditionZoneTest, ReadsAndShowsWhatTheClocksShow) {
  const EditionZone zone = Zone("Asia/Shanghai");
  const auto time = zone.Parse("2026-11-14T09:30");
  ASSERT_TRUE(time.ok()) << time.status();
  EXPECT_EQ(UtcText(*time), "2026-11-14T01:30:00Z");
  EXPECT_EQ(zone.Date(*time), "2026-11-14");
  EXPECT_EQ(zone.Clock(*time), "09:30");
  google::protobuf::Timestamp start, end;
  EXPECT_EQ(zone.Stretch(start, end), "") << "unset";
  start.set_seconds(absl::ToUnixSeconds(*time));
  end.set_seconds(start.seconds() + 25 * 60);
  EXPECT_EQ(zone.Stretch(start, end), "2026-11-14 09:30-09:55");
}

TEST(EditionZoneTest, WhatTheClocksShowTwiceIsAskedBack) {
  const auto time = Zone("Europe/Berlin").Parse("2026-10-25T02:30");
  EXPECT_TRUE(IsUsageError(time.status()));
  EXPECT_THAT(std::string(time.status().message()), HasSubstr("2026-10-25T00:30:00Z or 2026-10-25T01:30:00Z"));
}

TEST(EditionZoneTest, WhatTheClocksNeverShowIsRefused) {
  EXPECT_TRUE(IsUsageError(Zone("Europe/Berlin").Parse("2026-03-29T02:30").status()));
  EXPECT_EQ(UtcText(*Zone("Europe/Berlin").Parse("2026-03-29T03:30")), "2026-03-29T01:30:00Z");
}

TEST(EditionZoneTest, OtherFormsAreRefused) {
  for (const char* text : {"", "09:30", "2026-11-14", "2026-11-14T9:30", "2026-13-14T09:30", "2026-11-14T09:30:00x"})
    EXPECT_TRUE(IsUsageError(Zone("Asia/Shanghai").Parse(text).status())) << text;
  EXPECT_FALSE(EditionZone::Of("Asia/Atlantis").ok());
}

TEST(StampsTest, TakesRfc3339WithAndWithoutSeconds) {
  for (const char* text : {"2026-11-14T01:30:00Z", "2026-11-14T09:30:00+08:00", "2026-11-14T09:30+08:00",
                           "2026-11-14 09:30+08:00", "2026-11-14T01:30:00.000Z"}) {
    const auto time = ParseStamp(text);
    ASSERT_TRUE(time.has_value()) << text;
    EXPECT_EQ(UtcText(*time), "2026-11-14T01:30:00Z") << text;
  }
  for (const char* text : {"", "2026-11-14T01:30:00", "tomorrow", "infinite-future", "infinite-past"})
    EXPECT_FALSE(ParseStamp(text).has_value()) << text;
}

}  // namespace
}  // namespace tandem::cli
