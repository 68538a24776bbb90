#include "common/rpc/channel.h"

#include <arpa/inet.h>
#include <array>
#include <chrono>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>

#include "absl/strings/str_cat.h"
#include "grpcpp/server.h"
#include "grpcpp/server_builder.h"
#include "gtest/gtest.h"

#include "tandem/projects/v1/project_service.grpc.pb.h"

namespace tandem::rpc {
namespace {

using projects::v1::ProjectService;

class AnyService final : public ProjectService::Service {
 public:
  grpc::Status GetProject(grpc::ServerContext*, const projects::v1::GetProjectRequest*,
                          projects::v1::Project*) override {
    return grpc::Status::OK;
  }
};

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
  int port = 0;
  grpc::ServerBuilder builder;
  builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
  builder.RegisterService(&service);
  const auto server = builder.BuildAndStart();
  ASSERT_NE(server, nullptr);
  {
    const SlowDoor door(port, std::chrono::milliseconds(700));
    const auto stub = ProjectService::NewStub(NewChannel(absl::StrCat("127.0.0.1:", door.port()), {}));
    grpc::ClientContext context;  // which does not wait for a server to be ready
    projects::v1::Project project;
    const grpc::Status status = stub->GetProject(&context, {}, &project);
    EXPECT_TRUE(status.ok()) << status.error_message();
  }
  server->Shutdown();
}

}  // namespace
}  // namespace tandem::rpc
