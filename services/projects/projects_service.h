// The gRPC adapter of tandem.projects.v1.ProjectService: decodes, calls the catalog, encodes. Nothing is decided here.
#ifndef TANDEM_SERVICES_PROJECTS_PROJECTS_SERVICE_H_
#define TANDEM_SERVICES_PROJECTS_PROJECTS_SERVICE_H_

#include <memory>

#include "absl/status/statusor.h"

#include "common/base/clock.h"
#include "common/catalog/catalog.h"
#include "common/rpc/watch_gate.h"
#include "common/storage/record_store.h"
#include "common/tokens/key_ring.h"
#include "tandem/projects/v1/project_service.grpc.pb.h"

namespace tandem::projects {

// Unowned pointers must outlive the service.
struct Options {
  RecordStore* store = nullptr;
  const KeyRing* keys = nullptr;
  catalog::EditionCheck edition_check;
  const Clock* clock = SystemClock();
  rpc::WatchGate* watches = nullptr;
};

// Thread-safe. Serve it under `v1::ProjectService::service_full_name()`. Fails when the store cannot be read.
absl::StatusOr<std::unique_ptr<v1::ProjectService::Service>> NewProjectsService(Options options);

}  // namespace tandem::projects

#endif  // TANDEM_SERVICES_PROJECTS_PROJECTS_SERVICE_H_
