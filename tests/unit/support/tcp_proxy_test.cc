#include "tests/support/tcp_proxy.h"

#include <functional>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <map>
#include <sys/socket.h>

#include "tests/support/resp.h"

namespace tandem::testing {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

// A server of one connection at a time that answers GET with what is in `values`, through a proxy, and its client.
class TcpProxyTest : public ::testing::Test {
 protected:
  TcpProxyTest() : listener_(ListenOnLoopback()), proxy_(TcpProxy::Start({.port = PortOf(listener_)}).value()) {
    Connect();
  }

  void Connect() {
    client_ = ConnectToPort(proxy_->port());
    server_ = Socket(accept(listener_.fd(), nullptr, nullptr));
  }

  static std::string ReadFrame(const Socket& socket) {
    std::string frame;
    char byte;
    while (RespFrameSize(frame).value_or(1) == 0 && recv(socket.fd(), &byte, 1, 0) == 1) frame.push_back(byte);
    return frame;
  }

  void Ask(const std::string& key) {
    const std::string command = CommandFrame({"GET", key});
    send(client_.fd(), command.data(), command.size(), MSG_NOSIGNAL);
    EXPECT_EQ(ReadFrame(server_), command);
    const std::string reply = BulkFrame(values_[key]);
    send(server_.fd(), reply.data(), reply.size(), MSG_NOSIGNAL);
  }

  std::string Get(const std::string& key) {
    Ask(key);
    return ReadFrame(client_);
  }

  std::map<std::string, std::string> values_ = {{"a", "of a"}, {"b", "of b"}};
  Socket listener_;
  std::unique_ptr<TcpProxy> proxy_;
  Socket client_, server_;
};

TEST_F(TcpProxyTest, PassesWhatItIsGiven) {
  EXPECT_EQ(Get("a"), BulkFrame("of a"));
  values_["a"] = std::string(200'000, 'x');
  EXPECT_EQ(Get("a"), BulkFrame(values_["a"]));
  EXPECT_EQ(proxy_->faults(), 0u);
}

TEST_F(TcpProxyTest, SwapsTheValuesOfTwoKeys) {
  Get("b");
  proxy_->SetFault({.mode = ProxyMode::kSwap});
  EXPECT_EQ(Get("a"), BulkFrame("of b"));
  EXPECT_EQ(Get("b"), BulkFrame("of a"));
  EXPECT_EQ(proxy_->faults(), 2u);
}

TEST_F(TcpProxyTest, ReplaysTheFirstValueOfAKey) {
  Get("a");
  values_["a"] = "newer";
  EXPECT_EQ(Get("a"), BulkFrame("newer"));
  proxy_->SetFault({.mode = ProxyMode::kReplay, .every = 2});
  EXPECT_EQ(Get("a"), BulkFrame("newer"));
  EXPECT_EQ(Get("a"), BulkFrame("of a"));
}

TEST_F(TcpProxyTest, FlipsOneBitOfTheValue) {
  proxy_->SetFault({.mode = ProxyMode::kFlipBit});
  const std::string good = BulkFrame("of a"), bad = Get("a");
  ASSERT_EQ(bad.size(), good.size());
  int bits = 0;
  for (size_t i = 0; i < good.size(); ++i) bits += __builtin_popcount(static_cast<unsigned char>(good[i] ^ bad[i]));
  EXPECT_EQ(bits, 1);
}

TEST_F(TcpProxyTest, TruncatesAndEnds) {
  proxy_->SetFault({.mode = ProxyMode::kTruncate});
  EXPECT_EQ(Get("a"), "$4\r\nof");
}

TEST_F(TcpProxyTest, DelaysAndTrickles) {
  proxy_->SetFault({.mode = ProxyMode::kDelay, .delay = milliseconds(30)});
  auto start = steady_clock::now();
  EXPECT_EQ(Get("a"), BulkFrame("of a"));
  EXPECT_GE(steady_clock::now() - start, milliseconds(30));
  proxy_->SetFault({.mode = ProxyMode::kTrickle, .delay = milliseconds(3)});
  start = steady_clock::now();
  EXPECT_EQ(Get("a"), BulkFrame("of a"));
  EXPECT_GE(steady_clock::now() - start, milliseconds(30));
}

TEST_F(TcpProxyTest, HoldsBackInABlackHoleAndLetsGoAfter) {
  Get("a");
  proxy_->SetFault({.mode = ProxyMode::kBlackhole});
  const std::string command = CommandFrame({"GET", "a"});
  send(client_.fd(), command.data(), command.size(), MSG_NOSIGNAL);
  const timeval soon{.tv_sec = 0, .tv_usec = 20'000};
  setsockopt(client_.fd(), SOL_SOCKET, SO_RCVTIMEO, &soon, sizeof soon);
  char byte;
  EXPECT_LT(recv(client_.fd(), &byte, 1, 0), 0);
  proxy_->SetFault({});
  EXPECT_EQ(ReadFrame(server_), command);
}

TEST_F(TcpProxyTest, CutsWhatIsOpenAndWhatComes) {
  char byte;
  proxy_->CutNow();
  EXPECT_LE(recv(client_.fd(), &byte, 1, 0), 0);
  Connect();
  EXPECT_EQ(Get("a"), BulkFrame("of a"));
  proxy_->SetFault({.mode = ProxyMode::kCut});
  EXPECT_LE(recv(client_.fd(), &byte, 1, 0), 0);
  const Socket refused = ConnectToPort(proxy_->port());
  EXPECT_LE(recv(refused.fd(), &byte, 1, 0), 0);
  EXPECT_EQ(proxy_->accepted(), 3u);
}

}  // namespace
}  // namespace tandem::testing
