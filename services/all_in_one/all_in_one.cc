#include "services/all_in_one/all_in_one.h"

#include <filesystem>
#include <optional>
#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"

#include "common/base/caller.h"
#include "common/base/status.h"
#include "common/edition/edition_directory.h"
#include "common/edition/edition_source.h"
#include "common/feed/follower.h"
#include "common/rpc/watch_gate.h"
#include "common/storage/memory/memory_store.h"
#include "common/storage/sqlite/sqlite_store.h"
#include "common/tokens/key_ring.h"
#include "services/investors/investors_service.h"
#include "services/pairing/server.h"
#include "services/projects/projects_service.h"

namespace tandem {
namespace {

// The editions that exist, as one of the two catalogues follows them.
class Editions {
 public:
  Editions(const char* own_source, const KeyRing* keys, const Clock* clock)
      : own_source_(own_source), keys_(keys), clock_(clock), directory_(own_source, keys) {}
  ~Editions() { Stop(); }

  catalog::EditionCheck Check() {
    return [this](absl::string_view edition, absl::string_view token, catalog::Deadline deadline) {
      return directory_.Check(edition, token, deadline);
    };
  }

  void Follow(std::shared_ptr<grpc::Channel> channel) {
    source_ = NewEditionSource(std::move(channel), Caller{own_source_, CallerSide::kOperator, "", {}});
    feed::Follower::Options options;
    options.source = source_.get();
    options.sink = &directory_;
    options.positions = directory_.positions();
    options.keys = keys_;
    options.clock = clock_;
    follower_.emplace(std::move(options));
    follower_->Start();
  }

  absl::Status WaitUntilReady(std::chrono::steady_clock::time_point deadline) {
    return directory_.positions()->WaitUntilReady(deadline);
  }
  void Shutdown() { directory_.Shutdown(); }
  void Stop() {
    follower_.reset();
    source_.reset();
  }

 private:
  const std::string own_source_;
  const KeyRing* keys_;
  const Clock* clock_;
  EditionDirectory directory_;
  std::unique_ptr<feed::Source> source_;
  std::optional<feed::Follower> follower_;
};

absl::StatusOr<std::unique_ptr<RecordStore>> OpenStore(const AllInOneOptions& options, absl::string_view source) {
  if (options.memory) return NewMemoryStore();
  SqliteOptions sqlite;
  sqlite.path = absl::StrCat(options.data, "/", source, ".db");
  const std::string path = sqlite.path;
  auto store = OpenSqliteStore(std::move(sqlite));
  // Whoever reads the one sentence must learn which of the three it is about.
  if (store.ok() || store.status().message().find(path) != absl::string_view::npos) return store;
  return absl::Status(store.status().code(), absl::StrCat(path, ": ", store.status().message()));
}

absl::StatusOr<KeyRing> LoadKeys(const AllInOneOptions& options) {
  if (!options.keys.empty()) return KeyRing::LoadOrCreate(options.keys);
  return KeyRing::LoadOrCreate(absl::StrCat(options.data, "/keys"));
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
    TANDEM_ASSIGN_OR_RETURN(projects_store_, OpenStore(options, pairing::kProjectsSource));
    TANDEM_ASSIGN_OR_RETURN(investors_store_, OpenStore(options, pairing::kInvestorsSource));
    TANDEM_ASSIGN_OR_RETURN(editions_store_, OpenStore(options, pairing::kEditionsSource));

    projects::Options projects;
    projects.store = projects_store_.get();
    projects.keys = &keys_;
    projects.clock = options.clock;
    projects.edition_check = of_projects_.Check();
    projects.watches = watches_;
    TANDEM_ASSIGN_OR_RETURN(projects_, projects::NewProjectsService(std::move(projects)));

    investors::Options investors;
    investors.store = investors_store_.get();
    investors.keys = &keys_;
    investors.clock = options.clock;
    investors.edition_check = of_investors_.Check();
    investors.watches = watches_;
    TANDEM_ASSIGN_OR_RETURN(investors_, investors::NewInvestorsService(std::move(investors)));

    pairing::PairingServer::Options pairing;
    pairing.editions = editions_store_.get();
    pairing.keys = &keys_;
    pairing.clock = options.clock;
    pairing.watches = watches_;
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
  Editions of_projects_;
  Editions of_investors_;
  std::unique_ptr<projects::v1::ProjectService::Service> projects_;
  std::unique_ptr<investors::v1::InvestorService::Service> investors_;
  std::unique_ptr<pairing::PairingServer> pairing_;
  std::unique_ptr<rpc::Server> server_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<AllInOne>> StartAllInOne(AllInOneOptions options) {
  if (!options.data.empty()) {
    std::error_code error;
    std::filesystem::create_directories(options.data, error);
    if (error) {
      return absl::FailedPreconditionError(
          absl::StrCat("the data folder ", options.data, " cannot be made: ", error.message()));
    }
  }
  TANDEM_ASSIGN_OR_RETURN(KeyRing keys, LoadKeys(options));
  auto all = std::make_unique<AllInOneImpl>(options, std::move(keys));
  TANDEM_RETURN_IF_ERROR(all->Start(std::move(options)));
  return all;
}

}  // namespace tandem
