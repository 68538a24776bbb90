// What the load of the checks says about servers that nobody disturbs.
#include "tests/fault/load/load.h"

#include <gtest/gtest.h>
#include <iostream>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

#include "common/storage/postgres/schema.h"
#include "services/all_in_one/all_in_one.h"
#include "tests/integration/pairing/scratch_folder.h"
#include "tests/support/postgres/server.h"

namespace tandem {
namespace {

constexpr std::chrono::seconds kTime{5};

class LoadTest : public testing::Test {
 protected:
  AllInOneOptions ServerOptions() {
    AllInOneOptions options;
    options.folder.path = folder_.path();
    options.folder.store = "memory";
    options.server.addresses = {"127.0.0.1:0"};
    return options;
  }
  void StartServer(const AllInOneOptions& options) {
    auto started = StartAllInOne(options);
    ASSERT_TRUE(started.ok()) << started.status();
    ASSERT_TRUE((*started)->WaitUntilReady(std::chrono::steady_clock::now() + std::chrono::seconds(30)).ok());
    const std::string address = absl::StrCat("127.0.0.1:", (*started)->port());
    options_.at.projects.push_back(address);
    options_.at.investors.push_back(address);
    options_.at.pairing.push_back(address);
    servers_.push_back(*std::move(started));
  }
  check::Verdict Run() {
    options_.keys_file = absl::StrCat(folder_.path(), "/keys");
    auto load = check::Load::Start(options_);
    EXPECT_TRUE(load.ok()) << load.status();
    if (!load.ok()) return {};
    (*load)->BeginPhase("quiet");
    std::this_thread::sleep_for(kTime);
    EXPECT_TRUE((*load)->Pause().ok());
    (*load)->Resume();
    check::Verdict verdict = (*load)->Finish();
    const check::Counters counters = (*load)->counters();
    const check::Latency latency = (*load)->ReadLatency("quiet", false);
    const check::Latency misses = (*load)->ReadLatency("quiet", true);
    std::cout << verdict.acked << " acknowledged, " << counters.refused << " refused, " << verdict.reads
              << " answers checked, " << verdict.unchecked << " not, p50 " << latency.p50_us << " us, p99 "
              << latency.p99_us << " us, of " << misses.count << " misses " << misses.p99_us << " us\n";
    EXPECT_TRUE(verdict.ok()) << absl::StrJoin(verdict.complaints, "\n");
    EXPECT_EQ(verdict.failed_reads, 0);
    EXPECT_EQ(verdict.failed_writes, 0);
    EXPECT_EQ(verdict.unchecked, 0);
    // A tenth of what a busy machine shows.
    EXPECT_GT(verdict.acked, 150);
    EXPECT_GT(verdict.reads, 150);
    EXPECT_LT(counters.refused, verdict.acked);
    EXPECT_GT(latency.count, 100);
    EXPECT_GT(misses.count, 10);
    return verdict;
  }

  ScratchFolder folder_;
  std::unique_ptr<PostgresServer> postgres_;
  std::vector<std::unique_ptr<AllInOne>> servers_;
  check::LoadOptions options_;
};

TEST_F(LoadTest, FindsNothingWrongInOneProcess) {
  ASSERT_NO_FATAL_FAILURE(StartServer(ServerOptions()));
  Run();
}

TEST_F(LoadTest, FindsNothingWrongInTwoReplicasOnPostgres) {
  auto server = PostgresServer::Start();
  if (absl::IsUnavailable(server.status())) GTEST_SKIP() << server.status().message();
  ASSERT_TRUE(server.ok()) << server.status();
  postgres_ = *std::move(server);
  for (const char* schema : {"tandem_projects", "tandem_investors", "tandem_editions"}) {
    ASSERT_TRUE(postgres::Migrate(postgres_->connection(), schema).ok());
  }
  AllInOneOptions options = ServerOptions();
  options.folder.store = "postgres";
  options.folder.postgres = postgres_->connection();
  ASSERT_NO_FATAL_FAILURE(StartServer(options));
  ASSERT_NO_FATAL_FAILURE(StartServer(options));
  options_.stores.projects = absl::StrCat("tandem_projects ", postgres_->connection());
  options_.stores.investors = absl::StrCat("tandem_investors ", postgres_->connection());
  options_.stores.editions = absl::StrCat("tandem_editions ", postgres_->connection());
  Run();
  servers_.clear();  // before their database
}

}  // namespace
}  // namespace tandem
