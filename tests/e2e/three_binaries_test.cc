// The three services as three processes on loopback ports, as an operator runs them: with one keys file for all.
#include <csignal>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "tests/e2e/clients.h"
#include "tests/e2e/health_watch.h"
#include "tests/e2e/records.h"
#include "tests/e2e/reserved_port.h"
#include "tests/e2e/server_process.h"

namespace tandem::e2e {
namespace {

class ThreeBinariesTest : public testing::Test {
 protected:
  void SetUp() override {
    // All at once, in no order: each waits for what it needs.
    ASSERT_NO_FATAL_FAILURE(Start(&pairing_, PairingOptions()));
    ASSERT_NO_FATAL_FAILURE(Start(&investors_, CatalogOptions("investors", investors_port_)));
    ASSERT_NO_FATAL_FAILURE(Start(&projects_, CatalogOptions("projects", projects_port_)));
    for (ServerProcess* process : {projects_.get(), investors_.get(), pairing_.get()}) {
      const absl::Status ready = process->WaitUntilReady();
      ASSERT_TRUE(ready.ok()) << ready;
    }
    clients_ = std::make_unique<Clients>(projects_port_.address(), investors_port_.address(), pairing_port_.address());
    const auto edition = CreateEdition(clients_.get(), "e");
    ASSERT_TRUE(edition.ok()) << edition.status();
    edition_token_ = edition->consistency_token();
  }

  void TearDown() override {
    for (ServerProcess* process : {projects_.get(), investors_.get(), pairing_.get()}) {
      if (process == nullptr) continue;
      process->Signal(SIGTERM);
      const auto code = process->Wait();
      ASSERT_TRUE(code.ok()) << code.status();
      EXPECT_EQ(*code, 0) << process->err();
    }
  }

  ProcessOptions Options(const std::string& name, const ReservedPort& port) const {
    return {absl::StrCat("tandem-", name),
            {"--data", folder_.File(name), "--keys", folder_.File("keys"), "--listen", port.address()},
            {},
            0};
  }
  ProcessOptions PairingOptions() const {
    ProcessOptions options = Options("pairing", pairing_port_);
    options.flags.insert(options.flags.end(),
                         {"--projects", projects_port_.address(), "--investors", investors_port_.address()});
    return options;
  }
  ProcessOptions CatalogOptions(const std::string& name, const ReservedPort& port) const {
    ProcessOptions options = Options(name, port);
    options.flags.insert(options.flags.end(), {"--editions", pairing_port_.address()});
    return options;
  }

  static void Start(std::unique_ptr<ServerProcess>* process, ProcessOptions options) {
    auto started = ServerProcess::Start(std::move(options));
    ASSERT_TRUE(started.ok()) << started.status();
    *process = *std::move(started);
  }

  // Creates, submits and publishes or verifies.
  std::string NewPublishedProject(const std::string& external_id, std::string* token) {
    const auto project = PublishProject(clients_.get(), "editions/e", external_id, edition_token_);
    EXPECT_TRUE(project.ok()) << project.status();
    if (!project.ok()) return "";
    *token = project->consistency_token();
    return project->name();
  }
  // Matching has seen the investor when this returns: later tokens are of projects and say nothing about it.
  std::string NewVerifiedInvestor(const std::string& external_id, std::string* token) {
    const auto investor = e2e::VerifyInvestor(clients_.get(), "editions/e", external_id, edition_token_);
    EXPECT_TRUE(investor.ok()) << investor.status();
    if (!investor.ok()) return "";
    *token = investor->consistency_token();
    const auto seen = FindMatches(clients_.get(), investor->name(), *token);
    EXPECT_TRUE(seen.ok()) << seen.status();
    return investor->name();
  }

  // Names of the projects that match `investor`, in an answer at least as fresh as `token`.
  std::vector<std::string> MatchesOf(const std::string& investor, const std::string& token) {
    const auto found = FindMatches(clients_.get(), investor, token, absl::Seconds(30), true);
    EXPECT_TRUE(found.ok()) << found.status();
    std::vector<std::string> projects;
    if (!found.ok()) return projects;
    for (const auto& match : found->matches()) projects.push_back(match.project());
    return projects;
  }

  pairing::v1::SourceStatus SourceOf(const std::string& name) {
    const auto status = Call(clients_->pairing.get(), &PairingStub::GetIndexStatus, {}, absl::Seconds(30), true);
    EXPECT_TRUE(status.ok()) << status.status();
    if (status.ok()) {
      for (const auto& source : status->sources()) {
        if (source.source() == name) return source;
      }
    }
    return {};
  }

  TempFolder folder_;
  ReservedPort projects_port_;
  ReservedPort investors_port_;
  ReservedPort pairing_port_;
  std::unique_ptr<ServerProcess> projects_;
  std::unique_ptr<ServerProcess> investors_;
  std::unique_ptr<ServerProcess> pairing_;
  std::unique_ptr<Clients> clients_;
  std::string edition_token_;
};

using ::testing::UnorderedElementsAre;

TEST_F(ThreeBinariesTest, TheMainJobGoesAcrossThem) {
  std::string project_token;
  std::string investor_token;
  const std::string project = NewPublishedProject("p1", &project_token);
  const std::string investor = NewVerifiedInvestor("i1", &investor_token);
  // A token names one source: the investor's was waited for already. What an answer was computed from covers both.
  EXPECT_THAT(MatchesOf(investor, project_token), UnorderedElementsAre(project));
  const auto found = FindMatches(clients_.get(), project, project_token);
  ASSERT_TRUE(found.ok()) << found.status();
  ASSERT_EQ(found->matches_size(), 1);
  EXPECT_EQ(found->matches(0).investor(), investor);
  EXPECT_EQ(found->matches(0).counterpart_external_id(), "i1");
  EXPECT_TRUE(FindMatches(clients_.get(), investor, found->metadata().consistency_token()).ok());
}

TEST_F(ThreeBinariesTest, AfterARestartOfProjectsTheFeedGoesOnWhereItWas) {
  std::string token;
  const std::string investor = NewVerifiedInvestor("i1", &token);
  const std::string before = NewPublishedProject("before", &token);
  EXPECT_THAT(MatchesOf(investor, token), UnorderedElementsAre(before));
  const auto source = SourceOf("projects");

  projects_->Signal(SIGTERM);
  ASSERT_EQ(*projects_->Wait(), 0) << projects_->err();
  EXPECT_THAT(MatchesOf(investor, token), UnorderedElementsAre(before)) << "matching goes on without its source";
  ASSERT_NO_FATAL_FAILURE(Start(&projects_, CatalogOptions("projects", projects_port_)));
  ASSERT_TRUE(projects_->WaitUntilReady().ok()) << projects_->err();

  // The first call may meet the broken connection, so it waits for the new one.
  projects::v1::GetProjectRequest get;
  get.set_name(before);
  ASSERT_TRUE(Call(clients_->projects.get(), &ProjectStub::GetProject, get, absl::Seconds(30), true).ok());
  const std::string after = NewPublishedProject("after", &token);
  EXPECT_THAT(MatchesOf(investor, token), UnorderedElementsAre(before, after));
  const auto resumed = SourceOf("projects");
  EXPECT_EQ(resumed.epoch(), source.epoch());
  EXPECT_EQ(resumed.relist_count(), source.relist_count()) << "it went on instead of listing from the start";
  EXPECT_TRUE(resumed.connected());
}

TEST_F(ThreeBinariesTest, KilledPairingComesBackWithEverything) {
  std::string project_token;
  std::string investor_token;
  const std::string investor = NewVerifiedInvestor("i1", &investor_token);
  const std::string first = NewPublishedProject("first", &project_token);
  const auto found = FindMatches(clients_.get(), investor, project_token);
  ASSERT_TRUE(found.ok()) << found.status();
  const std::string answer_token = found->metadata().consistency_token();

  pairing_->Kill();
  EXPECT_EQ(FindMatches(clients_.get(), investor, "", absl::Seconds(5)).status().code(),
            absl::StatusCode::kUnavailable);
  // The others go on meanwhile: they know their editions.
  const std::string second = NewPublishedProject("second", &project_token);

  ASSERT_NO_FATAL_FAILURE(Start(&pairing_, PairingOptions()));
  ASSERT_TRUE(pairing_->WaitUntilReady().ok()) << pairing_->err();
  EXPECT_THAT(MatchesOf(investor, project_token), UnorderedElementsAre(first, second));
  for (const std::string& token : {edition_token_, investor_token, answer_token}) {
    EXPECT_TRUE(FindMatches(clients_.get(), investor, token).ok()) << "a token from before the kill is honoured";
  }
  HealthWatch health(clients_->pairing_channel, pairing::v1::PairingService::service_full_name());
  EXPECT_TRUE(health.WaitFor(Health::kServing));

  // And the editions have survived in its store, and go on being followed.
  const auto edition = CreateEdition(clients_.get(), "later");
  ASSERT_TRUE(edition.ok()) << edition.status();
  const auto project = PublishProject(clients_.get(), "editions/later", "p", edition->consistency_token());
  EXPECT_TRUE(project.ok()) << project.status();
}

}  // namespace
}  // namespace tandem::e2e
