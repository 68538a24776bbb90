// Stores exported and imported: from files to files, from files to a database and back.
#include <chrono>
#include <filesystem>
#include <functional>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <memory>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "nlohmann/json.hpp"

#include "services/all_in_one/all_in_one.h"
#include "tests/support/postgres/server.h"
#include "tests/unit/tools/tandem/temporary_file.h"
#include "tools/tandem/cli.h"
#include "tools/tandem/exit_code.h"

namespace tandem::cli {
namespace {

using testing::HasSubstr;

class AdminTest : public testing::Test {
 protected:
  // Starts the services on a folder or a database; all share one keys file.
  void Start(DataFolder where) {
    where.keys = keys_;
    AllInOneOptions options;
    options.folder = std::move(where);
    options.server.addresses = {"127.0.0.1:0"};
    auto started = StartAllInOne(std::move(options));
    ASSERT_TRUE(started.ok()) << started.status();
    all_ = *std::move(started);
    ASSERT_TRUE(all_->WaitUntilReady(std::chrono::steady_clock::now() + std::chrono::seconds(30)).ok());
  }
  void Stop() { all_.reset(); }

  static DataFolder Files(const std::string& path) {
    DataFolder folder;
    folder.path = path;
    return folder;
  }
  DataFolder Database() const {
    DataFolder folder;
    folder.store = "postgres";
    folder.path = root_ + "/unused";
    folder.postgres = server_->connection();
    return folder;
  }

  int RunWith(std::vector<std::string> arguments) {
    std::ostringstream out;
    std::ostringstream err;
    Terminal terminal;
    terminal.out = &out;
    terminal.err = &err;
    if (all_ != nullptr) {
      arguments.insert(arguments.begin(),
                       {"--server", absl::StrCat("127.0.0.1:", all_->port()), "--edition", edition_});
    }
    const int code = cli::Run(std::move(arguments), terminal);
    out_ = out.str();
    err_ = err.str();
    return code;
  }

  // A folder with an edition in it, and the token of its last writes.
  void MakeFolder(const std::string& path) {
    Start(Files(path));
    const std::string token_file = root_ + "/token";
    ASSERT_EQ(RunWith({"demo-data", "--seed", "1", "--projects", "60", "--investors", "30", "--import", "--token-file",
                       token_file}),
              kExitOk)
        << err_;
    token_ = folder_.Read(token_file);
    token_.pop_back();
    content_ = Content();
    ASSERT_GT(content_.size(), 90u);
    Stop();
  }

  // Everything that the services show of the edition, but for what names the store's history.
  std::vector<std::string> Content() {
    std::vector<std::string> lines;
    for (const std::vector<std::string>& list : std::vector<std::vector<std::string>>{
             {"project", "list"}, {"investor", "list"}, {"edition", "list"}, {"taxonomy", "list"}}) {
      std::vector<std::string> arguments = {"-o", "json"};
      arguments.insert(arguments.end(), list.begin(), list.end());
      EXPECT_EQ(RunWith(arguments), kExitOk) << err_;
      std::istringstream stream(out_);
      for (std::string line; std::getline(stream, line);) {
        nlohmann::json json = nlohmann::json::parse(line);
        json.erase("etag");
        json.erase("consistencyToken");
        lines.push_back(json.dump());
      }
    }
    EXPECT_EQ(RunWith({"-o", "json", "match", "find", "--project", "p-000001"}), kExitOk) << err_;
    return lines;
  }

  void ExpectTheSameContentInANewHistory() {
    EXPECT_TRUE(Content() == content_);
    EXPECT_EQ(RunWith({"--token", token_, "match", "find", "--project", "p-000001"}), kExitError);
    EXPECT_THAT(err_, HasSubstr("CONSISTENCY_TOKEN_FOREIGN"));
    // What is written now is found by its own token.
    edition_ = "later";
    ASSERT_EQ(RunWith({"demo-data", "--seed", "2", "--projects", "5", "--investors", "5", "--import", "--token-file",
                       root_ + "/later"}),
              kExitOk)
        << err_;
    std::string later = folder_.Read(root_ + "/later");
    later.pop_back();
    EXPECT_EQ(RunWith({"--token", later, "match", "find", "--project", "p-000001"}), kExitOk) << err_;
    edition_ = "demo";
  }

  TemporaryFolder folder_;
  const std::string root_ = std::filesystem::path(folder_.Write("marker", "")).parent_path().string();
  const std::string keys_ = root_ + "/keys";
  const std::string file_ = root_ + "/zone.export";
  std::unique_ptr<PostgresServer> server_;
  std::unique_ptr<AllInOne> all_;
  std::string edition_ = "demo";
  std::string token_;
  std::vector<std::string> content_;
  std::string out_;
  std::string err_;
};

TEST_F(AdminTest, StoresMoveFromFolderToFolder) {
  ASSERT_NO_FATAL_FAILURE(MakeFolder(root_ + "/a"));
  ASSERT_EQ(RunWith({"admin", "export", "--data", root_ + "/a", "--out", file_}), kExitOk) << err_;
  EXPECT_THAT(out_, HasSubstr("investors"));
  ASSERT_EQ(RunWith({"admin", "import", "--in", file_, "--data", root_ + "/b"}), kExitOk) << err_;
  ASSERT_NO_FATAL_FAILURE(Start(Files(root_ + "/b")));
  ASSERT_NO_FATAL_FAILURE(ExpectTheSameContentInANewHistory());

  // A service has the files.
  EXPECT_EQ(RunWith({"admin", "export", "--data", root_ + "/b", "--out", file_}), kExitError);
  EXPECT_EQ(RunWith({"admin", "import", "--data", root_ + "/b", "--in", file_, "--replace"}), kExitError);
  Stop();

  // Not empty.
  EXPECT_EQ(RunWith({"admin", "import", "--in", file_, "--data", root_ + "/b"}), kExitError);
  EXPECT_THAT(err_, HasSubstr("--replace"));
  ASSERT_EQ(RunWith({"admin", "import", "--in", file_, "--data", root_ + "/b", "--replace"}), kExitOk) << err_;
  ASSERT_NO_FATAL_FAILURE(Start(Files(root_ + "/b")));
  EXPECT_TRUE(Content() == content_);
}

TEST_F(AdminTest, AnAlteredFileIsRefusedBeforeAnythingIsWritten) {
  ASSERT_NO_FATAL_FAILURE(MakeFolder(root_ + "/a"));
  ASSERT_EQ(RunWith({"admin", "export", "--data", root_ + "/a", "--out", file_, "--only", "projects,editions"}),
            kExitOk);
  std::string bytes = folder_.Read(file_);
  bytes[bytes.size() / 2] ^= 1;
  folder_.Write("zone.export", bytes);
  EXPECT_EQ(RunWith({"admin", "import", "--in", file_, "--data", root_ + "/b"}), kExitError);
  EXPECT_THAT(err_, HasSubstr("not a whole archive"));
  EXPECT_FALSE(std::filesystem::exists(root_ + "/b"));
  EXPECT_EQ(RunWith({"admin", "export", "--data", root_ + "/none", "--out", file_}), kExitError);
  EXPECT_FALSE(std::filesystem::exists(root_ + "/none"));
}

TEST_F(AdminTest, StoresMoveIntoADatabaseAndOutOfItWhileServicesRun) {
  auto server = PostgresServer::Start();
  if (absl::IsUnavailable(server.status())) GTEST_SKIP() << server.status().message();
  ASSERT_TRUE(server.ok()) << server.status();
  server_ = *std::move(server);
  const std::string database = server_->connection();

  ASSERT_NO_FATAL_FAILURE(MakeFolder(root_ + "/a"));
  ASSERT_EQ(RunWith({"admin", "export", "--data", root_ + "/a", "--out", file_}), kExitOk) << err_;
  EXPECT_EQ(RunWith({"admin", "import", "--in", file_, "--postgres", database}), kExitError);
  EXPECT_THAT(err_, HasSubstr("run `tandem admin migrate`"));
  for (int i = 0; i < 2; ++i) {
    ASSERT_EQ(RunWith({"admin", "migrate", "--postgres", database}), kExitOk) << err_;
    EXPECT_THAT(out_, HasSubstr("tandem_projects is at version 1"));
  }
  ASSERT_EQ(RunWith({"admin", "import", "--in", file_, "--postgres", database}), kExitOk) << err_;
  ASSERT_NO_FATAL_FAILURE(Start(Database()));
  ASSERT_NO_FATAL_FAILURE(ExpectTheSameContentInANewHistory());
  ASSERT_EQ(RunWith({"admin", "migrate", "--postgres", database}), kExitOk) << "beside running services";
  content_ = Content();
  ASSERT_EQ(RunWith({"admin", "export", "--postgres", database, "--out", file_}), kExitOk) << err_;
  Stop();
  ASSERT_EQ(RunWith({"admin", "import", "--in", file_, "--data", root_ + "/c"}), kExitOk) << err_;
  ASSERT_NO_FATAL_FAILURE(Start(Files(root_ + "/c")));
  EXPECT_TRUE(Content() == content_);
}

}  // namespace
}  // namespace tandem::cli
