// How the programs start, refuse to start, and stop.
#include <atomic>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "tests/e2e/clients.h"
#include "tests/e2e/health_watch.h"
#include "tests/e2e/records.h"
#include "tests/e2e/server_process.h"

namespace tandem::e2e {
namespace {

using ::testing::AnyOf;
using ::testing::HasSubstr;
using ::testing::MatchesRegex;
using ::testing::StartsWith;

struct Program {
  std::string name;
  std::string database;  // a file of its data folder
};
void PrintTo(const Program& program, std::ostream* out) { *out << program.name; }

class ProgramTest : public testing::TestWithParam<Program> {
 protected:
  // Flags of a server of this program on the data folder; what it follows need not be there.
  std::vector<std::string> Flags(const std::string& listen = "127.0.0.1:0") const {
    std::vector<std::string> flags = {"--data", data_, "--listen", listen};
    const std::string nobody = absl::StrCat("unix:", folder_.File("nobody"));
    if (GetParam().name == "tandem-pairing") {
      flags.insert(flags.end(), {"--projects", nobody, "--investors", nobody});
    } else if (GetParam().name != "tandem-all-in-one") {
      flags.insert(flags.end(), {"--editions", nobody});
    }
    return flags;
  }

  std::unique_ptr<ServerProcess> Start(std::vector<std::string> flags) {
    auto process = ServerProcess::Start({GetParam().name, std::move(flags), {}, 0});
    EXPECT_TRUE(process.ok()) << process.status();
    return *std::move(process);
  }

  // A server that has opened its store; tandem-pairing is not ready without the others.
  std::unique_ptr<ServerProcess> StartAnnounced() {
    auto process = Start(Flags());
    if (GetParam().name == "tandem-pairing") {
      Clients clients(WaitForAddress(process.get()));
      EXPECT_TRUE(Call(clients.pairing.get(), &PairingStub::GetIndexStatus, {}, absl::Seconds(30), true).ok());
    } else {
      EXPECT_TRUE(process->WaitUntilReady().ok()) << process->err();
    }
    return process;
  }

  static std::string WaitForAddress(ServerProcess* process) {
    // WaitUntilReady returns at the deadline or at the end, so this polls the banner without a pause of its own.
    while (process->address().empty() && !process->WaitUntilReady(absl::Milliseconds(20)).ok() &&
           !process->Wait(absl::ZeroDuration()).ok()) {
    }
    return process->address();
  }

  // One sentence on stderr, which says `part`, and a failure.
  void ExpectRefusal(ServerProcess* process, const std::string& part) {
    const auto code = process->Wait();
    ASSERT_TRUE(code.ok()) << code.status();
    EXPECT_EQ(*code, 1);
    EXPECT_EQ(process->out(), "");
    const std::vector<std::string> lines = absl::StrSplit(process->err(), '\n', absl::SkipEmpty());
    ASSERT_EQ(lines.size(), 1u) << process->err();
    EXPECT_THAT(lines[0], StartsWith(absl::StrCat(GetParam().name, ": ")));
    EXPECT_THAT(lines[0], HasSubstr(part));
  }

  TempFolder folder_;
  std::string data_ = folder_.File("data");
};

TEST_P(ProgramTest, HelpAndVersionExitWithZero) {
  const auto help = Start({"--help"});
  EXPECT_EQ(*help->Wait(), 0);
  EXPECT_EQ(help->err(), "");
  for (const char* flag : {"--data", "--listen", "--keys", "--tls-cert", "--version"}) {
    EXPECT_THAT(help->out(), HasSubstr(flag));
  }
  const auto version = Start({"--version"});
  EXPECT_EQ(*version->Wait(), 0);
  EXPECT_THAT(version->out(), MatchesRegex(absl::StrCat(GetParam().name, " [0-9]+\\.[0-9]+\\.[0-9]+\n")));
  const auto unknown = Start({"--no-such-flag"});
  EXPECT_EQ(*unknown->Wait(), 2);
  EXPECT_THAT(unknown->err(), HasSubstr("--no-such-flag"));
  EXPECT_FALSE(std::filesystem::exists(data_)) << "asking leaves nothing behind";
}

TEST_P(ProgramTest, TheBannerSaysWhereItListensWhereItsStoreIsAndWhatItWaitsFor) {
  const auto process = StartAnnounced();
  EXPECT_THAT(process->out(), MatchesRegex(absl::StrCat(
                                  GetParam().name, " [0-9.]+ listens on 127\\.0\\.0\\.1:[1-9][0-9]*; store: sqlite ",
                                  data_, "[^;]*; waits for: [^;]+\n(ready\n)?")));
  process->Signal(SIGTERM);
  EXPECT_EQ(*process->Wait(), 0) << process->err();
}

TEST_P(ProgramTest, APortInUseIsRefused) {
  const auto first = StartAnnounced();
  data_ = folder_.File("other");
  const auto second = Start(Flags(first->address()));
  ExpectRefusal(second.get(), absl::StrCat("cannot listen on ", first->address()));
}

TEST_P(ProgramTest, ASecondProcessOnTheSameDataIsRefused) {
  const auto first = StartAnnounced();
  const auto second = Start(Flags());
  ExpectRefusal(second.get(), data_);
}

TEST_P(ProgramTest, ACorruptDatabaseIsRefused) {
  {
    const auto process = StartAnnounced();
    process->Signal(SIGTERM);
    ASSERT_EQ(*process->Wait(), 0) << process->err();
  }
  const std::string database = absl::StrCat(data_, "/", GetParam().database);
  const auto size = std::filesystem::file_size(database);
  std::ofstream(database, std::ios::binary | std::ios::trunc) << std::string(size, 'x');
  const auto process = Start(Flags());
  ExpectRefusal(process.get(), GetParam().database);
}

TEST_P(ProgramTest, ADatabaseCutShortIsRefused) {
  {
    const auto process = StartAnnounced();
    process->Signal(SIGTERM);
    ASSERT_EQ(*process->Wait(), 0) << process->err();
  }
  const std::string database = absl::StrCat(data_, "/", GetParam().database);
  std::filesystem::resize_file(database, std::filesystem::file_size(database) / 2);
  const auto process = Start(Flags());
  ExpectRefusal(process.get(), GetParam().database);
}

TEST_P(ProgramTest, ADataFolderThatCannotBeMadeIsRefused) {
  std::ofstream(data_) << "a file in the way";
  const auto process = Start(Flags());
  ExpectRefusal(process.get(), data_);
}

INSTANTIATE_TEST_SUITE_P(Programs, ProgramTest,
                         testing::Values(Program{"tandem-all-in-one", "projects.db"},
                                         Program{"tandem-projects", "projects.db"},
                                         Program{"tandem-investors", "investors.db"},
                                         Program{"tandem-pairing", "editions.db"}),
                         [](const auto& parameter) {
                           std::string name;
                           for (const char c : parameter.param.name) name += c == '-' ? '_' : c;
                           return name;
                         });

TEST(CommandLineTest, HelpAndVersionExitWithZero) {
  for (const char* flag : {"--help", "--version"}) {
    const auto process = ServerProcess::Start({"tandem", {flag}, {}, 0});
    ASSERT_TRUE(process.ok());
    EXPECT_EQ(*(*process)->Wait(), 0) << flag;
    EXPECT_THAT((*process)->out(), HasSubstr("tandem"));
    EXPECT_EQ((*process)->err(), "");
  }
}

// A watch that is read to its end.
template <typename Stub, typename Request, typename Response>
class OpenWatch {
 public:
  OpenWatch(Stub* stub,
            std::unique_ptr<grpc::ClientReader<Response>> (Stub::*method)(grpc::ClientContext*, const Request&),
            const Request& request) {
    rpc::SetDeadline(&context_, absl::Minutes(2));
    reader_ = (stub->*method)(&context_, request);
    EXPECT_TRUE(reader_->Read(&first_)) << "the watch is open once its first stretch came";
    thread_ = std::thread([this] {
      Response response;
      while (reader_->Read(&response)) {
      }
      status_ = reader_->Finish();
    });
  }
  ~OpenWatch() {
    if (thread_.joinable()) Join();
  }
  grpc::Status Join() {
    thread_.join();
    return status_;
  }

 private:
  grpc::ClientContext context_;
  Response first_;
  std::unique_ptr<grpc::ClientReader<Response>> reader_;
  grpc::Status status_;
  std::thread thread_;
};

class StopTest : public testing::Test {
 protected:
  void StartServer(std::vector<std::string> more = {}) {
    std::vector<std::string> flags = {"--data", folder_.File("data"), "--listen", "127.0.0.1:0"};
    flags.insert(flags.end(), more.begin(), more.end());
    auto server = ServerProcess::StartReady({"tandem-all-in-one", flags, {}, 0});
    ASSERT_TRUE(server.ok()) << server.status();
    server_ = *std::move(server);
    clients_ = std::make_unique<Clients>(server_->address());
  }

  // Creates projects until a call fails; what was acknowledged goes to `acknowledged`.
  absl::Status WriteUntilRefused(int writer, std::map<std::string, std::string>* acknowledged) {
    for (int i = 0;; ++i) {
      projects::v1::CreateProjectRequest request;
      request.set_parent("editions/stop");
      *request.mutable_project() = NewProject(absl::StrCat("w", writer, "-", i), i);
      const auto created = Call(clients_->projects.get(), &ProjectStub::CreateProject, request);
      if (!created.ok()) return created.status();
      (*acknowledged)[created->name()] = ContentOf(*created);
      writes_ += 1;
    }
  }

  TempFolder folder_;
  std::unique_ptr<ServerProcess> server_;
  std::unique_ptr<Clients> clients_;
  std::atomic<int> writes_ = 0;
};

TEST_F(StopTest, SigtermUnderLoadLosesNothingSaysSoFirstAndEndsStreamsCleanly) {
  ASSERT_NO_FATAL_FAILURE(StartServer({"--lame-duck-seconds", "1", "--drain-seconds", "20"}));
  const auto edition = CreateEdition(clients_.get(), "stop");
  ASSERT_TRUE(edition.ok()) << edition.status();
  const auto first = PublishProject(clients_.get(), "editions/stop", "first", edition->consistency_token());
  ASSERT_TRUE(first.ok()) << first.status();

  projects::v1::WatchProjectsRequest watch_projects;
  watch_projects.set_parent("editions/stop");
  OpenWatch of_projects(clients_->projects.get(), &ProjectStub::WatchProjects, watch_projects);
  investors::v1::WatchInvestorsRequest watch_investors;
  watch_investors.set_parent("editions/-");
  OpenWatch of_investors(clients_->investors.get(), &InvestorStub::WatchInvestors, watch_investors);
  OpenWatch of_editions(clients_->editions.get(), &EditionStub::WatchEditions, pairing::v1::WatchEditionsRequest());
  auto health = std::make_unique<HealthWatch>(clients_->projects_channel, "");
  ASSERT_TRUE(health->WaitFor(Health::kServing));

  constexpr int kWriters = 4;
  std::vector<std::map<std::string, std::string>> acknowledged(kWriters);
  std::vector<absl::Status> ends(kWriters);
  std::vector<std::thread> writers;
  for (int i = 0; i < kWriters; ++i) {
    writers.emplace_back([&, i] { ends[size_t(i)] = WriteUntilRefused(i, &acknowledged[size_t(i)]); });
  }
  while (writes_ < 100) std::this_thread::yield();

  server_->Signal(SIGTERM);
  EXPECT_TRUE(health->WaitFor(Health::kNotServing)) << "NOT_SERVING comes before the door closes";
  // The lame duck still serves, for those who have not looked at its health yet.
  projects::v1::GetProjectRequest get;
  get.set_name(first->name());
  const auto served = Call(clients_->projects.get(), &ProjectStub::GetProject, get);
  EXPECT_TRUE(served.ok()) << served.status();
  health.reset();  // gRPC's own health service ends its watches only when the drain time is over

  for (std::thread& writer : writers) writer.join();
  for (const absl::Status& end : ends) {
    // CANCELLED: gRPC's answer to a call that came in with the goodbye and never reached the service.
    EXPECT_THAT(end.code(), AnyOf(absl::StatusCode::kUnavailable, absl::StatusCode::kCancelled)) << end;
  }
  for (const grpc::Status& end : {of_projects.Join(), of_investors.Join(), of_editions.Join()}) {
    EXPECT_TRUE(end.ok()) << end.error_code() << " " << end.error_message();
  }
  const auto code = server_->Wait(absl::Seconds(30));
  ASSERT_TRUE(code.ok()) << code.status();
  EXPECT_EQ(*code, 0) << server_->err();

  ASSERT_NO_FATAL_FAILURE(StartServer());
  for (const auto& of_writer : acknowledged) {
    for (const auto& [name, content] : of_writer) {
      get.set_name(name);
      const auto project = Call(clients_->projects.get(), &ProjectStub::GetProject, get);
      ASSERT_TRUE(project.ok()) << "lost the acknowledged " << name << ": " << project.status();
      EXPECT_EQ(ContentOf(*project), content);
    }
  }
}

TEST_F(StopTest, SigtermWhileStartingIsNoFailure) {
  for (int i = 0; i < 5; ++i) {
    auto server =
        ServerProcess::Start({"tandem-all-in-one", {"--data", folder_.File("data"), "--listen", "127.0.0.1:0"}, {}, 0});
    ASSERT_TRUE(server.ok());
    while ((*server)->address().empty()) {
      ASSERT_FALSE((*server)->Wait(absl::ZeroDuration()).ok()) << (*server)->err();
      std::this_thread::yield();
    }
    (*server)->Signal(SIGTERM);
    const auto code = (*server)->Wait();
    ASSERT_TRUE(code.ok()) << code.status();
    EXPECT_EQ(*code, 0) << (*server)->err();
  }
}

}  // namespace
}  // namespace tandem::e2e
