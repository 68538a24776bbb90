// CliIntegrationTest: the command line against the three services in this process.
#ifndef TANDEM_TESTS_INTEGRATION_CLI_CLI_FIXTURE_H_
#define TANDEM_TESTS_INTEGRATION_CLI_CLI_FIXTURE_H_

#include <chrono>
#include <filesystem>
#include <memory>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/strings/substitute.h"
#include "gtest/gtest.h"

#include "services/all_in_one/all_in_one.h"
#include "tests/unit/tools/tandem/temporary_file.h"
#include "tools/tandem/cli.h"
#include "tools/tandem/exit_code.h"

namespace tandem::cli {

class CliIntegrationTest : public testing::Test {
 protected:
  void SetUp() override {
    AllInOneOptions options;
    options.folder.path = std::filesystem::path(folder_.Write("marker", "")).parent_path().string();
    options.folder.store = "memory";
    options.server.addresses = {"127.0.0.1:0"};
    auto started = StartAllInOne(std::move(options));
    ASSERT_TRUE(started.ok()) << started.status();
    all_ = *std::move(started);
    ASSERT_TRUE(all_->WaitUntilReady(std::chrono::steady_clock::now() + std::chrono::seconds(30)).ok());
  }

  // Runs a command in the edition `demo` and returns its exit code; what it wrote is in `out_` and `err_`.
  int RunWith(std::vector<std::string> arguments) {
    std::ostringstream out;
    std::ostringstream err;
    Terminal terminal;
    terminal.out = &out;
    terminal.err = &err;
    arguments.insert(arguments.begin(), {"--server", absl::StrCat("127.0.0.1:", all_->port()), "--edition", "demo"});
    const int code = cli::Run(std::move(arguments), terminal);
    out_ = out.str();
    err_ = err.str();
    return code;
  }

  void LoadDemo() {
    ASSERT_EQ(RunWith({"demo-data", "--seed", "1", "--projects", "200", "--investors", "80", "--import", "--token-file",
                       token_file_}),
              kExitOk)
        << err_;
    token_ = folder_.Read(token_file_);
    token_.pop_back();
  }

  // The demo data, and two tables on 14 November 2100 from nine o'clock to `end`, a slot each half an hour: far ahead
  // of the clock, so that nothing in it has begun.
  void LoadDemoWithTables(absl::string_view end) {
    LoadDemo();
    if (HasFatalFailure()) return;
    constexpr char kAgenda[] = R"(sessions:
  - {id: day1, start_time: "2100-11-14T09:00:00+08:00", end_time: "2100-11-14T$0:00+08:00", slot_minutes: 25, buffer_minutes: 5}
places:
  - {id: t1, hall: east}
  - {id: t2, hall: east}
)";
    const std::string agenda = folder_.Write("agenda.yaml", absl::Substitute(kAgenda, end));
    ASSERT_EQ(RunWith({"edition", "agenda", "demo", "--file", agenda}), kExitOk) << err_;
  }

  TemporaryFolder folder_;
  const std::string token_file_ = folder_.Write("token", "");
  std::unique_ptr<AllInOne> all_;
  std::string token_;
  std::string out_;
  std::string err_;
};

}  // namespace tandem::cli

#endif  // TANDEM_TESTS_INTEGRATION_CLI_CLI_FIXTURE_H_
