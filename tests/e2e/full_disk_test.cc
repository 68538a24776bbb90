// A disk that is full refuses writes with a reason, goes on reading, and loses nothing.
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "tests/e2e/clients.h"
#include "tests/e2e/records.h"
#include "tests/e2e/server_process.h"

namespace tandem::e2e {
namespace {

using ::testing::AnyOf;

class FullDiskTest : public testing::Test {
 protected:
  void StartServer(std::vector<std::string> launcher, int64_t most_file_bytes) {
    auto server = ServerProcess::StartReady(
        {"tandem-all-in-one", {"--data", data_, "--listen", "127.0.0.1:0"}, std::move(launcher), most_file_bytes});
    ASSERT_TRUE(server.ok()) << server.status();
    server_ = *std::move(server);
    clients_ = std::make_unique<Clients>(server_->address());
  }

  absl::StatusOr<projects::v1::Project> Write(int i) {
    projects::v1::CreateProjectRequest request;
    request.set_parent("editions/full");
    request.set_consistency_token(edition_token_);
    *request.mutable_project() = NewProject(absl::StrCat("p", i), i);
    request.mutable_project()->mutable_texts(0)->set_description(std::string(15'000, 'd'));
    return Call(clients_->projects.get(), &ProjectStub::CreateProject, request);
  }

  // Writes from number `first` on until a write is refused, which must not take more than `most`. Even a full disk may
  // take one more: what was refused gave its pages back.
  void WriteUntilRefused(int first, int most) {
    for (int i = first; i < first + most; ++i) {
      const auto created = Write(i);
      if (!created.ok()) {
        ExpectRefusedForTheDisk(created.status());
        return;
      }
      acknowledged_[created->name()] = ContentOf(*created);
    }
    FAIL() << "the disk takes everything";
  }

  void FillUp() {
    const auto edition = CreateEdition(clients_.get(), "full");
    ASSERT_TRUE(edition.ok()) << edition.status();
    edition_token_ = edition->consistency_token();
    ASSERT_NO_FATAL_FAILURE(WriteUntilRefused(0, 2000));
    EXPECT_GT(acknowledged_.size(), 0u);
  }

  void ExpectRefusedForTheDisk(const absl::Status& status) {
    refused_ = status;
    EXPECT_THAT(status.code(), AnyOf(absl::StatusCode::kResourceExhausted, absl::StatusCode::kUnavailable)) << status;
    EXPECT_EQ(ReasonOf(status),
              status.code() == absl::StatusCode::kResourceExhausted ? "STORE_FULL" : "STORE_UNAVAILABLE")
        << status;
  }

  void ExpectAllAcknowledgedReadable() {
    for (const auto& [name, content] : acknowledged_) {
      projects::v1::GetProjectRequest get;
      get.set_name(name);
      const auto project = Call(clients_->projects.get(), &ProjectStub::GetProject, get);
      ASSERT_TRUE(project.ok()) << name << ": " << project.status();
      EXPECT_EQ(ContentOf(*project), content);
    }
  }

  TempFolder folder_;
  std::string data_ = folder_.File("data");
  std::unique_ptr<ServerProcess> server_;
  std::unique_ptr<Clients> clients_;
  std::map<std::string, std::string> acknowledged_;  // content by name
  std::string edition_token_;
  absl::Status refused_;  // the newest refusal
};

TEST_F(FullDiskTest, AFileThatMayNotGrowRefusesWritesAndReadsGoOn) {
  ASSERT_NO_FATAL_FAILURE(StartServer({}, 2 << 20));
  ASSERT_NO_FATAL_FAILURE(FillUp());
  ExpectAllAcknowledgedReadable();
  for (int i = 1; i <= 3; ++i) ASSERT_NO_FATAL_FAILURE(WriteUntilRefused(10'000 * i, 100));
  server_->Signal(SIGTERM);
  EXPECT_EQ(*server_->Wait(), 0) << server_->err();

  ASSERT_NO_FATAL_FAILURE(StartServer({}, 0));
  ExpectAllAcknowledgedReadable();
  const auto created = Write(200'000);
  EXPECT_TRUE(created.ok()) << created.status();
}

TEST_F(FullDiskTest, AFullFileSystemRefusesWritesUntilThereIsRoom) {
  // The file system is the server's alone, in a mount namespace that goes with it: nothing is left behind.
  if (std::system("unshare --mount true 2>/dev/null") != 0) {
    GTEST_SKIP() << "mounting a small file system needs root";
  }
  std::filesystem::create_directory(data_);
  const std::string script = absl::StrCat("mount -t tmpfs -o size=8m none ", data_, " && head -c 3000000 /dev/zero > ",
                                          data_, "/ballast && exec \"$@\"");
  ASSERT_NO_FATAL_FAILURE(StartServer({"unshare", "--mount", "sh", "-c", script, "sh"}, 0));
  ASSERT_NO_FATAL_FAILURE(FillUp());
  EXPECT_EQ(ReasonOf(refused_), "STORE_FULL") << refused_;
  ExpectAllAcknowledgedReadable();
  ASSERT_NO_FATAL_FAILURE(WriteUntilRefused(10'000, 100));

  // Room again: writes go on without a restart.
  const std::string ballast = absl::StrCat("/proc/", server_->pid(), "/root", data_, "/ballast");
  ASSERT_TRUE(std::filesystem::remove(ballast));
  for (int i = 0; i < 20; ++i) {
    const auto created = Write(200'000 + i);
    ASSERT_TRUE(created.ok()) << created.status();
    acknowledged_[created->name()] = ContentOf(*created);
  }
  ExpectAllAcknowledgedReadable();
  server_->Signal(SIGTERM);
  EXPECT_EQ(*server_->Wait(), 0) << server_->err();
}

}  // namespace
}  // namespace tandem::e2e
