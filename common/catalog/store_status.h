// What a store's status means to a caller of a service.
#ifndef TANDEM_COMMON_CATALOG_STORE_STATUS_H_
#define TANDEM_COMMON_CATALOG_STORE_STATUS_H_

#include "absl/status/status.h"

namespace tandem::catalog {

// The same failure with a reason: STORE_FULL, STORE_UNAVAILABLE, OUTCOME_UNKNOWN or INTERNAL. A status that has a
// reason already stays as it is. REQUIRES: `status` is neither OK nor the ABORTED of a failed condition.
absl::Status FromStore(const absl::Status& status);

}  // namespace tandem::catalog

#endif  // TANDEM_COMMON_CATALOG_STORE_STATUS_H_
