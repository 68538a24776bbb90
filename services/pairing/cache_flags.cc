#include "services/pairing/cache_flags.h"

#include <chrono>
#include <utility>

#include "common/base/status.h"
#include "common/redis/redis_client.h"
#include "common/redis/redis_url.h"

namespace tandem::pairing {

void CacheFlags::AddFlags(CLI::App* app) {
  app->add_option("--cache-mb", megabytes, "Megabytes of answers kept in the process; 0: none")
      ->capture_default_str()
      ->check(CLI::Range(0, 1 << 20));
  app->add_option("--redis", redis,
                  "Redis that all replicas share answers in, redis://[[USER]:PASSWORD@]HOST[:PORT][/DB][?prefix=TEXT]; "
                  "never needed for an answer")
      ->envname("TANDEM_REDIS");
  app->add_option("--redis-budget-ms", redis_budget_milliseconds, "The most that Redis may cost one call")
      ->capture_default_str()
      ->check(CLI::Range(0.1, 1000.0));
  app->add_option("--stale-after", stale_after_seconds,
                  "Seconds that a source may be silent before reads say INDEX_STALE")
      ->capture_default_str()
      ->check(CLI::Range(1.0, 1e6));
}

absl::StatusOr<std::unique_ptr<RedisPort>> CacheFlags::OpenRedis() const {
  if (redis.empty()) return std::unique_ptr<RedisPort>();
  RedisOptions options;
  TANDEM_ASSIGN_OR_RETURN(options.url, ParseRedisUrl(redis));
  options.budget = std::chrono::microseconds(static_cast<int64_t>(redis_budget_milliseconds * 1000));
  TANDEM_ASSIGN_OR_RETURN(std::unique_ptr<RedisClient> client, RedisClient::Create(options));
  return client;
}

void CacheFlags::Apply(RedisPort* port, PairingServer::Options* options) const {
  options->redis = port;
  options->cache.max_bytes = static_cast<size_t>(megabytes) << 20;
  options->shared.budget = std::chrono::microseconds(static_cast<int64_t>(redis_budget_milliseconds * 1000));
  options->stale_after = std::chrono::duration_cast<std::chrono::steady_clock::duration>(
      std::chrono::duration<double>(stale_after_seconds));
}

}  // namespace tandem::pairing
