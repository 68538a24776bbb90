#include "tests/support/redis_server.h"

#include <chrono>
#include <csignal>
#include <filesystem>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include "common/base/status.h"
#include "tests/support/child.h"
#include "tests/support/resp.h"
#include "tests/support/sockets.h"

namespace tandem::testing {
namespace {

constexpr char kProgram[] = "/usr/bin/redis-server";
constexpr std::chrono::seconds kPatience{20};

// Sends one command and waits for its whole reply.
absl::StatusOr<std::string> Ask(const Socket& socket, const std::vector<std::string>& words) {
  const std::string command = CommandFrame(words);
  if (send(socket.fd(), command.data(), command.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(command.size())) {
    return absl::UnavailableError("the private Redis does not take a command");
  }
  std::string reply;
  while (RespFrameSize(reply).value_or(1) == 0) {
    char buffer[4096];
    const ssize_t count = recv(socket.fd(), buffer, sizeof buffer, 0);
    if (count <= 0) return absl::UnavailableError("the private Redis does not answer");
    reply.append(buffer, static_cast<size_t>(count));
  }
  if (absl::StartsWith(reply, "-")) return absl::InternalError(reply.substr(1, reply.size() - 3));
  const std::optional<absl::string_view> bulk = RespBulk(reply);
  return bulk ? std::string(*bulk) : reply;
}

}  // namespace

bool RedisServer::Installed() { return access(kProgram, X_OK) == 0; }

RedisServer::RedisServer(std::string folder, std::vector<std::string> arguments)
    : folder_(std::move(folder)), socket_(folder_ + "/redis.sock"), arguments_(std::move(arguments)) {}

absl::StatusOr<std::unique_ptr<RedisServer>> RedisServer::Start(std::vector<std::string> arguments) {
  if (!Installed()) {
    return absl::UnavailableError(absl::StrCat("there is no ", kProgram, "; install the package `redis-server`"));
  }
  TANDEM_ASSIGN_OR_RETURN(const std::string folder, NewTemporaryFolder("tandem-redis"));
  std::unique_ptr<RedisServer> server(new RedisServer(folder, std::move(arguments)));
  // Another process may take the port between our letting go of it and the server's start: then another one.
  absl::Status status;
  for (int attempt = 0; attempt < 5; ++attempt) {
    server->port_ = PortOf(ListenOnLoopback());
    status = server->Restart();
    if (status.ok()) return server;
  }
  return status;
}

RedisServer::~RedisServer() {
  Kill(SIGKILL);
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

absl::StatusOr<std::string> RedisServer::Command(const std::vector<std::string>& words,
                                                 const std::string& password) const {
  const Socket socket = ConnectToPath(socket_);
  if (!socket.valid()) return absl::UnavailableError("the private Redis does not listen");
  const timeval patience{.tv_sec = kPatience.count(), .tv_usec = 0};
  setsockopt(socket.fd(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  if (!password.empty()) TANDEM_RETURN_IF_ERROR(Ask(socket, {"AUTH", password}).status());
  return Ask(socket, words);
}

void RedisServer::Kill(int signal) {
  if (process_ <= 0) return;
  if (signal != SIGKILL) Resume();
  kill(process_, signal);
  waitpid(process_, nullptr, 0);
  process_ = -1;
}

absl::Status RedisServer::Restart() {
  Kill(SIGKILL);
  unlink(socket_.c_str());
  std::vector<std::string> words = {kProgram,
                                    "--port",
                                    absl::StrCat(port_),
                                    "--bind",
                                    "127.0.0.1",
                                    "--unixsocket",
                                    socket_,
                                    "--dir",
                                    folder_,
                                    "--save",
                                    "",
                                    "--appendonly",
                                    "no",
                                    "--daemonize",
                                    "no"};
  words.insert(words.end(), arguments_.begin(), arguments_.end());
  ChildOptions child;
  child.words = std::move(words);
  child.out = folder_ + "/log";
  process_ = StartChild(child);
  const auto deadline = std::chrono::steady_clock::now() + kPatience;
  while (std::chrono::steady_clock::now() < deadline) {
    int status = 0;
    if (waitpid(process_, &status, WNOHANG) == process_) {
      process_ = -1;
      return absl::UnavailableError(absl::StrCat("the private Redis ended with ", status));
    }
    // With a password set it answers NOAUTH, which is an answer.
    const absl::StatusOr<std::string> pong = Command({"PING"});
    if (pong.ok() || absl::IsInternal(pong.status())) return absl::OkStatus();
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  return absl::DeadlineExceededError("the private Redis did not start");
}

void RedisServer::Pause() {
  if (process_ > 0) kill(process_, SIGSTOP);
}

void RedisServer::Resume() {
  if (process_ > 0) kill(process_, SIGCONT);
}

}  // namespace tandem::testing
