#include "common/rpc/service_main.h"

#include <iostream>
#include <signal.h>
#include <string>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "common/base/status.h"

namespace tandem::rpc {
namespace {

using ::testing::HasSubstr;
using ::testing::MatchesRegex;

// A service in a process of its own; this process must not use gRPC, which does not survive a fork.
class ServiceProcess {
 public:
  explicit ServiceProcess(std::vector<std::string> flags) {
    int out[2];
    int err[2];
    EXPECT_EQ(pipe(out), 0);
    EXPECT_EQ(pipe(err), 0);
    pid_ = fork();
    if (pid_ == 0) {
      dup2(out[1], STDOUT_FILENO);
      dup2(err[1], STDERR_FILENO);
      close(out[0]);
      close(err[0]);
      const int code = Serve(std::move(flags));
      std::cout.flush();
      _exit(code);  // past GoogleTest's own end
    }
    close(out[1]);
    close(err[1]);
    out_ = out[0];
    err_ = err[0];
  }
  ~ServiceProcess() {
    close(out_);
    close(err_);
  }

  std::string ReadLine() const {
    std::string line;
    for (char c; read(out_, &c, 1) == 1 && c != '\n';) line += c;
    return line;
  }
  void Signal(int signal) const { kill(pid_, signal); }
  int Wait() {
    std::string* const texts[] = {&stdout_, &stderr_};
    const int files[] = {out_, err_};
    for (int i = 0; i < 2; ++i) {
      for (char c; read(files[i], &c, 1) == 1;) *texts[i] += c;
    }
    int status = 0;
    waitpid(pid_, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
  }
  const std::string& out() const { return stdout_; }
  const std::string& err() const { return stderr_; }

 private:
  static int Serve(std::vector<std::string> flags) {
    flags.insert(flags.begin(), "thing-service");
    std::vector<char*> argv;
    for (std::string& flag : flags) argv.push_back(flag.data());
    ServiceMain service("thing-service", "Serves things.", "127.0.0.1:0");
    std::string mode;
    service.app().add_option("--mode", mode, "How to behave");
    return service.Run(static_cast<int>(argv.size()), argv.data(), [&](StopSignal& stop) -> absl::Status {
      TANDEM_ASSIGN_OR_RETURN(auto server, Server::Start(service.NewServerOptions({})));
      service.Announce(server->addresses(), "memory", "nothing");
      if (mode == "fail") return absl::UnavailableError("the store cannot be opened");
      server->SetReady(true);
      service.AnnounceReady();
      stop.Wait();
      if (mode == "hang") pause();
      server->Drain();
      return absl::OkStatus();
    });
  }

  pid_t pid_ = 0;
  int out_ = 0;
  int err_ = 0;
  std::string stdout_;
  std::string stderr_;
};

TEST(ServiceMainTest, SaysWhereItListensAndStopsOnEitherSignal) {
  for (const int signal : {SIGTERM, SIGINT}) {
    ServiceProcess process({});
    EXPECT_THAT(
        process.ReadLine(),
        MatchesRegex("thing-service [0-9.]+ listens on 127.0.0.1:[1-9][0-9]*; store: memory; waits for: nothing"));
    EXPECT_EQ(process.ReadLine(), "ready");
    process.Signal(signal);
    EXPECT_EQ(process.Wait(), 0);
    EXPECT_EQ(process.out(), "") << "nothing else on standard output";
  }
}

TEST(ServiceMainTest, ASecondSignalEndsAtOnce) {
  ServiceProcess process({"--mode", "hang"});
  process.ReadLine();
  EXPECT_EQ(process.ReadLine(), "ready");
  process.Signal(SIGTERM);
  // Two equal signals may merge into one; different ones do not.
  process.Signal(SIGINT);
  EXPECT_EQ(process.Wait(), 1);
}

TEST(ServiceMainTest, HelpAndVersionAreNoErrors) {
  ServiceProcess version({"--version"});
  EXPECT_EQ(version.Wait(), 0);
  EXPECT_EQ(version.out(), absl::StrCat("thing-service ", Version(), "\n"));
  ServiceProcess help({"--help"});
  EXPECT_EQ(help.Wait(), 0);
  EXPECT_THAT(help.out(), HasSubstr("--trust-network"));
}

TEST(ServiceMainTest, BadFlagsExitWithTwo) {
  for (const auto& flags : std::vector<std::vector<std::string>>{{"--unknown"},
                                                                 {"--listen", "nowhere"},
                                                                 {"--drain-seconds", "-1"},
                                                                 {"--log-level", "loud"},
                                                                 {"--tls-cert", "/dev/null"},
                                                                 {"--max-watches", "0"}}) {
    ServiceProcess process(flags);
    EXPECT_EQ(process.Wait(), 2) << flags[0];
    EXPECT_EQ(process.out(), "");
    EXPECT_NE(process.err(), "");
  }
}

TEST(ServiceMainTest, FailuresExitWithOneAndOneClearLine) {
  ServiceProcess failed({"--mode", "fail"});
  EXPECT_EQ(failed.Wait(), 1);
  EXPECT_EQ(failed.err(), "thing-service: the store cannot be opened\n");

  ServiceProcess first({});
  const std::string banner = first.ReadLine();
  const std::string address = banner.substr(banner.find("127."), banner.find(';') - banner.find("127."));
  ServiceProcess second({"--listen", address});
  EXPECT_EQ(second.Wait(), 1);
  EXPECT_EQ(second.err(), absl::StrCat("thing-service: cannot listen on ", address,
                                       ": the address is in use; choose another address with --listen\n"));
  first.Signal(SIGTERM);
  EXPECT_EQ(first.Wait(), 0);

  ServiceProcess exposed({"--listen", "0.0.0.0:0"});
  EXPECT_EQ(exposed.Wait(), 1);
  EXPECT_THAT(exposed.err(), HasSubstr("--trust-network"));
}

}  // namespace
}  // namespace tandem::rpc
