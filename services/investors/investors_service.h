// The gRPC adapter of tandem.investors.v1.InvestorService: decodes, calls the catalogs, encodes. Nothing is decided
// here.
#ifndef TANDEM_SERVICES_INVESTORS_INVESTORS_SERVICE_H_
#define TANDEM_SERVICES_INVESTORS_INVESTORS_SERVICE_H_

#include <memory>

#include "absl/status/statusor.h"

#include "common/base/clock.h"
#include "common/catalog/catalog.h"
#include "common/rpc/watch_gate.h"
#include "common/storage/record_store.h"
#include "common/tokens/key_ring.h"
#include "tandem/investors/v1/investor_service.grpc.pb.h"

namespace tandem::investors {

// Unowned pointers must outlive the service.
struct Options {
  RecordStore* store = nullptr;
  const KeyRing* keys = nullptr;
  catalog::EditionCheck edition_check;
  const Clock* clock = SystemClock();
  rpc::WatchGate* watches = nullptr;
};

// Thread-safe. Serve it under `v1::InvestorService::service_full_name()`. Fails when the store cannot be read.
absl::StatusOr<std::unique_ptr<v1::InvestorService::Service>> NewInvestorsService(Options options);

}  // namespace tandem::investors

#endif  // TANDEM_SERVICES_INVESTORS_INVESTORS_SERVICE_H_
