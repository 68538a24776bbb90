#include "common/rpc/gathered_writes.h"

#include <chrono>
#include <memory>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>
#include <vector>

#include "absl/types/optional.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "common/rpc/worker_service.h"
#include "tandem/projects/v1/project_service.grpc.pb.h"
#include "tests/unit/common/rpc/served_fixture.h"

namespace tandem::rpc {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

bool IsWithoutDelay(int connection) {
  int value = 0;
  socklen_t length = sizeof(value);
  EXPECT_EQ(getsockopt(connection, IPPROTO_TCP, TCP_NODELAY, &value, &length), 0);
  return value != 0;
}

// Whether all of `connections` come to be so before half a minute is over.
bool AwaitWithoutDelay(const std::vector<int>& connections, bool wanted) {
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  for (const int connection : connections) {
    while (IsWithoutDelay(connection) != wanted) {
      if (std::chrono::steady_clock::now() > until) return false;
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
  }
  return true;
}

// A socket that listens on a port of its own of the loopback, as gRPC has one: what it accepts is without delay.
class Listener {
 public:
  explicit Listener(int family = AF_INET) : socket_(::socket(family, SOCK_STREAM, 0)) {
    sockaddr_storage address = Loopback(family, 0);
    const int on = 1;
    if (bind(socket_, reinterpret_cast<sockaddr*>(&address), sizeof(address)) != 0) return;
    EXPECT_EQ(setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on)), 0);
    EXPECT_EQ(listen(socket_, 16), 0);
    socklen_t length = sizeof(address);
    EXPECT_EQ(getsockname(socket_, reinterpret_cast<sockaddr*>(&address), &length), 0);
    port_ = ntohs(family == AF_INET ? reinterpret_cast<sockaddr_in&>(address).sin_port
                                    : reinterpret_cast<sockaddr_in6&>(address).sin6_port);
    family_ = family;
  }
  ~Listener() {
    close(socket_);
    for (const int opened : opened_) close(opened);
  }
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;

  int port() const { return port_; }  // 0 where the machine has no such addresses

  int Accept() {
    const int client = ::socket(family_, SOCK_STREAM, 0);
    const sockaddr_storage address = Loopback(family_, port_);
    EXPECT_EQ(connect(client, reinterpret_cast<const sockaddr*>(&address), sizeof(address)), 0);
    const int accepted = accept(socket_, nullptr, nullptr);
    EXPECT_GE(accepted, 0);
    opened_.insert(opened_.end(), {client, accepted});
    return accepted;
  }

 private:
  static sockaddr_storage Loopback(int family, int port) {
    sockaddr_storage address{};
    address.ss_family = static_cast<sa_family_t>(family);
    if (family == AF_INET) {
      auto& v4 = reinterpret_cast<sockaddr_in&>(address);
      v4.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
      v4.sin_port = htons(static_cast<uint16_t>(port));
    } else {
      auto& v6 = reinterpret_cast<sockaddr_in6&>(address);
      v6.sin6_addr = in6addr_loopback;
      v6.sin6_port = htons(static_cast<uint16_t>(port));
    }
    return address;
  }

  const int socket_;
  int port_ = 0;
  int family_ = 0;
  std::vector<int> opened_;
};

TEST(AcceptedOnTest, FindsWhatOthersBeganOnThesePortsOnly) {
  Listener one, other;
  int pair[2];
  ASSERT_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
  EXPECT_THAT(AcceptedOn({one.port()}), IsEmpty()) << "neither who listens nor what is no connection";
  const int first = one.Accept(), second = one.Accept(), third = other.Accept();
  EXPECT_THAT(AcceptedOn({one.port()}), UnorderedElementsAre(first, second));
  EXPECT_THAT(AcceptedOn({one.port(), other.port()}), UnorderedElementsAre(first, second, third));
  EXPECT_THAT(AcceptedOn({}), IsEmpty());
  close(pair[0]);
  close(pair[1]);
}

TEST(AcceptedOnTest, FindsConnectionsOfIpVersion6) {
  Listener listener(AF_INET6);
  if (listener.port() == 0) GTEST_SKIP() << "no IPv6 here";
  const int accepted = listener.Accept();
  EXPECT_THAT(AcceptedOn({listener.port()}), ElementsAre(accepted));
}

TEST(GatheredWritesTest, RefusalsSwitchTheConnectionsOfTheirServersUntilThereAreNoMore) {
  Listener served, foreign;
  const GatheredWrites writes({served.port()});
  const int early = served.Accept(), another = foreign.Accept();
  EXPECT_TRUE(IsWithoutDelay(early)) << "not before somebody is refused";
  NoteRefusal();
  EXPECT_TRUE(AwaitWithoutDelay({early}, false));
  const int late = served.Accept();
  for (bool gathered = false; !gathered; gathered = !IsWithoutDelay(late)) {
    NoteRefusal();  // it goes on
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  EXPECT_TRUE(IsWithoutDelay(another));
  EXPECT_TRUE(AwaitWithoutDelay({early, late}, true)) << "it is over";
  NoteRefusal();
  EXPECT_TRUE(AwaitWithoutDelay({early, late}, false)) << "and can come again";
}

TEST(GatheredWritesTest, AServerThatEndsSwitchesItsConnectionsBack) {
  Listener ends, stays;
  auto ending = std::make_unique<GatheredWrites>(std::vector<int>{ends.port()});
  const GatheredWrites staying({stays.port()});
  const int one = ends.Accept(), other = stays.Accept();
  NoteRefusal();
  ASSERT_TRUE(AwaitWithoutDelay({one, other}, false));
  ending.reset();
  EXPECT_TRUE(IsWithoutDelay(one));
  EXPECT_TRUE(AwaitWithoutDelay({other}, true)) << "in its own time";
}

TEST(GatheredWritesTest, ServersComeAndGoWhileCallsAreRefused) {
  for (int round = 0; round < 50; ++round) {
    Listener one, two;
    auto first = std::make_unique<GatheredWrites>(std::vector<int>{one.port()});
    const int accepted = one.Accept();
    NoteRefusal();
    auto second = std::make_unique<GatheredWrites>(std::vector<int>{two.port()});
    std::thread ends([&] { first.reset(); });
    NoteRefusal();
    second.reset();
    ends.join();
    EXPECT_TRUE(IsWithoutDelay(accepted)) << round;
  }
}

TEST(GatheredWritesTest, OneMayEnterWhileTheLastLeaves) {
  Listener listener;
  const int accepted = listener.Accept();
  for (int round = 0; round < 300; ++round) {
    auto last = std::make_unique<GatheredWrites>(std::vector<int>{listener.port()});
    std::unique_ptr<GatheredWrites> next;
    std::thread enters([&] { next = std::make_unique<GatheredWrites>(std::vector<int>{listener.port()}); });
    last.reset();
    enters.join();
    if (round % 100 != 0) continue;
    NoteRefusal();
    EXPECT_TRUE(AwaitWithoutDelay({accepted}, false)) << round;
  }
  EXPECT_TRUE(IsWithoutDelay(accepted));
}

// Blocks until it is let go, one call at a time; nobody waits.
class OneAtATime final : public WorkerService<projects::v1::ProjectService> {
 public:
  OneAtATime() : WorkerService(Options()) { On("GetProject", &OneAtATime::GetProject); }
  Gate* gate() { return &gate_; }

 private:
  static WorkerOptions Options() {
    WorkerOptions options;
    options.calls = {1, 0};
    return options;
  }
  grpc::Status GetProject(grpc::ServerContextBase*, const projects::v1::GetProjectRequest*, projects::v1::Project*) {
    gate_.Pass();
    return grpc::Status::OK;
  }
  Gate gate_;
};

using RefusingServerTest = ServedTest<OneAtATime>;

TEST_F(RefusingServerTest, GathersWhileItRefuses) {
  std::thread blocked([&] { EXPECT_TRUE(Get("editions/a/projects/p").ok()); });
  service_.gate()->AwaitHeld(1);
  const std::vector<int> connections = AcceptedOn({server_->port()});
  ASSERT_FALSE(connections.empty());
  for (const int connection : connections) EXPECT_TRUE(IsWithoutDelay(connection));
  EXPECT_EQ(ReasonOf("editions/a/projects/p"), "OVERLOADED");
  EXPECT_TRUE(AwaitWithoutDelay(connections, false));
  service_.gate()->Open();
  blocked.join();
  EXPECT_TRUE(AwaitWithoutDelay(connections, true));
}

}  // namespace
}  // namespace tandem::rpc
