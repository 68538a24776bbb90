// Time zones: IANA, from ICU. All functions are thread-safe.
#ifndef TANDEM_COMMON_VOCAB_TIME_ZONE_H_
#define TANDEM_COMMON_VOCAB_TIME_ZONE_H_

#include "absl/strings/string_view.h"

namespace tandem {

// Whether `id` is an IANA time zone in its exact case: "UTC", or of the form Area/Place ("Asia/Shanghai", "Etc/GMT+5"),
// aliases included
// ("Asia/Kolkata" and "Asia/Calcutta"). Abbreviations and bare names (CST, EST, PRC) are refused although they are
// known: CST is Chicago to IANA and Shanghai to its readers. So are offsets (GMT+8).
bool IsTimeZone(absl::string_view id);

}  // namespace tandem

#endif  // TANDEM_COMMON_VOCAB_TIME_ZONE_H_
