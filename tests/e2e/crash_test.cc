// A server that is killed in mid-import, again and again, loses nothing that it acknowledged and leaves nothing half
// done.
//
// TANDEM_CRASH_SEED and TANDEM_CRASH_ROUNDS choose another seed and another number of kills.
#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <iostream>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <thread>

#include "gtest/gtest.h"

#include "tests/e2e/clients.h"
#include "tests/e2e/import_traits.h"
#include "tests/e2e/import_writer.h"
#include "tests/e2e/server_process.h"

namespace tandem::e2e {
namespace {

unsigned FromEnvironment(const char* name, unsigned otherwise) {
  const char* text = std::getenv(name);
  return text != nullptr ? static_cast<unsigned>(std::strtoul(text, nullptr, 10)) : otherwise;
}

class CrashTest : public testing::Test {
 protected:
  CrashTest()
      : seed_(FromEnvironment("TANDEM_CRASH_SEED", std::random_device{}())),
        rounds_(FromEnvironment("TANDEM_CRASH_ROUNDS", 50)),
        random_(seed_),
        projects_({kEdition, "p", seed_ + 1, 3000, {}}),
        investors_({kEdition, "i", seed_ + 2, 1500, {}}),
        deals_({kEdition, "d", seed_ + 3, 3000, [this] { return investors_.AnyAcknowledged(); }}) {
    std::cout << "seed " << seed_ << "\n";
  }

  void StartServer() {
    ProcessOptions options;
    options.binary = "tandem-all-in-one";
    options.flags = {"--data", folder_.File("data"), "--listen", "127.0.0.1:0", "--log-level", "warning"};
    auto server = ServerProcess::StartReady(std::move(options));
    ASSERT_TRUE(server.ok()) << server.status();
    server_ = *std::move(server);
    clients_ = std::make_unique<Clients>(server_->address());
  }

  void MakeAnchors() {
    const auto edition = CreateEdition(clients_.get(), "crash");
    ASSERT_TRUE(edition.ok()) << edition.status();
    edition_token_ = edition->consistency_token();
    const auto project = PublishProject(clients_.get(), kEdition, "anchor", edition_token_);
    ASSERT_TRUE(project.ok()) << project.status();
    const auto investor = VerifyInvestor(clients_.get(), kEdition, "anchor", edition_token_);
    ASSERT_TRUE(investor.ok()) << investor.status();
    project_ = project->name();
    investor_ = investor->name();
    projects_.Ignore("anchor");
    investors_.Ignore("anchor");
  }

  // Imports until the server is killed, at a random moment after the import began.
  void ImportUntilKilled() {
    std::atomic<int> begun = 0;
    const auto until_cut = [&](const auto& write_once) {
      ++begun;
      absl::Status status;
      while (status.ok() && !HasFailure()) status = write_once();
      EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable) << status;
      EXPECT_EQ(ReasonOf(status), "") << "the service itself refused: " << status;
    };
    std::thread of_projects([&] { until_cut([&] { return projects_.WriteOnce(clients_.get()); }); });
    std::thread of_investors([&] {
      until_cut([&] {
        const absl::Status status = investors_.WriteOnce(clients_.get());
        return status.ok() ? deals_.WriteOnce(clients_.get()) : status;
      });
    });
    while (begun < 2) std::this_thread::yield();
    std::this_thread::sleep_for(std::chrono::milliseconds(20 + random_() % 281));  // the moment to kill at
    server_->Kill();
    of_projects.join();
    of_investors.join();
  }

  void VerifyRecords() {
    projects_.Verify(clients_.get());
    investors_.Verify(clients_.get());
    deals_.Verify(clients_.get());
    for (const auto& [external_id, deal] : deals_.known()) {
      const auto investor = investors_.known().find(deal.parent);
      ASSERT_NE(investor, investors_.known().end()) << "deal " << deal.name << " without its investor " << deal.parent;
      EXPECT_EQ(deal.name.rfind(investor->second.name + "/deals/", 0), 0u) << deal.name;
    }
  }

  // Tokens from before the kills are of the same history, and matching reaches them.
  void VerifyTokens() {
    for (const std::string& token : {edition_token_, projects_.oldest_token(), projects_.newest_token(),
                                     investors_.oldest_token(), investors_.newest_token(), deals_.newest_token()}) {
      for (const std::string& subject : {project_, investor_}) {
        const auto found = FindMatches(clients_.get(), subject, token);
        ASSERT_TRUE(found.ok()) << subject << ": " << found.status();
        EXPECT_GE(found->matches_size(), 1) << "the anchors match each other";
      }
    }
    const auto status = Call(clients_->pairing.get(), &PairingStub::GetIndexStatus, {});
    ASSERT_TRUE(status.ok()) << status.status();
    for (const auto& source : status->sources()) {
      const auto [known, is_new] = epochs_.emplace(source.source(), source.epoch());
      EXPECT_EQ(source.epoch(), known->second) << "another history of " << source.source();
    }
    EXPECT_EQ(epochs_.size(), 3u);
    ASSERT_EQ(status->editions_size(), 1);
    EXPECT_EQ(static_cast<size_t>(status->editions(0).project_count()), projects_.known().size() + 1);
    EXPECT_EQ(static_cast<size_t>(status->editions(0).investor_count()), investors_.known().size() + 1);
    EXPECT_EQ(static_cast<size_t>(status->editions(0).deal_count()), deals_.known().size());
  }

  void RepeatWrites() {
    projects_.RepeatWrites(clients_.get());
    investors_.RepeatWrites(clients_.get());
    deals_.RepeatWrites(clients_.get());
    projects_.UpsertUnchanged(clients_.get());
    investors_.UpsertUnchanged(clients_.get());
    deals_.UpsertUnchanged(clients_.get());
  }

  static constexpr char kEdition[] = "editions/crash";

  const unsigned seed_;
  const unsigned rounds_;
  std::mt19937 random_;
  TempFolder folder_;
  std::unique_ptr<ServerProcess> server_;
  std::unique_ptr<Clients> clients_;
  ImportWriter<ProjectTraits> projects_;
  ImportWriter<InvestorTraits> investors_;
  ImportWriter<DealTraits> deals_;
  std::string project_;
  std::string investor_;
  std::string edition_token_;
  std::map<std::string, std::string> epochs_;  // by source
};

TEST_F(CrashTest, AKilledImportLosesNothingAcknowledgedAndLeavesNothingHalfDone) {
  ASSERT_NO_FATAL_FAILURE(StartServer());
  ASSERT_NO_FATAL_FAILURE(MakeAnchors());
  for (unsigned round = 1; round <= rounds_; ++round) {
    SCOPED_TRACE(testing::Message() << "kill " << round << " of seed " << seed_);
    ASSERT_NO_FATAL_FAILURE(ImportUntilKilled());
    ASSERT_NO_FATAL_FAILURE(StartServer());
    ASSERT_NO_FATAL_FAILURE(VerifyRecords());
    ASSERT_NO_FATAL_FAILURE(VerifyTokens());
    ASSERT_NO_FATAL_FAILURE(RepeatWrites());
    ASSERT_FALSE(HasFailure());
  }
  ASSERT_NO_FATAL_FAILURE(VerifyRecords());
  server_->Signal(SIGTERM);
  EXPECT_EQ(*server_->Wait(), 0) << server_->err();
  const int writes = projects_.acknowledged_writes() + investors_.acknowledged_writes() + deals_.acknowledged_writes();
  std::cout << rounds_ << " kills, " << writes << " acknowledged writes, " << projects_.known().size() << " projects, "
            << investors_.known().size() << " investors, " << deals_.known().size() << " deals\n";
  EXPECT_GT(writes, static_cast<int>(rounds_)) << "hardly anything was imported: the test proves nothing";
}

}  // namespace
}  // namespace tandem::e2e
