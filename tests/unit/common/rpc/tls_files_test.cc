#include "common/rpc/tls_files.h"

#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <unistd.h>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

#include "common/rpc/channel.h"
#include "common/rpc/server.h"
#include "common/rpc/status_conversion.h"
#include "tandem/projects/v1/project_service.grpc.pb.h"

namespace tandem::rpc {
namespace {

using projects::v1::ProjectService;

class TlsTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder_ = std::filesystem::path(::testing::TempDir()) / absl::StrCat("tandem-tls-", getpid());
    std::filesystem::create_directories(folder_);
    made_ = true;
    for (const char* authority : {"mesh", "stranger"}) {
      Run(absl::StrCat("req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 1 -subj /CN=", authority,
                       " -keyout ", Path(authority, "-ca.key"), " -out ", Path(authority, "-ca.pem")));
      Run(absl::StrCat("req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=localhost -keyout ",
                       Path(authority, ".key"), " -out ", Path(authority, ".csr")));
      const std::string names = Path(authority, ".ext");
      if (std::system(absl::StrCat("echo subjectAltName=DNS:localhost,IP:127.0.0.1 > ", names).c_str()) != 0)
        made_ = false;
      Run(absl::StrCat("x509 -req -days 1 -in ", Path(authority, ".csr"), " -CA ", Path(authority, "-ca.pem"),
                       " -CAkey ", Path(authority, "-ca.key"), " -CAcreateserial -extfile ", names, " -out ",
                       Path(authority, ".pem")));
    }
  }
  static void TearDownTestSuite() { std::filesystem::remove_all(folder_); }

  static void Run(const std::string& arguments) {
    if (std::system(absl::StrCat("openssl ", arguments, " >/dev/null 2>&1").c_str()) != 0) made_ = false;
  }
  static std::string Path(const std::string& name, const std::string& suffix) {
    return (folder_ / absl::StrCat(name, suffix)).string();
  }
  // The certificate of `who`, believing in those of `ca`.
  static TlsFiles Files(const std::string& who, const std::string& ca) {
    return {Path(who, ".pem"), Path(who, ".key"), Path(ca, "-ca.pem")};
  }

  void SetUp() override {
    if (!made_) GTEST_SKIP() << "the openssl program cannot make certificates here";
    ServerOptions options;
    options.addresses = {"0.0.0.0:0"};
    options.services = {{ProjectService::service_full_name(), &service_}};
    options.tls = Files("mesh", "mesh");
    auto server = Server::Start(options);
    ASSERT_TRUE(server.ok()) << server.status();
    server_ = *std::move(server);
  }
  absl::StatusCode CodeWith(const TlsFiles& files) {
    ChannelOptions options;
    options.tls = files;
    options.tls_server_name = "localhost";
    const auto stub = ProjectService::NewStub(NewChannel(absl::StrCat("127.0.0.1:", server_->port()), options));
    grpc::ClientContext context;
    SetDeadline(&context, absl::Seconds(20));
    projects::v1::Project project;
    return FromGrpc(stub->GetProject(&context, {}, &project)).code();
  }

  static std::filesystem::path folder_;
  static bool made_;
  ProjectService::Service service_;  // every method is UNIMPLEMENTED
  std::unique_ptr<Server> server_;
};

std::filesystem::path TlsTest::folder_;
bool TlsTest::made_ = false;

TEST_F(TlsTest, OnlyCertificatesOfTheAuthorityGetThrough) {
  EXPECT_EQ(CodeWith(Files("mesh", "mesh")), absl::StatusCode::kUnimplemented);
  EXPECT_EQ(CodeWith(Files("stranger", "mesh")), absl::StatusCode::kUnavailable) << "a caller of another authority";
  EXPECT_EQ(CodeWith(Files("mesh", "stranger")), absl::StatusCode::kUnavailable) << "a server of another authority";
  EXPECT_EQ(CodeWith(TlsFiles()), absl::StatusCode::kUnavailable) << "plaintext";
}

TEST_F(TlsTest, FilesThatCannotBeReadAreNamed) {
  TlsFiles files = Files("mesh", "mesh");
  files.key = Path("none", ".key");
  const absl::Status status = CheckTlsFiles(files);
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_NE(std::string(status.message()).find(files.key), std::string::npos);
  files.key.clear();
  EXPECT_EQ(CheckTlsFiles(files).code(), absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace tandem::rpc
