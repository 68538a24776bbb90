// What a program that serves matches is told about its caches.
#ifndef TANDEM_SERVICES_PAIRING_CACHE_FLAGS_H_
#define TANDEM_SERVICES_PAIRING_CACHE_FLAGS_H_

#include <memory>
#include <string>

#include "CLI/CLI.hpp"
#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "common/redis/redis_port.h"
#include "services/pairing/server.h"

namespace tandem::pairing {

struct CacheFlags {
  int megabytes = 64;
  std::string redis;  // empty: none
  double redis_budget_milliseconds = 5;
  double stale_after_seconds = 30;

  // --cache-mb, --redis (or TANDEM_REDIS), --redis-budget-ms and --stale-after. REQUIRES: this object outlives the
  // parsing of `app`.
  void AddFlags(CLI::App* app);

  // A client of the Redis, null without one; it connects by itself, sooner or later. INVALID_ARGUMENT for an address
  // that is none.
  absl::StatusOr<std::unique_ptr<RedisPort>> OpenRedis() const;

  // Fills in what `options` has of caches. `redis` must outlive the server.
  void Apply(RedisPort* redis, PairingServer::Options* options) const;
};

}  // namespace tandem::pairing

#endif  // TANDEM_SERVICES_PAIRING_CACHE_FLAGS_H_
