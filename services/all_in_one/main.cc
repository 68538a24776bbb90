// tandem-all-in-one: the three services in one process, to try, to demo, to test.
#include <chrono>
#include <memory>
#include <utility>

#include "common/base/status.h"
#include "common/rpc/service_main.h"
#include "common/service/data_folder.h"
#include "services/all_in_one/all_in_one.h"
#include "services/pairing/cache_flags.h"

namespace tandem {
namespace {

struct Flags {
  DataFolder folder;
  pairing::CacheFlags cache;
};

absl::Status Serve(const Flags& flags, rpc::ServiceMain* service, rpc::StopSignal* stop) {
  AllInOneOptions options;
  options.folder = flags.folder;
  TANDEM_ASSIGN_OR_RETURN(const std::unique_ptr<RedisPort> redis, flags.cache.OpenRedis());
  options.redis = redis.get();
  options.cache = flags.cache;
  options.server = service->NewServerOptions({});
  TANDEM_ASSIGN_OR_RETURN(const std::unique_ptr<AllInOne> all, StartAllInOne(std::move(options)));
  service->Announce(all->addresses(), flags.folder.Describe(), "its own records");
  AllInOne* const raw = all.get();
  stop->OnStop([raw] { raw->Shutdown(); });
  const absl::Status ready = all->WaitUntilReady(std::chrono::steady_clock::time_point::max());
  if (ready.ok()) service->AnnounceReady();
  stop->Wait();
  all->Stop();
  return absl::OkStatus();
}

}  // namespace
}  // namespace tandem

int main(int argc, char** argv) {
  tandem::rpc::ServiceMain service("tandem-all-in-one", "Projects, investors and pairing in one process.",
                                   "127.0.0.1:7100");
  tandem::Flags flags;
  flags.folder.AddFlags(&service.app());
  flags.cache.AddFlags(&service.app());
  return service.Run(argc, argv, [&](tandem::rpc::StopSignal& stop) { return tandem::Serve(flags, &service, &stop); });
}
