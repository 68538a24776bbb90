#include "common/vocab/currency.h"

#include <algorithm>
#include <string>
#include <unicode/ucurr.h>
#include <unicode/uenum.h>
#include <unicode/unistr.h>

#include "absl/container/flat_hash_set.h"

namespace tandem {
namespace {

// What ICU 72 calls current and ISO withdrew, or which names no money.
constexpr absl::string_view kLeftOut[] = {"USS", "VEF", "XTS", "XXX"};
// What ICU 72 calls withdrawn and ISO has.
constexpr absl::string_view kAdded[] = {"SVC"};

// ISO 4217's minor units other than 2. ICU's own digits follow everyday use (IRR, LAK and others without decimals) and
// change with its releases; amounts in storage must not.
constexpr absl::string_view kNoDigits[] = {"BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF",
                                           "UGX", "UYI", "VND", "VUV", "XAF", "XOF", "XPF", "XAG", "XAU", "XBA",
                                           "XBB", "XBC", "XBD", "XDR", "XPD", "XPT", "XSU", "XUA"};
constexpr absl::string_view kThreeDigits[] = {"BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"};
constexpr absl::string_view kFourDigits[] = {"CLF", "UYW"};

template <typename Codes>
bool Has(const Codes& codes, absl::string_view code) {
  return std::find(std::begin(codes), std::end(codes), code) != std::end(codes);
}

const absl::flat_hash_set<std::string>& Currencies() {
  static const auto* const currencies = [] {
    auto* set = new absl::flat_hash_set<std::string>(std::begin(kAdded), std::end(kAdded));
    UErrorCode error = U_ZERO_ERROR;
    UEnumeration* codes = ucurr_openISOCurrencies(UCURR_NON_DEPRECATED, &error);
    while (const char* code = uenum_next(codes, nullptr, &error)) {
      // Only what ISO numbered is ISO's.
      const bool numbered = ucurr_getNumericCode(icu::UnicodeString(code, -1, US_INV).getTerminatedBuffer()) != 0;
      if (numbered && !Has(kLeftOut, code)) set->insert(code);
    }
    uenum_close(codes);
    return set;
  }();
  return *currencies;
}

}  // namespace

bool IsCurrencyCode(absl::string_view code) { return Currencies().contains(code); }

int MinorUnitDigits(absl::string_view code) {
  if (!IsCurrencyCode(code)) return -1;
  if (Has(kNoDigits, code)) return 0;
  if (Has(kThreeDigits, code)) return 3;
  return Has(kFourDigits, code) ? 4 : 2;
}

}  // namespace tandem
