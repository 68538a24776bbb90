// The gRPC adapter of tandem.pairing.v1.ProfileService: decodes, authorises, calls what decides, encodes.
#ifndef TANDEM_SERVICES_PAIRING_PROFILES_PROFILE_SERVICE_H_
#define TANDEM_SERVICES_PAIRING_PROFILES_PROFILE_SERVICE_H_

#include <memory>

#include "absl/status/statusor.h"

#include "common/base/clock.h"
#include "common/storage/record_store.h"
#include "common/tokens/key_ring.h"
#include "services/pairing/market_feed/market_store.h"
#include "services/pairing/runs/run_queue.h"
#include "services/pairing/service/freshness.h"
#include "tandem/pairing/v1/profile_service.grpc.pb.h"

namespace tandem::pairing {

// Unowned pointers must outlive the service.
struct ProfilesOptions {
  RecordStore* store = nullptr;  // that of the editions
  const KeyRing* keys = nullptr;
  const Clock* clock = SystemClock();
  const MarketStore* markets = nullptr;
  const Freshness* freshness = nullptr;
  RunQueue* runs = nullptr;  // must be stopped before the service goes
  int training_threads = 2;
};

// Thread-safe. Fails when the store cannot be read.
absl::StatusOr<std::unique_ptr<v1::ProfileService::Service>> NewProfilesService(ProfilesOptions options);

}  // namespace tandem::pairing

#endif  // TANDEM_SERVICES_PAIRING_PROFILES_PROFILE_SERVICE_H_
