#include "common/vocab/local_time.h"

#include <string>

#include "gtest/gtest.h"

#include "common/base/civil_date.h"

namespace tandem {
namespace {

absl::Time At(absl::string_view text) {
  absl::Time time;
  std::string error;
  EXPECT_TRUE(absl::ParseTime(absl::RFC3339_full, text, &time, &error)) << error;
  return time;
}

std::string Shown(absl::string_view zone, absl::string_view time) {
  const auto local = LocalTime::Of(zone);
  if (!local.ok()) return std::string(local.status().message());
  const LocalTime::Reading reading = local->At(At(time));
  return FormatDate(reading.day) + " " + std::to_string(reading.minute / 60) + ":" +
         std::to_string(reading.minute % 60);
}

TEST(LocalTimeTest, ShowsTheDateAndTimeOfAZone) {
  EXPECT_EQ(Shown("Asia/Shanghai", "2026-11-14T16:30:00Z"), "2026-11-15 0:30");
  EXPECT_EQ(Shown("UTC", "2026-11-14T16:30:59.999Z"), "2026-11-14 16:30");
  EXPECT_EQ(Shown("Asia/Kolkata", "2026-11-14T18:29:00Z"), "2026-11-14 23:59");
  EXPECT_EQ(Shown("America/New_York", "1969-12-31T23:00:00Z"), "1969-12-31 18:0");
}

TEST(LocalTimeTest, FollowsDaylightSaving) {
  EXPECT_EQ(Shown("Europe/Berlin", "2026-10-25T00:30:00Z"), "2026-10-25 2:30");
  EXPECT_EQ(Shown("Europe/Berlin", "2026-10-25T01:30:00Z"), "2026-10-25 2:30");
  EXPECT_EQ(Shown("America/New_York", "2026-03-08T06:59:00Z"), "2026-03-08 1:59");
  EXPECT_EQ(Shown("America/New_York", "2026-03-08T07:00:00Z"), "2026-03-08 3:0");
  EXPECT_EQ(LocalTime::Of("Europe/Berlin")->OffsetAt(At("2026-07-01T00:00:00Z")), absl::Hours(2));
}

TEST(LocalTimeTest, WhatIsNoZoneIsRefused) {
  EXPECT_EQ(LocalTime::Of("CST").status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(LocalTime::Of("").status().code(), absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace tandem
