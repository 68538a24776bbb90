// tandem-pairing: keeps the editions, follows projects and investors, and matches them.
#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"

#include "common/base/status.h"
#include "common/rpc/channel.h"
#include "common/rpc/service_main.h"
#include "common/storage/memory/memory_store.h"
#include "common/storage/sqlite/sqlite_store.h"
#include "common/tokens/key_ring.h"
#include "services/pairing/server.h"

namespace tandem {
namespace {

struct Flags {
  std::string data = "tandem-data";
  std::string store = "sqlite";
  std::string keys;
  std::string projects = "127.0.0.1:7101";
  std::string investors = "127.0.0.1:7102";
};

absl::StatusOr<std::unique_ptr<RecordStore>> OpenStore(const Flags& flags) {
  if (flags.store == "memory") return NewMemoryStore();
  SqliteOptions options;
  options.path = absl::StrCat(flags.data, "/editions.db");
  const std::string path = options.path;
  auto store = OpenSqliteStore(std::move(options));
  if (store.ok() || store.status().message().find(path) != absl::string_view::npos) return store;
  return absl::Status(store.status().code(), absl::StrCat(path, ": ", store.status().message()));
}

absl::Status Serve(const Flags& flags, rpc::ServiceMain* service, rpc::StopSignal* stop) {
  std::error_code error;
  std::filesystem::create_directories(flags.data, error);
  if (error) {
    return absl::FailedPreconditionError(absl::StrCat("--data ", flags.data, " cannot be made: ", error.message()));
  }
  TANDEM_ASSIGN_OR_RETURN(const KeyRing keys,
                          KeyRing::LoadOrCreate(flags.keys.empty() ? absl::StrCat(flags.data, "/keys") : flags.keys));
  TANDEM_ASSIGN_OR_RETURN(const std::unique_ptr<RecordStore> store, OpenStore(flags));

  pairing::PairingServer::Options options;
  options.editions = store.get();
  options.keys = &keys;
  options.watches = service->watches();
  TANDEM_ASSIGN_OR_RETURN(const auto pairing, pairing::PairingServer::Create(std::move(options)));
  TANDEM_ASSIGN_OR_RETURN(const auto server, rpc::Server::Start(service->NewServerOptions(pairing->services())));
  pairing::PairingServer* const raw = pairing.get();
  // The following ends before the server does: its channel inside the process must not be called after that.
  server->OnDrain([raw] { raw->Stop(); });
  stop->OnStop([raw] { raw->Shutdown(); });
  service->Announce(server->addresses(),
                    flags.store == "memory" ? "memory" : absl::StrCat("sqlite ", flags.data, "/editions.db"),
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
  store->Shutdown();
  return absl::OkStatus();
}

}  // namespace
}  // namespace tandem

int main(int argc, char** argv) {
  tandem::rpc::ServiceMain service("tandem-pairing", "Keeps the editions, and matches projects and investors.",
                                   "127.0.0.1:7103");
  tandem::Flags flags;
  service.app().add_option("--data", flags.data, "Folder of the store and of the keys")->capture_default_str();
  service.app()
      .add_option("--store", flags.store, "Where editions live")
      ->capture_default_str()
      ->check(CLI::IsMember({"sqlite", "memory"}));
  service.app().add_option("--keys", flags.keys,
                           "Keys file that signs tokens, the same for all services (default: DATA/keys)");
  service.app().add_option("--projects", flags.projects, "Address of tandem-projects")->capture_default_str();
  service.app().add_option("--investors", flags.investors, "Address of tandem-investors")->capture_default_str();
  return service.Run(argc, argv, [&](tandem::rpc::StopSignal& stop) { return tandem::Serve(flags, &service, &stop); });
}
