// Currencies: ISO 4217, from ICU. All functions are thread-safe.
#ifndef TANDEM_COMMON_VOCAB_CURRENCY_H_
#define TANDEM_COMMON_VOCAB_CURRENCY_H_

#include "absl/strings/string_view.h"

namespace tandem {

// Whether `code` is a current ISO 4217 code in upper case ("CNY"). Withdrawn currencies (DEM), market names (CNH) and
// the codes that stand for no currency (XXX, XTS) are none.
bool IsCurrencyCode(absl::string_view code);

// Decimal digits of the minor unit as ISO 4217 has it: 2 for CNY, 0 for JPY, 3 for KWD; 0 for metals and units of
// account, which have none. -1 when `code` is no currency code. These are ISO's digits, not the fewer ones that people
// write.
int MinorUnitDigits(absl::string_view code);

}  // namespace tandem

#endif  // TANDEM_COMMON_VOCAB_CURRENCY_H_
