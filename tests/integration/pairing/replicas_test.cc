// Two replicas of every service on one PostgreSQL: what one writes, the other shows.
#include <gtest/gtest.h>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"

#include "common/storage/postgres/schema.h"
#include "tests/integration/pairing/all_in_one_fixture.h"
#include "tests/support/postgres/server.h"

namespace tandem {
namespace {

using Changed = std::pair<std::string, int64_t>;  // name, revision

class ReplicasTest : public AllInOneTest {
 protected:
  void SetUp() override {
    auto server = PostgresServer::Start();
    if (absl::IsUnavailable(server.status())) GTEST_SKIP() << server.status().message();
    ASSERT_TRUE(server.ok()) << server.status();
    server_ = *std::move(server);
    for (const char* schema : {"tandem_projects", "tandem_investors", "tandem_editions"}) {
      ASSERT_TRUE(postgres::Migrate(server_->connection(), schema).ok());
    }
    ASSERT_NO_FATAL_FAILURE(StartWith(Options(), 40, 20));
    auto started = StartAllInOne(Options());
    ASSERT_TRUE(started.ok()) << started.status();
    other_ = *std::move(started);
    ASSERT_TRUE(other_->WaitUntilReady(In(std::chrono::seconds(30))).ok());
    other_client_ = std::make_unique<ZoneClient>(rpc::NewChannel(absl::StrCat("127.0.0.1:", other_->port())));
    subject_ = SubjectWithMatches(edition_.projects, 1);
    ASSERT_FALSE(subject_.empty());
  }

  // The database goes last.
  void TearDown() override {
    client_.reset();
    all_.reset();
    other_client_.reset();
    other_.reset();
  }

  AllInOneOptions Options() {
    AllInOneOptions options = OptionsOf(folder_);
    options.folder.store = "postgres";
    options.folder.postgres = server_->connection();
    return options;
  }

  // The changes of projects after `token` up to the one of `last`, as a watch of this replica sends them.
  std::vector<Changed> Watched(ZoneClient* client, const std::string& token, const std::string& last) {
    grpc::ClientContext context;
    rpc::SetDeadline(&context, absl::Seconds(30));
    projects::v1::WatchProjectsRequest request;
    request.set_parent(edition_.name);
    request.set_resume_token(token);
    const auto stream = client->projects()->WatchProjects(&context, request);
    std::vector<Changed> changes;
    projects::v1::WatchProjectsResponse response;
    while ((changes.empty() || changes.back().first != last) && stream->Read(&response)) {
      for (const auto& change : response.changes()) changes.emplace_back(change.project().name(), change.revision());
    }
    context.TryCancel();
    (void)stream->Finish();
    return changes;
  }

  std::unique_ptr<PostgresServer> server_;
  std::unique_ptr<AllInOne> other_;
  std::unique_ptr<ZoneClient> other_client_;
  std::string subject_;
};

TEST_F(ReplicasTest, AWriteThroughOneIsReadThroughTheOtherByItsToken) {
  bool matched = true;
  for (int i = 0; i < 10; ++i) {
    matched = !matched;
    ZoneClient* const writer = i % 3 == 0 ? client_.get() : other_client_.get();
    ZoneClient* const reader = i % 3 == 0 ? other_client_.get() : client_.get();
    const auto written = writer->SetMatched(subject_, matched);
    ASSERT_TRUE(written.ok()) << written.status();
    const auto found = reader->Find(subject_, written->consistency_token());
    ASSERT_TRUE(found.ok()) << found.status();
    EXPECT_EQ(found->metadata().total_size() > 0, matched) << i;
  }
}

TEST_F(ReplicasTest, PagesGoOnAtAnotherReplicaUntilTheListChanges) {
  const std::string subject = SubjectWithMatches(edition_.projects, 4);
  ASSERT_FALSE(subject.empty());
  const auto page = [&](ZoneClient* client, const std::string& token) { return client->Find(subject, "", 1, token); };
  const auto first = page(client_.get(), "");
  ASSERT_TRUE(first.ok()) << first.status();
  const auto here = page(client_.get(), first->next_page_token());
  const auto there = page(other_client_.get(), first->next_page_token());
  ASSERT_TRUE(here.ok() && there.ok()) << here.status() << " " << there.status();
  EXPECT_EQ(there->matches(0).DebugString(), here->matches(0).DebugString());
  EXPECT_EQ(there->metadata().total_size(), here->metadata().total_size());

  const auto written = client_->SetMatched(subject, false);
  ASSERT_TRUE(written.ok()) << written.status();
  ASSERT_TRUE(other_client_->Find(subject, written->consistency_token()).ok());
  EXPECT_TRUE(page(client_.get(), here->next_page_token()).ok()) << "the list is kept where it was ranked";
  EXPECT_TRUE(page(other_client_.get(), there->next_page_token()).ok()) << "and where it was gone on with";
  const auto lost = page(other_client_.get(), here->next_page_token());
  EXPECT_EQ(GetErrorDetail(lost.status()).reason, "PAGE_TOKEN_EXPIRED") << lost.status();
}

TEST_F(ReplicasTest, AWatchBegunAtOneGoesOnAtTheOtherFromAnyRevision) {
  std::vector<std::string> tokens;
  for (size_t i = 0; i < 8; ++i) {
    const std::string& project = edition_.projects[i];
    const auto written = (i % 2 == 0 ? client_ : other_client_)->Pause(project);
    ASSERT_TRUE(written.ok()) << written.status();
    tokens.push_back(written->consistency_token());
  }
  const std::string last = edition_.projects[7];
  const std::vector<Changed> all = Watched(client_.get(), tokens[0], last);
  ASSERT_EQ(all.size(), 7u);
  for (size_t i = 0; i < tokens.size() - 1; ++i) {
    const std::vector<Changed> rest(all.begin() + static_cast<std::ptrdiff_t>(i), all.end());
    EXPECT_EQ(Watched(client_.get(), tokens[i], last), rest);
    EXPECT_EQ(Watched(other_client_.get(), tokens[i], last), rest);
  }
}

TEST_F(ReplicasTest, BothWriteAtOnceAndNeitherMissesAnything) {
  const auto write = [&](ZoneClient* client, size_t first, std::string* token) {
    for (size_t i = first; i < edition_.projects.size(); i += 2) {
      const auto written = client->SetTrl(edition_.projects[i], 9);
      if (written.ok()) *token = written->consistency_token();
    }
  };
  std::string even;
  std::string odd;
  std::thread beside([&] { write(other_client_.get(), 1, &odd); });
  write(client_.get(), 0, &even);
  beside.join();
  for (ZoneClient* client : {client_.get(), other_client_.get()}) {
    const auto found = client->Find(subject_, absl::StrCat(even, ",", odd), 200);
    ASSERT_TRUE(found.ok()) << found.status();
    for (const std::string& project : edition_.projects) {
      projects::v1::GetProjectRequest request;
      request.set_name(project);
      const auto got = client->Call(client->projects(), &projects::v1::ProjectService::Stub::GetProject, request);
      ASSERT_TRUE(got.ok()) << got.status();
      EXPECT_EQ(got->trl(), 9) << project;
    }
  }
  EXPECT_EQ(client_->Find(subject_, "", 200)->matches_size(), other_client_->Find(subject_, "", 200)->matches_size());
}

}  // namespace
}  // namespace tandem
