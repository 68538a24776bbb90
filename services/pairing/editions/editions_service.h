// The gRPC adapter of tandem.pairing.v1.EditionService: decodes, calls the catalogs, encodes.
#ifndef TANDEM_SERVICES_PAIRING_EDITIONS_EDITIONS_SERVICE_H_
#define TANDEM_SERVICES_PAIRING_EDITIONS_EDITIONS_SERVICE_H_

#include <functional>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "common/base/clock.h"
#include "common/catalog/catalog.h"
#include "common/rpc/watch_gate.h"
#include "common/storage/record_store.h"
#include "common/tokens/key_ring.h"
#include "services/pairing/editions/edition_rules.h"
#include "tandem/pairing/v1/edition_service.grpc.pb.h"

namespace tandem::pairing {

// Counts the features of `edition` (`editions/{edition}`) after waiting until `consistency_token` (may be empty) is
// applied. Fills the counts; name, number, fingerprint and time are set by whoever keeps the result.
using CountStatistics = std::function<absl::StatusOr<v1::Statistics>(
    const std::string& edition, const std::string& consistency_token, catalog::Deadline deadline)>;

// Unowned pointers must outlive the service.
struct EditionsOptions {
  RecordStore* store = nullptr;
  const KeyRing* keys = nullptr;
  const Clock* clock = SystemClock();
  rpc::WatchGate* watches = nullptr;
  CountStatistics count;
  AgendaChange agenda_change;  // empty: agendas change whatever is booked
};

// Thread-safe. Serve it under `v1::EditionService::service_full_name()`. Fails when the store cannot be read.
absl::StatusOr<std::unique_ptr<v1::EditionService::Service>> NewEditionsService(EditionsOptions options);

}  // namespace tandem::pairing

#endif  // TANDEM_SERVICES_PAIRING_EDITIONS_EDITIONS_SERVICE_H_
