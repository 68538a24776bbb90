#include "tools/tandem/decimal.h"

#include <algorithm>

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

#include "common/vocab/currency.h"

namespace tandem::cli {
namespace {

absl::Status Invalid(absl::string_view text, absl::string_view why) {
  return absl::InvalidArgumentError(absl::StrCat("'", text, "' ", why));
}

// The digits before the point without commas; false unless the commas group thousands.
bool TakeWhole(absl::string_view whole, std::string* digits) {
  const bool grouped = whole.find(',') != absl::string_view::npos;
  size_t run = 0;
  size_t groups = 0;
  for (const char c : whole) {
    if (c == ',') {
      if (run == 0 || run > 3 || (groups > 0 && run != 3)) return false;
      ++groups;
      run = 0;
    } else if (absl::ascii_isdigit(static_cast<unsigned char>(c))) {
      digits->push_back(c);
      ++run;
    } else {
      return false;
    }
  }
  return run > 0 && (!grouped || run == 3);
}

}  // namespace

absl::StatusOr<int64_t> ParseDecimal(absl::string_view text, int decimals) {
  const absl::string_view number = absl::StripAsciiWhitespace(text);
  const size_t point = number.find('.');
  std::string digits;
  if (!TakeWhole(number.substr(0, point), &digits)) {
    return Invalid(text, "is no decimal number, such as 2500000 or 1,250.50");
  }
  std::string fraction(point == absl::string_view::npos ? "" : number.substr(point + 1));
  if (point != absl::string_view::npos && fraction.empty()) return Invalid(text, "ends with a point");
  if (!absl::c_all_of(fraction, [](unsigned char c) { return absl::ascii_isdigit(c); })) {
    return Invalid(text, "is no decimal number, such as 2500000 or 1,250.50");
  }
  while (fraction.size() > static_cast<size_t>(decimals) && fraction.back() == '0') fraction.pop_back();
  if (fraction.size() > static_cast<size_t>(decimals)) {
    return Invalid(text, absl::StrCat("has more than ", decimals, " decimals"));
  }
  fraction.resize(static_cast<size_t>(decimals), '0');
  int64_t amount = 0;
  if (!absl::SimpleAtoi(digits + fraction, &amount)) return Invalid(text, "is too large");
  return amount;
}

absl::StatusOr<int64_t> ParseMinorUnits(absl::string_view text, absl::string_view currency_code) {
  const int decimals = MinorUnitDigits(currency_code);
  if (decimals < 0) return Invalid(currency_code, "is no ISO 4217 currency code, such as CNY");
  return ParseDecimal(text, decimals);
}

std::string FormatMinorUnits(int64_t amount, absl::string_view currency_code) {
  const auto decimals = static_cast<size_t>(std::max(0, MinorUnitDigits(currency_code)));
  const bool negative = amount < 0;
  const uint64_t size = negative ? uint64_t{0} - static_cast<uint64_t>(amount) : static_cast<uint64_t>(amount);
  const std::string digits = absl::StrFormat("%0*d", static_cast<int>(decimals) + 1, size);
  const size_t whole = digits.size() - decimals;
  std::string result = negative ? "-" : "";
  for (size_t i = 0; i < whole; ++i) {
    if (i > 0 && (whole - i) % 3 == 0) result.push_back(',');
    result.push_back(digits[i]);
  }
  if (decimals > 0) absl::StrAppend(&result, ".", digits.substr(whole));
  return result;
}

std::string FormatMicros(int64_t micros) {
  const bool negative = micros < 0;
  const uint64_t size = negative ? uint64_t{0} - static_cast<uint64_t>(micros) : static_cast<uint64_t>(micros);
  return absl::StrFormat("%s%d.%06d", negative ? "-" : micros > 0 ? "+" : "", size / 1'000'000, size % 1'000'000);
}

absl::StatusOr<int64_t> ParseInteger(absl::string_view text, int64_t min, int64_t max) {
  int64_t number = 0;
  if (!absl::SimpleAtoi(text, &number) || number < min || number > max) {
    return Invalid(text, absl::StrCat("is no whole number from ", min, " to ", max));
  }
  return number;
}

}  // namespace tandem::cli
