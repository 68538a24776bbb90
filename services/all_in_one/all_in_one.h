// AllInOne: projects, investors and pairing in one process, behind one listener.
#ifndef TANDEM_SERVICES_ALL_IN_ONE_ALL_IN_ONE_H_
#define TANDEM_SERVICES_ALL_IN_ONE_ALL_IN_ONE_H_

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "grpcpp/channel.h"

#include "common/base/clock.h"
#include "common/redis/redis_port.h"
#include "common/rpc/server.h"
#include "common/service/data_folder.h"
#include "common/storage/record_store.h"
#include "services/pairing/cache_flags.h"

namespace tandem {

struct AllInOneOptions {
  // Where the stores `projects`, `investors` and `editions` and the keys are.
  DataFolder folder;
  // Addresses and limits; the services are filled in, and the gate of watches unless it is set.
  rpc::ServerOptions server;
  const Clock* clock = SystemClock();
  pairing::CacheFlags cache;
  RedisPort* redis = nullptr;  // unowned; null: none
};

// What the services tell each other goes through gRPC, by a channel that passes by the network: the code is the same as
// when they run apart. WaitUntilReady and Shutdown are for any thread, the rest for one.
class AllInOne {
 public:
  virtual ~AllInOne() = default;  // stops

  virtual const std::vector<std::string>& addresses() const = 0;
  virtual int port() const = 0;  // of the first TCP address; 0 without one
  virtual std::shared_ptr<grpc::Channel> InProcessChannel() = 0;

  // Returns when every record is applied to matching, and lets health say so; NOT_READY (UNAVAILABLE) at `deadline` or
  // once stopping.
  virtual absl::Status WaitUntilReady(std::chrono::steady_clock::time_point deadline) = 0;

  // Makes whoever waits inside give up, as the first step of stopping. Idempotent.
  virtual void Shutdown() = 0;

  // Health NOT_SERVING, then no new calls, streams ended, open calls finished, feeds ended, stores closed with every
  // acknowledged write on disk. Idempotent.
  virtual void Stop() = 0;

  // The stores, for tests: `projects`, `investors` or `editions`; null for another name.
  virtual RecordStore* store(const std::string& source) = 0;
};

// Starts all of it; listens when it returns. FAILED_PRECONDITION, with a sentence that names it, for an address in use,
// a folder that cannot be written, a store that another process holds; DATA_LOSS for a damaged one.
absl::StatusOr<std::unique_ptr<AllInOne>> StartAllInOne(AllInOneOptions options);

}  // namespace tandem

#endif  // TANDEM_SERVICES_ALL_IN_ONE_ALL_IN_ONE_H_
