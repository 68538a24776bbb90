// The three services on ports of their own, and what becomes of the feeds between them when one goes away.
#include <functional>
#include <gtest/gtest.h>
#include <memory>
#include <optional>
#include <string>
#include <thread>

#include "absl/strings/str_cat.h"

#include "common/edition/edition_directory.h"
#include "common/edition/edition_source.h"
#include "common/feed/follower.h"
#include "common/rpc/channel.h"
#include "common/rpc/server.h"
#include "common/storage/log_retention.h"
#include "common/storage/memory/memory_store.h"
#include "common/tokens/key_ring.h"
#include "services/investors/investors_service.h"
#include "services/pairing/server.h"
#include "services/projects/projects_service.h"
#include "tests/integration/pairing/zone_client.h"

namespace tandem {
namespace {

std::chrono::steady_clock::time_point In(std::chrono::seconds time) { return std::chrono::steady_clock::now() + time; }

// One of the two catalogues as a process of its own would be; its store is the test's and outlives a restart.
template <typename Service>
class CatalogueServer {
 public:
  template <typename Options>
  CatalogueServer(const char* source, RecordStore* store, const KeyRing* keys, int editions_port, int port,
                  absl::StatusOr<std::unique_ptr<Service>> (*make)(Options))
      : directory_(source, keys),
        editions_(NewEditionSource(rpc::NewChannel(absl::StrCat("127.0.0.1:", editions_port)),
                                   Caller{source, CallerSide::kOperator, "", {}})) {
    feed::Follower::Options follow;
    follow.source = editions_.get();
    follow.sink = &directory_;
    follow.positions = directory_.positions();
    follow.keys = keys;
    follower_.emplace(std::move(follow));
    follower_->Start();

    Options options;
    options.store = store;
    options.keys = keys;
    options.watches = &watches_;
    options.edition_check = [this](absl::string_view edition, absl::string_view token, catalog::Deadline deadline) {
      return directory_.Check(edition, token, deadline);
    };
    auto adapter = make(std::move(options));
    if (!adapter.ok()) ADD_FAILURE() << adapter.status();
    adapter_ = *std::move(adapter);
    rpc::ServerOptions serve;
    serve.addresses = {absl::StrCat("127.0.0.1:", port)};
    serve.services = {{source, adapter_.get()}};
    serve.watches = &watches_;
    auto server = rpc::Server::Start(std::move(serve));
    if (!server.ok()) ADD_FAILURE() << server.status();
    server_ = *std::move(server);
  }
  ~CatalogueServer() {
    directory_.Shutdown();
    server_->Drain();
  }

  int port() const { return server_->port(); }

 private:
  rpc::WatchGate watches_;
  EditionDirectory directory_;
  std::unique_ptr<feed::Source> editions_;
  std::optional<feed::Follower> follower_;
  std::unique_ptr<Service> adapter_;
  std::unique_ptr<rpc::Server> server_;
};

class SeparateServersTest : public testing::Test {
 protected:
  void SetUp() override {
    pairing::PairingServer::Options options;
    options.editions = editions_store_.get();
    options.keys = &keys_;
    options.watches = &watches_;
    auto created = pairing::PairingServer::Create(std::move(options));
    ASSERT_TRUE(created.ok()) << created.status();
    pairing_ = *std::move(created);
    rpc::ServerOptions serve;
    serve.addresses = {"127.0.0.1:0"};
    serve.services = pairing_->services();
    serve.watches = &watches_;
    auto started = rpc::Server::Start(std::move(serve));
    ASSERT_TRUE(started.ok()) << started.status();
    server_ = *std::move(started);
    server_->OnDrain([this] { pairing_->Stop(); });
    StartProjects(0);
    StartInvestors();
  }

  void TearDown() override {
    client_.reset();
    server_.reset();
    projects_.reset();
    investors_.reset();
  }

  void StartProjects(int port) {
    projects_ = std::make_unique<CatalogueServer<projects::v1::ProjectService::Service>>(
        "projects", projects_store_.get(), &keys_, server_->port(), port, &projects::NewProjectsService);
  }
  void StartInvestors() {
    investors_ = std::make_unique<CatalogueServer<investors::v1::InvestorService::Service>>(
        "investors", investors_store_.get(), &keys_, server_->port(), 0, &investors::NewInvestorsService);
  }

  // Begins to follow, and loads an edition.
  void FollowAndLoad() {
    const auto channel = [](int port) { return rpc::NewChannel(absl::StrCat("127.0.0.1:", port)); };
    pairing_->Follow({channel(projects_->port()), channel(investors_->port()), channel(server_->port())});
    const absl::Status ready = pairing_->WaitUntilReady(In(std::chrono::seconds(30)));
    ASSERT_TRUE(ready.ok()) << ready;
    client_ = std::make_unique<ZoneClient>(
        ZoneClient::Channels{channel(projects_->port()), channel(investors_->port()), channel(server_->port())});
    auto loaded = client_->LoadDemo("e", 40, 20);
    ASSERT_TRUE(loaded.ok()) << loaded.status();
    edition_ = *std::move(loaded);
    const absl::Status applied = client_->AwaitApplied(edition_);
    ASSERT_TRUE(applied.ok()) << applied;
    for (const std::string& project : edition_.projects) {
      const auto found = client_->Find(project);
      if (found.ok() && found->metadata().total_size() > 0) matched_ = project;
    }
    ASSERT_FALSE(matched_.empty());
  }

  pairing::v1::SourceStatus Source(const std::string& name) {
    const auto status = client_->Call(client_->pairing(), &pairing::v1::PairingService::Stub::GetIndexStatus, {});
    if (!status.ok()) return {};
    for (const pairing::v1::SourceStatus& source : status->sources()) {
      if (source.source() == name) return source;
    }
    return {};
  }

  // Whether `condition` came to hold in time.
  static bool Eventually(const std::function<bool()>& condition) {
    const auto deadline = In(std::chrono::seconds(30));
    while (!condition()) {
      if (std::chrono::steady_clock::now() > deadline) return false;
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    return true;
  }

  // A write through the projects service, again and again until its server can be reached.
  absl::StatusOr<projects::v1::Project> WriteState(bool matched) {
    absl::StatusOr<projects::v1::Project> written;
    Eventually([&] {
      written = client_->SetMatched(matched_, matched);
      return written.ok() || written.status().code() != absl::StatusCode::kUnavailable;
    });
    return written;
  }

  const KeyRing keys_ = KeyRing::ForTests();
  std::unique_ptr<RecordStore> projects_store_ = NewMemoryStore();
  std::unique_ptr<RecordStore> investors_store_ = NewMemoryStore();
  std::unique_ptr<RecordStore> editions_store_ = NewMemoryStore();
  rpc::WatchGate watches_;
  std::unique_ptr<pairing::PairingServer> pairing_;
  std::unique_ptr<rpc::Server> server_;
  std::unique_ptr<CatalogueServer<projects::v1::ProjectService::Service>> projects_;
  std::unique_ptr<CatalogueServer<investors::v1::InvestorService::Service>> investors_;
  std::unique_ptr<ZoneClient> client_;
  LoadedEdition edition_;
  std::string matched_;  // a project with matches
};

TEST_F(SeparateServersTest, AQueryBeforeTheSourcesAreReadSaysNotReady) {
  ZoneClient client(rpc::NewChannel(absl::StrCat("127.0.0.1:", server_->port())));
  const auto found = client.Find("editions/e/projects/p", "", 1, "", absl::Milliseconds(500));
  EXPECT_EQ(found.status().code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(ReasonOf(found.status()), "NOT_READY");
  EXPECT_FALSE(pairing_->WaitUntilReady(std::chrono::steady_clock::now()).ok());
}

TEST_F(SeparateServersTest, TheFeedGoesOnAfterTheProjectsServerRestarts) {
  ASSERT_NO_FATAL_FAILURE(FollowAndLoad());
  const int port = projects_->port();
  projects_.reset();
  EXPECT_TRUE(client_->Find(matched_).ok()) << "what is applied is still served";
  EXPECT_TRUE(Eventually([&] { return !Source("projects").connected(); }));

  StartProjects(port);
  const auto paused = WriteState(false);
  ASSERT_TRUE(paused.ok()) << paused.status();
  const auto found = client_->Find(matched_, paused->consistency_token());
  ASSERT_TRUE(found.ok()) << found.status();
  EXPECT_EQ(found->metadata().total_size(), 0);
  EXPECT_EQ(Source("projects").relist_count(), 0) << "it resumed";
}

TEST_F(SeparateServersTest, WritesThatWereMissedAreListedWhenTheLogIsGone) {
  ASSERT_NO_FATAL_FAILURE(FollowAndLoad());
  const int port = projects_->port();
  projects_.reset();

  // Written while the follower is away, and no longer in the log when it comes back. One record is gone altogether.
  {
    CatalogueServer<projects::v1::ProjectService::Service> hidden("projects", projects_store_.get(), &keys_,
                                                                  server_->port(), 0, &projects::NewProjectsService);
    ZoneClient writer(rpc::NewChannel(absl::StrCat("127.0.0.1:", hidden.port())));
    ASSERT_TRUE(writer.Pause(matched_).ok());
  }
  const std::string lost = edition_.projects[edition_.projects[0] == matched_ ? 1 : 0];
  const auto records = projects_store_->Scan("", "", 100'000);
  ASSERT_TRUE(records.ok());
  Transaction transaction;
  for (const Record& record : *records) {
    projects::v1::Project project;
    if (record.key.find(lost.substr(lost.rfind('/') + 1)) != std::string::npos &&
        project.ParseFromString(record.value) && project.name() == lost) {
      transaction.writes.push_back(Write::Delete(record.key));
    }
  }
  ASSERT_EQ(transaction.writes.size(), 1u);
  ASSERT_TRUE(projects_store_->Commit({transaction})[0].status.ok());
  LogLimits nothing;
  nothing.most = 0;
  LogRetention retention(projects_store_.get(), nothing, &std::chrono::steady_clock::now, std::chrono::milliseconds(0));
  ASSERT_TRUE(retention.Look().ok());
  const auto head = projects_store_->GetHead();
  ASSERT_TRUE(head.ok());
  EXPECT_EQ(head->log_floor, head->revision);

  StartProjects(port);
  EXPECT_TRUE(Eventually([&] { return Source("projects").relist_count() == 1; }));
  const auto resumed = WriteState(true);
  ASSERT_TRUE(resumed.ok()) << resumed.status();
  const auto found = client_->Find(matched_, resumed->consistency_token());
  ASSERT_TRUE(found.ok()) << found.status();
  EXPECT_GT(found->metadata().total_size(), 0);
  EXPECT_EQ(ReasonOf(client_->Find(lost).status()), "RESOURCE_NOT_FOUND") << "the relist swept it";
  EXPECT_EQ(Source("investors").relist_count(), 0);
}

TEST_F(SeparateServersTest, TokensOfOneServiceAreGoodAtTheOthers) {
  ASSERT_NO_FATAL_FAILURE(FollowAndLoad());
  for (const std::string& token : edition_.tokens) {
    const auto found = client_->Find(matched_, token);
    EXPECT_TRUE(found.ok()) << found.status();
  }
}

}  // namespace
}  // namespace tandem
