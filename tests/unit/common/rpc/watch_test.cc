#include "common/rpc/watch.h"

#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <unistd.h>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "common/base/status.h"
#include "common/feed/applied_positions.h"
#include "common/feed/follower.h"
#include "common/rpc/serve.h"
#include "common/rpc/server.h"
#include "common/rpc/worker_service.h"
#include "common/storage/memory/memory_store.h"
#include "tandem/projects/v1/project_service.grpc.pb.h"
#include "tests/unit/common/feed/feed_fakes.h"

namespace tandem::rpc {
namespace {

using feed::In;
using projects::v1::Project;
using projects::v1::ProjectService;
using projects::v1::WatchProjectsRequest;
using projects::v1::WatchProjectsResponse;
using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::Pair;

// Serves the records of a store as projects: the key is the name, the value the etag.
class StoreService final : public WorkerService<ProjectService> {
 public:
  StoreService(RecordStore* store, const KeyRing* keys, WatchGate* gate) : store_(store), keys_(keys), gate_(gate) {
    On("WatchProjects", &StoreService::WatchProjects, Pool::kWatches);
  }

  grpc::Status WatchProjects(grpc::ServerContextBase* context, const WatchProjectsRequest* request,
                             StreamWriter<WatchProjectsResponse>* writer) {
    const auto caller = Admit(*context, *request);
    if (!caller.ok()) return ToGrpc(caller.status());
    feed::WatchCursor::Options options;
    options.store = store_;
    options.source = "projects";
    options.keys = keys_;
    options.prefixes = {"editions/"};
    options.resume_token = request->resume_token();
    feed::WatchCursor cursor(std::move(options));
    return ServeWatch(context, writer, &cursor, gate_,
                      [](std::vector<feed::RawItem> items, WatchProjectsResponse* response) {
                        for (feed::RawItem& item : items) {
                          auto* change = response->add_changes();
                          change->set_revision(item.revision);
                          change->mutable_project()->set_name(item.key);
                          if (item.value.has_value()) change->mutable_project()->set_etag(*item.value);
                        }
                        return absl::OkStatus();
                      });
  }

 private:
  RecordStore* store_;
  const KeyRing* keys_;
  WatchGate* gate_;
};

class WatchTest : public ::testing::Test {
 protected:
  void SetUp() override { Serve(); }
  void Serve() {
    gate_ = std::make_unique<WatchGate>(4);
    service_ = std::make_unique<StoreService>(store_.get(), &keys_, gate_.get());
    ServerOptions options;
    options.addresses = {address_};
    options.services = {{ProjectService::service_full_name(), service_.get()}};
    options.watches = gate_.get();
    options.drain = absl::Seconds(60);
    auto server = Server::Start(options);
    ASSERT_TRUE(server.ok()) << server.status();
    server_ = *std::move(server);
  }
  void Put(const std::string& key, const std::string& value) {
    ASSERT_TRUE(store_->Commit({{{}, {Write::Put(key, value)}}})[0].status.ok());
  }
  void Delete(const std::string& key) { ASSERT_TRUE(store_->Commit({{{}, {Write::Delete(key)}}})[0].status.ok()); }
  std::unique_ptr<feed::Source> NewSource() {
    GrpcSource<WatchProjectsRequest, WatchProjectsResponse>::Options options;
    options.name = "projects";
    options.request.set_parent("editions/-");
    options.caller.actor = "follower";
    options.channel = NewChannel(address_);
    options.method = absl::StrCat("/", ProjectService::service_full_name(), "/WatchProjects");
    options.convert =
        [](const std::shared_ptr<WatchProjectsResponse>& response) -> absl::StatusOr<std::vector<feed::Item>> {
      std::vector<feed::Item> items;
      for (const auto& change : response->changes()) {
        const Project& project = change.project();
        items.push_back(
            {project.name(), project.etag().empty() ? nullptr : feed::Value(project.etag()), change.revision()});
      }
      return items;
    };
    return std::make_unique<GrpcSource<WatchProjectsRequest, WatchProjectsResponse>>(std::move(options));
  }
  absl::Status CatchUp() {
    const Head head = *store_->GetHead();
    return positions_.WaitFor(ConsistencyToken("projects", Position{head.epoch, head.revision}), In(seconds(60)));
  }

  KeyRing keys_ = KeyRing::ForTests();
  std::unique_ptr<RecordStore> store_ = NewMemoryStore();
  std::unique_ptr<WatchGate> gate_;
  std::unique_ptr<StoreService> service_;
  std::unique_ptr<Server> server_;
  // Not a port: somebody else could take it while the server restarts.
  const std::string address_ = absl::StrCat("unix:", ::testing::TempDir(), "tandem-watch-", getpid(), ".sock");
  feed::MapSink sink_;
  feed::AppliedPositions positions_{{"projects"}};
};

TEST_F(WatchTest, AFollowerKeepsUpAcrossARestartOfTheServer) {
  Put("editions/a/projects/1", "one");
  Put("editions/a/projects/2", "two");
  const auto source = NewSource();
  feed::Follower::Options options;
  options.source = source.get();
  options.sink = &sink_;
  options.positions = &positions_;
  options.keys = &keys_;
  feed::Follower follower(options);
  follower.Start();
  ASSERT_TRUE(CatchUp().ok());
  EXPECT_EQ(sink_.Values().size(), 2u);
  Delete("editions/a/projects/1");
  ASSERT_TRUE(CatchUp().ok());
  EXPECT_THAT(sink_.Values(), ElementsAre(Pair("editions/a/projects/2", "two")));

  server_->Drain();
  server_.reset();
  Put("editions/a/projects/3", "three");
  Serve();
  ASSERT_TRUE(CatchUp().ok());
  EXPECT_EQ(sink_.Values().size(), 2u);
  EXPECT_EQ(sink_.begins(), 1) << "it resumed instead of listing again";
  EXPECT_TRUE(follower.status().connected);
}

TEST_F(WatchTest, DrainEndsAWatchInGoodOrder) {
  const auto source = NewSource();
  const auto stream = source->Open("");
  ASSERT_EQ(stream->Next()->phase, feed::Phase::kSnapshotEnd);
  ASSERT_EQ(stream->Next()->phase, feed::Phase::kProgress);
  const auto begin = std::chrono::steady_clock::now();
  server_->Drain();
  EXPECT_LT(std::chrono::steady_clock::now() - begin, seconds(20));
  absl::Status end;
  while (end.ok()) end = stream->Next().status();
  EXPECT_EQ(end.code(), absl::StatusCode::kCancelled) << end;
  EXPECT_EQ(gate_->open(), 0);
}

TEST_F(WatchTest, AWatchThatIsLeftFreesItsPlace) {
  const auto source = NewSource();
  auto stream = source->Open("");
  ASSERT_TRUE(stream->Next().ok());
  EXPECT_EQ(gate_->open(), 1);
  stream->Cancel();
  while (stream->Next().ok()) {
  }
  stream.reset();
  // The server looks twice a second.
  const auto deadline = In(seconds(60));
  while (gate_->open() > 0 && std::chrono::steady_clock::now() < deadline) std::this_thread::yield();
  EXPECT_EQ(gate_->open(), 0);
}

TEST_F(WatchTest, ErrorsOfTheCursorArriveWithTheirReason) {
  const auto source = NewSource();
  for (int i = 0; i < 3; ++i) Put("editions/a/projects/1", absl::StrCat(i));
  ASSERT_TRUE(store_->CompactLog(2).ok());
  const std::string old = ConsistencyToken("projects", Position{store_->GetHead()->epoch, 1}).Encode(keys_);
  const absl::Status expired = source->Open(old)->Next().status();
  EXPECT_EQ(expired.code(), absl::StatusCode::kOutOfRange);
  EXPECT_EQ(GetErrorDetail(expired).reason, "RESUME_TOKEN_EXPIRED");
  EXPECT_EQ(source->Open("forged")->Next().status().code(), absl::StatusCode::kInvalidArgument);
}

TEST(WatchPhaseTest, EveryPhaseComesBack) {
  for (const auto phase :
       {feed::Phase::kSnapshot, feed::Phase::kSnapshotEnd, feed::Phase::kChanges, feed::Phase::kProgress}) {
    EXPECT_EQ(*FromProto(ToProto(phase)), phase);
  }
  EXPECT_FALSE(FromProto(type::v1::WATCH_PHASE_UNSPECIFIED).ok());
}

}  // namespace
}  // namespace tandem::rpc
