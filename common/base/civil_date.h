// Dates without a time of day: ISO 8601 `YYYY-MM-DD` and the count of days since 1970-01-01 in the proleptic Gregorian
// calendar.
#ifndef TANDEM_COMMON_BASE_CIVIL_DATE_H_
#define TANDEM_COMMON_BASE_CIVIL_DATE_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace tandem {

// What ParseDate accepts; beyond it a date is a typing error.
inline constexpr int32_t kMinDateYear = 1800;
inline constexpr int32_t kMaxDateYear = 2200;

// Days since 1970-01-01 of `text`, which must be exactly `YYYY-MM-DD` and a day of the calendar. Else INVALID_ARGUMENT
// without a machine-readable reason: it describes a value; the caller names the field. Thread-safe.
absl::StatusOr<int32_t> ParseDate(absl::string_view text);

// The inverse of ParseDate. A day beyond its years is written with as many digits as its year has. Thread-safe.
std::string FormatDate(int32_t days);

}  // namespace tandem

#endif  // TANDEM_COMMON_BASE_CIVIL_DATE_H_
