#include "common/vocab/local_time.h"

#include <unicode/stringpiece.h>
#include <unicode/timezone.h>
#include <unicode/unistr.h>

#include "absl/strings/str_cat.h"

#include "common/vocab/time_zone.h"

namespace tandem {
namespace {

constexpr int64_t kMillisInDay = 86'400'000;
constexpr int64_t kMillisInMinute = 60'000;

}  // namespace

struct LocalTime::Zone {
  std::unique_ptr<icu::TimeZone> icu;
};

absl::StatusOr<LocalTime> LocalTime::Of(absl::string_view time_zone) {
  if (!IsTimeZone(time_zone))
    return absl::InvalidArgumentError(
        absl::StrCat("no IANA time zone: \"", time_zone, "\"; write one as Asia/Shanghai"));
  auto zone = std::make_shared<Zone>();
  zone->icu.reset(icu::TimeZone::createTimeZone(
      icu::UnicodeString::fromUTF8(icu::StringPiece(time_zone.data(), static_cast<int32_t>(time_zone.size())))));
  return LocalTime(std::move(zone));
}

absl::Duration LocalTime::OffsetAt(absl::Time time) const {
  int32_t raw = 0;
  int32_t daylight = 0;
  UErrorCode error = U_ZERO_ERROR;
  zone_->icu->getOffset(static_cast<UDate>(absl::ToUnixMillis(time)), /*local=*/false, raw, daylight, error);
  return absl::Milliseconds(int64_t{raw} + daylight);
}

LocalTime::Reading LocalTime::At(absl::Time time) const {
  const int64_t millis = absl::ToUnixMillis(time + OffsetAt(time));
  int64_t day = millis / kMillisInDay;
  if (millis % kMillisInDay < 0) --day;
  return {static_cast<int32_t>(day), static_cast<int32_t>((millis - day * kMillisInDay) / kMillisInMinute)};
}

}  // namespace tandem
