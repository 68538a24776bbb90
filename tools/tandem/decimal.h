// Numbers as people write them, exactly: never through floating point.
#ifndef TANDEM_TOOLS_TANDEM_DECIMAL_H_
#define TANDEM_TOOLS_TANDEM_DECIMAL_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace tandem::cli {

// A decimal number times 10^decimals: "7.1" with 9 decimals is 7100000000. Spaces around it are allowed, as are commas
// that group thousands. INVALID_ARGUMENT when the text is no number, is negative or has more decimals; a message only,
// the caller names the field.
absl::StatusOr<int64_t> ParseDecimal(absl::string_view text, int decimals);

// Whole minor units of an amount in major units: "1234.5" CNY is 123450, "1234" JPY is 1234. Else as
// ParseDecimal; INVALID_ARGUMENT too when the currency is unknown.
absl::StatusOr<int64_t> ParseMinorUnits(absl::string_view text, absl::string_view currency_code);

// The inverse, for people: "1,234.50". Unknown currencies are taken to have no decimals.
std::string FormatMinorUnits(int64_t amount, absl::string_view currency_code);

// Millionths with a sign: 1250000 is "+1.250000", 0 is "0.000000".
std::string FormatMicros(int64_t micros);

// The whole number that `text` is, within the range. INVALID_ARGUMENT otherwise.
absl::StatusOr<int64_t> ParseInteger(absl::string_view text, int64_t min, int64_t max);

}  // namespace tandem::cli

#endif  // TANDEM_TOOLS_TANDEM_DECIMAL_H_
