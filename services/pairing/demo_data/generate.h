// Demo data: a whole edition of plausible, made-up records.
#ifndef TANDEM_SERVICES_PAIRING_DEMO_DATA_GENERATE_H_
#define TANDEM_SERVICES_PAIRING_DEMO_DATA_GENERATE_H_

#include <functional>

#include "absl/status/status.h"

#include "tandem/pairing/v1/demo_data_service.pb.h"

namespace tandem::pairing {

// Calls `emit` with the edition, the taxonomy, the investors, their deals and the projects, in this order. The same
// request gives the same bytes on every machine. Holds no more than a few hundred bytes per investor. An `emit` that
// returns false ends it with CANCELLED.
//
// REQUIRES: the request keeps the rules of its contract.
absl::Status GenerateDemoData(const v1::GenerateDemoDataRequest& request,
                              const std::function<bool(const v1::GenerateDemoDataResponse&)>& emit);

}  // namespace tandem::pairing

#endif  // TANDEM_SERVICES_PAIRING_DEMO_DATA_GENERATE_H_
