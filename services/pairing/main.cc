// tandem-pairing: keeps the editions, follows projects and investors, and matches them.
#include <chrono>
#include <memory>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"

#include "common/base/status.h"
#include "common/rpc/channel.h"
#include "common/rpc/service_main.h"
#include "common/service/data_folder.h"
#include "services/pairing/cache_flags.h"
#include "services/pairing/server.h"

namespace tandem {
namespace {

struct Flags {
  DataFolder data;
  pairing::CacheFlags cache;
  std::string projects = "127.0.0.1:7101";
  std::string investors = "127.0.0.1:7102";
};

absl::Status Serve(const Flags& flags, rpc::ServiceMain* service, rpc::StopSignal* stop) {
  TANDEM_ASSIGN_OR_RETURN(const KeyRing keys, flags.data.LoadKeys());
  TANDEM_ASSIGN_OR_RETURN(const std::unique_ptr<RecordStore> store, flags.data.OpenStore(pairing::kEditionsSource));
  LogRetention retention(store.get(), flags.data.log);

  TANDEM_ASSIGN_OR_RETURN(const std::unique_ptr<RedisPort> redis, flags.cache.OpenRedis());

  pairing::PairingServer::Options options;
  flags.cache.Apply(redis.get(), &options);
  options.editions = store.get();
  options.keys = &keys;
  options.watches = service->watches();
  TANDEM_ASSIGN_OR_RETURN(const auto pairing, pairing::PairingServer::Create(std::move(options)));
  TANDEM_ASSIGN_OR_RETURN(const auto server, rpc::Server::Start(service->NewServerOptions(pairing->services())));
  pairing::PairingServer* const raw = pairing.get();
  // The following ends before the server does: its channel inside the process must not be called after that.
  server->OnDrain([raw] { raw->Stop(); });
  stop->OnStop([raw] { raw->Shutdown(); });
  service->Announce(server->addresses(), flags.data.Describe(pairing::kEditionsSource),
                    absl::StrCat("projects at ", flags.projects, ", investors at ", flags.investors));

  pairing->Follow({rpc::NewChannel(flags.projects, service->NewChannelOptions()),
                   rpc::NewChannel(flags.investors, service->NewChannelOptions()), server->InProcessChannel()});
  const absl::Status ready = pairing->WaitUntilReady(std::chrono::steady_clock::time_point::max());
  if (ready.ok()) {
    server->SetReady(true);
    service->AnnounceReady();
  }
  stop->Wait();
  server->Drain();
  retention.Stop();
  store->Shutdown();
  return absl::OkStatus();
}

}  // namespace
}  // namespace tandem

int main(int argc, char** argv) {
  tandem::rpc::ServiceMain service("tandem-pairing", "Keeps the editions, and matches projects and investors.",
                                   "127.0.0.1:7103");
  tandem::Flags flags;
  flags.data.AddFlags(&service.app());
  flags.cache.AddFlags(&service.app());
  service.app().add_option("--projects", flags.projects, "Address of tandem-projects")->capture_default_str();
  service.app().add_option("--investors", flags.investors, "Address of tandem-investors")->capture_default_str();
  return service.Run(argc, argv, [&](tandem::rpc::StopSignal& stop) { return tandem::Serve(flags, &service, &stop); });
}
