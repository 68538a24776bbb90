// The gRPC adapter of tandem.pairing.v1.RepresentativeService: decodes, calls the catalog, encodes. Nothing is decided
// here.
#ifndef TANDEM_SERVICES_PAIRING_MEETINGS_REPRESENTATIVES_SERVICE_H_
#define TANDEM_SERVICES_PAIRING_MEETINGS_REPRESENTATIVES_SERVICE_H_

#include <memory>

#include "absl/status/statusor.h"

#include "common/base/clock.h"
#include "common/rpc/watch_gate.h"
#include "common/storage/record_store.h"
#include "common/tokens/key_ring.h"
#include "tandem/pairing/v1/representative_service.grpc.pb.h"

namespace tandem::pairing {

// Unowned pointers must outlive the service.
struct RepresentativesOptions {
  RecordStore* store = nullptr;  // that of the editions
  const KeyRing* keys = nullptr;
  const Clock* clock = SystemClock();
  rpc::WatchGate* watches = nullptr;
};

// Thread-safe. Serve it under `v1::RepresentativeService::service_full_name()`. Fails when the store cannot be read.
absl::StatusOr<std::unique_ptr<v1::RepresentativeService::Service>> NewRepresentativesService(
    RepresentativesOptions options);

}  // namespace tandem::pairing

#endif  // TANDEM_SERVICES_PAIRING_MEETINGS_REPRESENTATIVES_SERVICE_H_
