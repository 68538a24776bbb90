#include "common/rpc/channel.h"

#include <arpa/inet.h>
#include <array>
#include <atomic>
#include <chrono>
#include <memory>
#include <netinet/in.h>
#include <poll.h>
#include <string>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>
#include <vector>

#include "absl/strings/str_cat.h"
#include "grpcpp/server.h"
#include "grpcpp/server_builder.h"
#include "gtest/gtest.h"

#include "common/rpc/server.h"
#include "tandem/projects/v1/project_service.grpc.pb.h"

namespace tandem::rpc {
namespace {

using projects::v1::ProjectService;

// Refuses its first calls.
class AnyService final : public ProjectService::Service {
 public:
  explicit AnyService(int refused = 0, grpc::StatusCode code = grpc::StatusCode::UNAVAILABLE)
      : refused_(refused), code_(code) {}
  grpc::Status GetProject(grpc::ServerContext*, const projects::v1::GetProjectRequest*,
                          projects::v1::Project*) override {
    return ++calls_ <= refused_ ? grpc::Status(code_, "not yet") : grpc::Status::OK;
  }
  grpc::Status UpdateProject(grpc::ServerContext*, const projects::v1::UpdateProjectRequest*,
                             projects::v1::Project*) override {
    return ++calls_ <= refused_ ? grpc::Status(code_, "not yet") : grpc::Status::OK;
  }
  int calls() const { return calls_; }

 private:
  const int refused_;
  const grpc::StatusCode code_;
  std::atomic<int> calls_ = 0;
};

// A server without any limits of ours.
class BareServer {
 public:
  explicit BareServer(AnyService* service) {
    grpc::ServerBuilder builder;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port_);
    builder.RegisterService(service);
    server_ = builder.BuildAndStart();
    EXPECT_NE(server_, nullptr);
  }
  ~BareServer() { Shutdown(); }
  void Shutdown() { server_->Shutdown(); }
  std::string address() const { return absl::StrCat("127.0.0.1:", port_); }
  int port() const { return port_; }

 private:
  int port_ = 0;
  std::unique_ptr<grpc::Server> server_;
};

grpc::Status Get(ProjectService::Stub* stub) {
  grpc::ClientContext context;
  projects::v1::Project project;
  return stub->GetProject(&context, {}, &project);
}

sockaddr_in Loopback(int port) {
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<uint16_t>(port));
  return address;
}

// Accepts one connection to a port of its own, keeps still for a while, and only then passes bytes on to `port`.
class SlowDoor {
 public:
  SlowDoor(int port, std::chrono::milliseconds wait) : listener_(socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address = Loopback(0);
    EXPECT_EQ(bind(listener_, reinterpret_cast<sockaddr*>(&address), sizeof(address)), 0);
    EXPECT_EQ(listen(listener_, 8), 0);
    socklen_t size = sizeof(address);
    EXPECT_EQ(getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size), 0);
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this, port, wait] { Pass(port, wait); });
  }
  ~SlowDoor() {
    shutdown(listener_, SHUT_RDWR);
    thread_.join();
    close(listener_);
  }
  int port() const { return port_; }

 private:
  void Pass(int port, std::chrono::milliseconds wait) {
    const int client = accept(listener_, nullptr, nullptr);
    if (client < 0) return;
    std::this_thread::sleep_for(wait);  // the fault that is injected
    const int server = socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address = Loopback(port);
    EXPECT_EQ(connect(server, reinterpret_cast<sockaddr*>(&address), sizeof(address)), 0);
    std::array<char, 4096> bytes;
    for (bool open = true; open;) {
      std::array<pollfd, 2> ends = {{{client, POLLIN, 0}, {server, POLLIN, 0}}};
      poll(ends.data(), ends.size(), -1);
      for (size_t i = 0; i < 2; ++i) {
        if (ends[i].revents == 0) continue;
        const ssize_t size = read(ends[i].fd, bytes.data(), bytes.size());
        open = size > 0 && write(ends[1 - i].fd, bytes.data(), static_cast<size_t>(size)) == size;
        if (!open) break;
      }
    }
    close(client);
    close(server);
  }

  const int listener_;
  int port_ = 0;
  std::thread thread_;
};

TEST(ChannelTest, AServerThatIsSlowToGreetIsWaitedFor) {
  AnyService service;
  BareServer server(&service);
  const SlowDoor door(server.port(), std::chrono::milliseconds(700));
  const auto stub = ProjectService::NewStub(NewChannel(absl::StrCat("127.0.0.1:", door.port()), {}));
  const grpc::Status status = Get(stub.get());  // which does not wait for a server to be ready
  EXPECT_TRUE(status.ok()) << status.error_message();
}

TEST(ChannelTest, AnUnavailableCallIsTriedUpToFiveTimes) {
  for (const int refused : {4, 5}) {
    AnyService service(refused);
    BareServer server(&service);
    const auto stub = ProjectService::NewStub(NewChannel(server.address()));
    EXPECT_EQ(Get(stub.get()).ok(), refused == 4);
    EXPECT_EQ(service.calls(), 5);
  }
}

TEST(ChannelTest, WhatIsNotUnavailableIsNotTriedAgain) {
  AnyService service(1, grpc::StatusCode::ABORTED);
  BareServer server(&service);
  const auto stub = ProjectService::NewStub(NewChannel(server.address()));
  EXPECT_EQ(Get(stub.get()).error_code(), grpc::StatusCode::ABORTED);
  EXPECT_EQ(service.calls(), 1);
}

TEST(ChannelTest, ALargeRequestIsTriedAgainToo) {
  AnyService service(2);
  BareServer server(&service);
  const auto stub = ProjectService::NewStub(NewChannel(server.address()));
  projects::v1::UpdateProjectRequest request;
  request.mutable_project()->set_name(std::string(3 << 20, 'n'));
  grpc::ClientContext context;
  projects::v1::Project project;
  const grpc::Status status = stub->UpdateProject(&context, request, &project);
  EXPECT_TRUE(status.ok()) << status.error_message();
  EXPECT_EQ(service.calls(), 3);
}

TEST(ChannelTest, WhoAsksForHealthyReplicasCallsNoOther) {
  AnyService service;
  ServerOptions serving;
  serving.addresses = {"127.0.0.1:0"};
  serving.services = {{ProjectService::service_full_name(), &service}};
  const auto server = Server::Start(std::move(serving));
  ASSERT_TRUE(server.ok()) << server.status();
  ChannelOptions options;
  options.only_healthy = true;
  const auto stub = ProjectService::NewStub(NewChannel((*server)->addresses().front(), options));
  EXPECT_EQ(Get(stub.get()).error_code(), grpc::StatusCode::UNAVAILABLE);
  EXPECT_EQ(service.calls(), 0);
  const auto follower = ProjectService::NewStub(NewChannel((*server)->addresses().front()));
  EXPECT_TRUE(Get(follower.get()).ok());
  (*server)->SetReady(true);
  grpc::ClientContext context;
  context.set_wait_for_ready(true);
  projects::v1::Project project;
  EXPECT_TRUE(stub->GetProject(&context, {}, &project).ok());
}

TEST(ChannelTest, AReplicaThatGoesAwayFailsNoCall) {
  AnyService service;
  const auto start = [&service] {
    ServerOptions options;
    options.addresses = {"127.0.0.1:0"};
    options.services = {{ProjectService::service_full_name(), &service}};
    options.lame_duck = absl::Seconds(2);  // for the news to reach the callers
    auto server = Server::Start(std::move(options));
    EXPECT_TRUE(server.ok()) << server.status();
    (*server)->SetReady(true);
    return *std::move(server);
  };
  const auto stays = start(), goes = start();
  ChannelOptions options;
  options.only_healthy = true;
  const auto stub = ProjectService::NewStub(
      NewChannel(absl::StrCat("ipv4:127.0.0.1:", goes->port(), ",127.0.0.1:", stays->port()), options));
  std::atomic<bool> gone = false;
  std::vector<std::thread> callers;
  for (int i = 0; i < 4; ++i) {
    callers.emplace_back([&] {
      for (int after = 0; after < 100; after += gone ? 1 : 0) {
        const grpc::Status status = Get(stub.get());
        ASSERT_TRUE(status.ok()) << status.error_code() << " " << status.error_message();
      }
    });
  }
  while (service.calls() < 200) std::this_thread::yield();
  goes->Drain();
  gone = true;
  for (std::thread& caller : callers) caller.join();
}

}  // namespace
}  // namespace tandem::rpc
