#include "common/base/civil_date.h"

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"

namespace tandem {
namespace {

constexpr absl::CivilDay kEpoch(1970, 1, 1);

absl::Status Refuse(absl::string_view text, absl::string_view rule) {
  constexpr size_t kShown = 32;  // enough to recognise the value; it may be anything
  return absl::InvalidArgumentError(
      absl::StrCat("'", absl::CHexEscape(text.substr(0, kShown)), text.size() > kShown ? "..." : "", "' ", rule));
}

// REQUIRES: digits only.
int ToInt(absl::string_view digits) {
  int value = 0;
  for (const char digit : digits) value = value * 10 + (digit - '0');
  return value;
}

}  // namespace

absl::StatusOr<int32_t> ParseDate(absl::string_view text) {
  constexpr absl::string_view kShape = "dddd-dd-dd";
  bool shaped = text.size() == kShape.size();
  for (size_t i = 0; shaped && i < kShape.size(); ++i) {
    shaped = kShape[i] == 'd' ? absl::ascii_isdigit(static_cast<unsigned char>(text[i])) : text[i] == kShape[i];
  }
  if (!shaped) return Refuse(text, "is not a date; write YYYY-MM-DD, such as 2024-11-01");
  const int year = ToInt(text.substr(0, 4));
  const int month = ToInt(text.substr(5, 2));
  const int day = ToInt(text.substr(8, 2));
  if (year < kMinDateYear || year > kMaxDateYear) {
    return Refuse(text,
                  absl::StrCat("is outside the years ", kMinDateYear, " to ", kMaxDateYear, "; correct the year"));
  }
  // Abseil carries a day or month too many over to the next; a date that changed was none.
  const absl::CivilDay date(year, month, day);
  if (date.month() != month || date.day() != day)
    return Refuse(text, "is no day of the calendar; correct the month or the day");
  return static_cast<int32_t>(date - kEpoch);
}

std::string FormatDate(int32_t days) { return absl::FormatCivilTime(kEpoch + days); }

}  // namespace tandem
