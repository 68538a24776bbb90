// tandem-projects: keeps the projects of all editions.
#include <filesystem>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"

#include "common/base/status.h"
#include "common/edition/edition_directory.h"
#include "common/edition/edition_source.h"
#include "common/feed/follower.h"
#include "common/rpc/service_main.h"
#include "common/storage/memory/memory_store.h"
#include "common/storage/sqlite/sqlite_store.h"
#include "common/tokens/key_ring.h"
#include "services/projects/project_rules.h"
#include "services/projects/projects_service.h"

namespace tandem {
namespace {

struct Flags {
  std::string data = "tandem-data";
  std::string store = "sqlite";
  std::string keys;
  std::string editions = "127.0.0.1:7103";
};

absl::StatusOr<std::unique_ptr<RecordStore>> OpenStore(const Flags& flags) {
  if (flags.store == "memory") return NewMemoryStore();
  SqliteOptions options;
  options.path = absl::StrCat(flags.data, "/projects.db");
  return OpenSqliteStore(std::move(options));
}

absl::Status Serve(const Flags& flags, rpc::ServiceMain* service, rpc::StopSignal* stop) {
  std::error_code error;
  std::filesystem::create_directories(flags.data, error);
  if (error)
    return absl::FailedPreconditionError(absl::StrCat("--data ", flags.data, " cannot be made: ", error.message()));
  TANDEM_ASSIGN_OR_RETURN(const KeyRing keys,
                          KeyRing::LoadOrCreate(flags.keys.empty() ? absl::StrCat(flags.data, "/keys") : flags.keys));
  TANDEM_ASSIGN_OR_RETURN(const std::unique_ptr<RecordStore> store, OpenStore(flags));

  EditionDirectory directory(projects::kSource, &keys);
  const auto source = NewEditionSource(rpc::NewChannel(flags.editions, service->NewChannelOptions()),
                                       Caller{projects::kSource, CallerSide::kOperator, "", {}});
  feed::Follower::Options follow;
  follow.source = source.get();
  follow.sink = &directory;
  follow.positions = directory.positions();
  follow.keys = &keys;
  feed::Follower follower(std::move(follow));
  follower.Start();

  projects::Options options;
  options.store = store.get();
  options.keys = &keys;
  options.edition_check = [&directory](absl::string_view edition, absl::string_view token, catalog::Deadline deadline) {
    return directory.Check(edition, token, deadline);
  };
  options.watches = service->watches();
  TANDEM_ASSIGN_OR_RETURN(const auto adapter, projects::NewProjectsService(std::move(options)));
  TANDEM_ASSIGN_OR_RETURN(const auto server,
                          rpc::Server::Start(service->NewServerOptions(
                              {{projects::v1::ProjectService::service_full_name(), adapter.get()}})));
  server->OnDrain([&directory] { directory.Shutdown(); });
  service->Announce(server->addresses(),
                    flags.store == "memory" ? "memory" : absl::StrCat("sqlite ", flags.data, "/projects.db"),
                    "nothing");
  // Ready without the editions: reads need none, and the service that keeps them waits for this one.
  server->SetReady(true);
  service->AnnounceReady();
  stop->Wait();
  server->Drain();
  follower.Stop();
  store->Shutdown();
  return absl::OkStatus();
}

}  // namespace
}  // namespace tandem

int main(int argc, char** argv) {
  tandem::rpc::ServiceMain service("tandem-projects", "Keeps the projects of all editions.", "127.0.0.1:7101");
  tandem::Flags flags;
  service.app().add_option("--data", flags.data, "Folder of the store and of the keys")->capture_default_str();
  service.app()
      .add_option("--store", flags.store, "Where records live")
      ->capture_default_str()
      ->check(CLI::IsMember({"sqlite", "memory"}));
  service.app().add_option("--keys", flags.keys,
                           "Keys file that signs tokens, the same for all services (default: DATA/keys)");
  service.app()
      .add_option("--editions", flags.editions, "Address of the service that keeps the editions")
      ->capture_default_str();
  return service.Run(argc, argv, [&](tandem::rpc::StopSignal& stop) { return tandem::Serve(flags, &service, &stop); });
}
