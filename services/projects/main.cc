// tandem-projects: keeps the projects of all editions.
#include <memory>
#include <string>

#include "common/base/status.h"
#include "common/edition/followed_editions.h"
#include "common/rpc/service_main.h"
#include "common/service/data_folder.h"
#include "services/projects/project_rules.h"
#include "services/projects/projects_service.h"

namespace tandem {
namespace {

struct Flags {
  DataFolder data;
  std::string editions = "127.0.0.1:7103";
};

absl::Status Serve(const Flags& flags, rpc::ServiceMain* service, rpc::StopSignal* stop) {
  TANDEM_ASSIGN_OR_RETURN(const KeyRing keys, flags.data.LoadKeys());
  TANDEM_ASSIGN_OR_RETURN(const std::unique_ptr<RecordStore> store, flags.data.OpenStore(projects::kSource));
  LogRetention retention(store.get(), flags.data.log);

  FollowedEditions editions(projects::kSource, &keys);
  editions.Follow(rpc::NewChannel(flags.editions, service->NewChannelOptions()));

  projects::Options options;
  options.store = store.get();
  options.keys = &keys;
  options.edition_check = [&editions](absl::string_view edition, absl::string_view token, catalog::Deadline deadline) {
    return editions.Check(edition, token, deadline);
  };
  options.watches = service->watches();
  TANDEM_ASSIGN_OR_RETURN(const auto adapter, projects::NewProjectsService(std::move(options)));
  TANDEM_ASSIGN_OR_RETURN(const auto server,
                          rpc::Server::Start(service->NewServerOptions(
                              {{projects::v1::ProjectService::service_full_name(), adapter.get()}})));
  server->OnDrain([&editions] { editions.Shutdown(); });
  service->Announce(server->addresses(), flags.data.Describe(projects::kSource), "nothing");
  // Ready without the editions: reads need none, and the service that keeps them waits for this one.
  server->SetReady(true);
  service->AnnounceReady();
  stop->Wait();
  server->Drain();
  editions.Stop();
  retention.Stop();
  store->Shutdown();
  return absl::OkStatus();
}

}  // namespace
}  // namespace tandem

int main(int argc, char** argv) {
  tandem::rpc::ServiceMain service("tandem-projects", "Keeps the projects of all editions.", "127.0.0.1:7101");
  tandem::Flags flags;
  flags.data.AddFlags(&service.app());
  service.app()
      .add_option("--editions", flags.editions, "Address of the service that keeps the editions")
      ->capture_default_str();
  return service.Run(argc, argv, [&](tandem::rpc::StopSignal& stop) { return tandem::Serve(flags, &service, &stop); });
}
