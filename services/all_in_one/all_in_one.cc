#include "services/all_in_one/all_in_one.h"

#include <utility>

#include "common/base/status.h"
#include "common/edition/followed_editions.h"
#include "common/rpc/watch_gate.h"
#include "services/investors/investors_service.h"
#include "services/pairing/server.h"
#include "services/projects/projects_service.h"

namespace tandem {
namespace {

catalog::EditionCheck CheckOf(FollowedEditions* editions) {
  return [editions](absl::string_view edition, absl::string_view token, catalog::Deadline deadline) {
    return editions->Check(edition, token, deadline);
  };
}

class AllInOneImpl final : public AllInOne {
 public:
  AllInOneImpl(const AllInOneOptions& options, KeyRing keys)
      : keys_(std::move(keys)),
        watches_(options.server.watches != nullptr ? options.server.watches : &own_watches_),
        of_projects_(pairing::kProjectsSource, &keys_, options.clock),
        of_investors_(pairing::kInvestorsSource, &keys_, options.clock) {}
  ~AllInOneImpl() override { Stop(); }

  absl::Status Start(AllInOneOptions options) {
    const DataFolder& folder = options.folder;
    TANDEM_ASSIGN_OR_RETURN(projects_store_, folder.OpenStore(pairing::kProjectsSource));
    TANDEM_ASSIGN_OR_RETURN(investors_store_, folder.OpenStore(pairing::kInvestorsSource));
    TANDEM_ASSIGN_OR_RETURN(editions_store_, folder.OpenStore(pairing::kEditionsSource));
    for (RecordStore* store : {projects_store_.get(), investors_store_.get(), editions_store_.get()}) {
      retentions_.push_back(std::make_unique<LogRetention>(store, folder.log));
    }

    projects::Options projects;
    projects.store = projects_store_.get();
    projects.keys = &keys_;
    projects.clock = options.clock;
    projects.edition_check = CheckOf(&of_projects_);
    projects.watches = watches_;
    TANDEM_ASSIGN_OR_RETURN(projects_, projects::NewProjectsService(std::move(projects)));

    investors::Options investors;
    investors.store = investors_store_.get();
    investors.keys = &keys_;
    investors.clock = options.clock;
    investors.edition_check = CheckOf(&of_investors_);
    investors.watches = watches_;
    TANDEM_ASSIGN_OR_RETURN(investors_, investors::NewInvestorsService(std::move(investors)));

    pairing::PairingServer::Options pairing;
    pairing.editions = editions_store_.get();
    pairing.keys = &keys_;
    pairing.clock = options.clock;
    pairing.watches = watches_;
    options.cache.Apply(options.redis, &pairing);
    TANDEM_ASSIGN_OR_RETURN(pairing_, pairing::PairingServer::Create(std::move(pairing)));

    options.server.services = pairing_->services();
    options.server.services.push_back({projects::v1::ProjectService::service_full_name(), projects_.get()});
    options.server.services.push_back({investors::v1::InvestorService::service_full_name(), investors_.get()});
    options.server.watches = watches_;
    TANDEM_ASSIGN_OR_RETURN(server_, rpc::Server::Start(std::move(options.server)));
    // The followers end before the server does: a channel inside the process must not be called after its server.
    server_->OnDrain([this] { StopFollowing(); });

    of_projects_.Follow(server_->InProcessChannel());
    of_investors_.Follow(server_->InProcessChannel());
    pairing_->Follow({server_->InProcessChannel(), server_->InProcessChannel(), server_->InProcessChannel()});
    return absl::OkStatus();
  }

  const std::vector<std::string>& addresses() const override { return server_->addresses(); }
  int port() const override { return server_->port(); }
  std::shared_ptr<grpc::Channel> InProcessChannel() override { return server_->InProcessChannel(); }

  absl::Status WaitUntilReady(std::chrono::steady_clock::time_point deadline) override {
    TANDEM_RETURN_IF_ERROR(of_projects_.WaitUntilReady(deadline));
    TANDEM_RETURN_IF_ERROR(of_investors_.WaitUntilReady(deadline));
    TANDEM_RETURN_IF_ERROR(pairing_->WaitUntilReady(deadline));
    server_->SetReady(true);
    return absl::OkStatus();
  }

  void Shutdown() override {
    of_projects_.Shutdown();
    of_investors_.Shutdown();
    if (pairing_ != nullptr) pairing_->Shutdown();
  }

  void Stop() override {
    if (server_ != nullptr) server_->Drain();
    for (const auto& retention : retentions_) retention->Stop();
    for (RecordStore* store : {projects_store_.get(), investors_store_.get(), editions_store_.get()}) {
      if (store != nullptr) store->Shutdown();
    }
  }

  RecordStore* store(const std::string& source) override {
    if (source == pairing::kProjectsSource) return projects_store_.get();
    if (source == pairing::kInvestorsSource) return investors_store_.get();
    return source == pairing::kEditionsSource ? editions_store_.get() : nullptr;
  }

 private:
  void StopFollowing() {
    Shutdown();
    of_projects_.Stop();
    of_investors_.Stop();
    pairing_->Stop();
  }

  // Destroyed from the last to the first: the server before what it serves, that before its stores.
  const KeyRing keys_;
  rpc::WatchGate own_watches_;
  rpc::WatchGate* const watches_;
  std::unique_ptr<RecordStore> projects_store_;
  std::unique_ptr<RecordStore> investors_store_;
  std::unique_ptr<RecordStore> editions_store_;
  std::vector<std::unique_ptr<LogRetention>> retentions_;
  FollowedEditions of_projects_;
  FollowedEditions of_investors_;
  std::unique_ptr<projects::v1::ProjectService::Service> projects_;
  std::unique_ptr<investors::v1::InvestorService::Service> investors_;
  std::unique_ptr<pairing::PairingServer> pairing_;
  std::unique_ptr<rpc::Server> server_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<AllInOne>> StartAllInOne(AllInOneOptions options) {
  TANDEM_ASSIGN_OR_RETURN(KeyRing keys, options.folder.LoadKeys());
  auto all = std::make_unique<AllInOneImpl>(options, std::move(keys));
  TANDEM_RETURN_IF_ERROR(all->Start(std::move(options)));
  return all;
}

}  // namespace tandem
