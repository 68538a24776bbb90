// The all-in-one as a whole: what survives it, how it stops, and what it says when it cannot start.
#include <fstream>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>

#include "tandem/pairing/v1/pairing_service.pb.h"
#include "tests/integration/pairing/all_in_one_fixture.h"

namespace tandem {
namespace {

class AllInOneProcessTest : public AllInOneTest {
 protected:
  AllInOneOptions Sqlite() {
    AllInOneOptions options = OptionsOf(folder_);
    options.folder.store = "sqlite";
    return options;
  }
};

TEST_F(AllInOneProcessTest, EveryAcknowledgedWriteAndTokenOutlivesARestart) {
  ASSERT_NO_FATAL_FAILURE(StartWith(Sqlite(), 30, 10));
  const std::string project = SubjectWithMatches(edition_.projects, 1);
  ASSERT_FALSE(project.empty());
  const auto before = client_->Find(project, "", 200);
  ASSERT_TRUE(before.ok()) << before.status();
  const auto other =
      client_->Pause(edition_.projects.back() == project ? edition_.projects.front() : edition_.projects.back());
  ASSERT_TRUE(other.ok()) << other.status();
  client_.reset();
  all_->Stop();
  all_.reset();

  ASSERT_NO_FATAL_FAILURE(StartWith(Sqlite(), 0, 0));
  const auto after = client_->Find(project, other->consistency_token(), 200);
  ASSERT_TRUE(after.ok()) << after.status();
  ASSERT_EQ(after->matches_size(), before->matches_size());
  for (int i = 0; i < after->matches_size(); ++i) {
    EXPECT_EQ(after->matches(i).SerializeAsString(), before->matches(i).SerializeAsString()) << i;
  }
  const auto gone = client_->Find(other->name());
  ASSERT_TRUE(gone.ok()) << gone.status();
  EXPECT_EQ(gone->metadata().total_size(), 0) << "it was paused";
}

TEST_F(AllInOneProcessTest, IndexStatusNamesTheSourcesAndCountsTheEdition) {
  ASSERT_NO_FATAL_FAILURE(StartWith(OptionsOf(folder_), 30, 10));
  const auto status = client_->Call(client_->pairing(), &pairing::v1::PairingService::Stub::GetIndexStatus, {});
  ASSERT_TRUE(status.ok()) << status.status();
  ASSERT_EQ(status->sources_size(), 3);
  for (const pairing::v1::SourceStatus& source : status->sources()) {
    EXPECT_TRUE(source.source() == "projects" || source.source() == "investors" || source.source() == "editions")
        << source.source();
    EXPECT_TRUE(source.ready());
    EXPECT_TRUE(source.connected());
    EXPECT_GT(source.applied_revision(), 0);
    EXPECT_EQ(source.relist_count(), 0);
    EXPECT_GT(source.last_contact_time().seconds(), 0);
  }
  ASSERT_EQ(status->editions_size(), 1);
  EXPECT_EQ(status->editions(0).project_count(), 30);
  EXPECT_EQ(status->editions(0).investor_count(), 10);
}

TEST_F(AllInOneProcessTest, StoppingUnderLoadEndsStreamsAndLosesNoAcknowledgedWrite) {
  ASSERT_NO_FATAL_FAILURE(StartWith(Sqlite(), 30, 10));
  grpc::ClientContext watch_context;
  projects::v1::WatchProjectsRequest watch;
  watch.set_parent("editions/-");
  const auto stream = client_->projects()->WatchProjects(&watch_context, watch);
  std::thread watcher([&] {
    projects::v1::WatchProjectsResponse response;
    while (stream->Read(&response)) {
    }
    stream->Finish();
  });
  projects::v1::Project last;
  std::thread writer([&] {
    for (int i = 0;; ++i) {
      auto written = client_->SetTrl(edition_.projects[0], i % 9 + 1);
      if (!written.ok()) return;
      last = *std::move(written);
    }
  });
  while (!client_->Find(edition_.projects[0]).ok()) {
  }
  all_->Stop();
  watcher.join();
  writer.join();
  all_.reset();
  ASSERT_FALSE(last.name().empty());

  ASSERT_NO_FATAL_FAILURE(StartWith(Sqlite(), 0, 0));
  projects::v1::GetProjectRequest get;
  get.set_name(last.name());
  const auto stored = client_->Call(client_->projects(), &projects::v1::ProjectService::Stub::GetProject, get);
  ASSERT_TRUE(stored.ok()) << stored.status();
  // A write whose answer was cut off may have come on top of the last acknowledged one.
  EXPECT_TRUE(stored->trl() == last.trl() || stored->trl() == last.trl() % 9 + 1) << stored->trl();
}

TEST_F(AllInOneProcessTest, SaysThatTheAddressIsInUse) {
  ASSERT_NO_FATAL_FAILURE(StartWith(OptionsOf(folder_), 0, 0));
  ScratchFolder other;
  AllInOneOptions options = OptionsOf(other);
  options.server.addresses = {absl::StrCat("127.0.0.1:", all_->port())};
  const auto second = StartAllInOne(std::move(options));
  ASSERT_FALSE(second.ok());
  EXPECT_NE(second.status().message().find(absl::StrCat(all_->port())), absl::string_view::npos) << second.status();
}

TEST_F(AllInOneProcessTest, SaysThatTheStoreIsHeldByAnother) {
  ASSERT_NO_FATAL_FAILURE(StartWith(Sqlite(), 0, 0));
  const auto second = StartAllInOne(Sqlite());
  ASSERT_FALSE(second.ok());
  EXPECT_NE(second.status().message().find("projects.db"), absl::string_view::npos) << second.status();
}

TEST_F(AllInOneProcessTest, SaysThatTheStoreIsDamaged) {
  std::ofstream(folder_.path() + "/investors.db") << std::string(8192, 'x');
  const auto started = StartAllInOne(Sqlite());
  ASSERT_FALSE(started.ok());
  EXPECT_NE(started.status().message().find("investors.db"), absl::string_view::npos) << started.status();
}

TEST_F(AllInOneProcessTest, SaysThatTheFolderCannotBeMade) {
  std::ofstream(folder_.path() + "/file") << "no folder";
  AllInOneOptions options = Sqlite();
  options.folder.path = folder_.path() + "/file/data";
  const auto started = StartAllInOne(std::move(options));
  ASSERT_FALSE(started.ok());
  EXPECT_NE(started.status().message().find("/file/data"), absl::string_view::npos) << started.status();
}

TEST_F(AllInOneProcessTest, SaysThatTheFolderIsReadOnly) {
  if (geteuid() == 0) GTEST_SKIP() << "root may write everywhere";
  ASSERT_EQ(chmod(folder_.path().c_str(), 0500), 0);
  const auto read_only = StartAllInOne(Sqlite());
  chmod(folder_.path().c_str(), 0700);
  EXPECT_FALSE(read_only.ok());
}

}  // namespace
}  // namespace tandem
