// The client against a real server: what only that can show.
#include "tests/support/redis_server.h"

#include <atomic>
#include <functional>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <thread>

#include "absl/strings/str_cat.h"

#include "common/redis/redis_client.h"
#include "tests/support/tcp_proxy.h"

namespace tandem {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;
using ::testing::Optional;
using testing::ProxyMode;
using testing::RedisServer;
using testing::TcpProxy;

constexpr milliseconds kPatience{20'000};

RedisPort::Deadline Soon() { return steady_clock::now() + kPatience; }

void WaitFor(const std::function<bool()>& condition) {
  const auto deadline = Soon();
  while (!condition()) {
    ASSERT_LT(steady_clock::now(), deadline);
    std::this_thread::sleep_for(milliseconds(1));
  }
}

class RedisServerTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!RedisServer::Installed()) GTEST_SKIP() << "redis-server is not installed";
  }

  void Start(std::vector<std::string> arguments = {}) {
    auto server = RedisServer::Start(std::move(arguments));
    ASSERT_TRUE(server.ok()) << server.status();
    server_ = *std::move(server);
  }

  // Budgets that a loaded machine keeps; pauses that a test can wait for.
  RedisOptions Options(const std::string& url) const {
    RedisOptions options;
    options.url = ParseRedisUrl(url).value();
    options.budget = milliseconds(500);
    options.connect_budget = options.write_batch_budget = milliseconds(1000);
    options.breaker.least_pause = milliseconds(20);
    options.breaker.most_pause = milliseconds(40);
    return options;
  }
  std::string SocketUrl() const { return absl::StrCat("unix://", server_->socket()); }

  static std::unique_ptr<RedisClient> Connected(const RedisOptions& options) {
    auto client = RedisClient::Create(options).value();
    EXPECT_TRUE(client->WaitUntilConnected(Soon())) << client->stats().last_problem;
    return client;
  }

  std::unique_ptr<RedisServer> server_;
};

TEST_F(RedisServerTest, StoresReadsAndForgets) {
  ASSERT_NO_FATAL_FAILURE(Start());
  for (const std::string& url : {SocketUrl(), absl::StrCat("redis://localhost:", server_->port())}) {
    auto client = Connected(Options(url));
    const std::string value("bytes \0\r\n\xff", 10), key("key \0 %s\r\n", 10);
    EXPECT_EQ(*client->Get(key, Soon()), std::nullopt);
    client->SetLater(key, value, absl::Seconds(100));
    WaitFor([&] { return client->stats().writes == 1; });
    EXPECT_THAT(*client->Get(key, Soon()), Optional(value));
    EXPECT_THAT(server_->Command({"FLUSHALL"}).value(), "+OK\r\n");
    EXPECT_EQ(*client->Get(key, Soon()), std::nullopt);
  }
}

TEST_F(RedisServerTest, ALeaseHasOneHolderUntilItsTimeIsOver) {
  ASSERT_NO_FATAL_FAILURE(Start());
  auto client = Connected(Options(SocketUrl() + "?prefix=a:"));
  EXPECT_TRUE(*client->SetIfAbsent("lease", "1", absl::Seconds(100), Soon()));
  EXPECT_FALSE(*client->SetIfAbsent("lease", "2", absl::Seconds(100), Soon()));
  EXPECT_EQ(server_->Command({"GET", "a:lease"}).value(), "1");
  EXPECT_TRUE(*client->SetIfAbsent("short", "1", absl::Milliseconds(1), Soon()));
  WaitFor([&] { return *client->SetIfAbsent("short", "2", absl::Seconds(100), Soon()); });
  client->SetLater("written", "v", absl::Milliseconds(90'000));
  WaitFor([&] { return client->stats().writes == 1; });
  for (const char* key : {"a:lease", "a:written"}) {
    const std::string left = server_->Command({"PTTL", key}).value();
    EXPECT_GT(std::stoi(left.substr(1)), 0) << key;
    EXPECT_LE(std::stoi(left.substr(1)), 100'000) << key;
  }
}

TEST_F(RedisServerTest, AuthenticatesAsTheDefaultUserAndAsAnother) {
  ASSERT_NO_FATAL_FAILURE(Start(
      {"--requirepass", "pa:ss", "--user", "cache", "on", ">its@own", "~c:*", "+get", "+set", "+ping", "+select"}));
  const std::string path = server_->socket();
  auto client = Connected(Options(absl::StrCat("unix://:pa%3Ass@", path)));
  EXPECT_TRUE(*client->SetIfAbsent("k", "v", absl::Seconds(100), Soon()));
  auto other = Connected(Options(absl::StrCat("unix://cache:its%40own@", path, "?prefix=c:")));
  EXPECT_TRUE(*other->SetIfAbsent("k", "v", absl::Seconds(100), Soon()));
  auto astray = Connected(Options(absl::StrCat("unix://cache:its%40own@", path, "?prefix=d:")));
  EXPECT_EQ(astray->Get("k", Soon()).status().code(), absl::StatusCode::kPermissionDenied);
  EXPECT_EQ(astray->stats().not_allowed, 1u);
  for (const std::string& url : {absl::StrCat("unix://:wrong@", path), absl::StrCat("unix://", path)}) {
    auto refused = RedisClient::Create(Options(url)).value();
    WaitFor([&] { return refused->stats().connect_failures > 0 && refused->open(); });
    EXPECT_EQ(refused->Get("k", Soon()).status().code(), absl::StatusCode::kUnavailable);
    EXPECT_GT(refused->stats().not_allowed, 0u);
    EXPECT_THAT(refused->stats().last_problem, ::testing::HasSubstr("check user and password"));
  }
}

TEST_F(RedisServerTest, DatabasesAndPrefixesKeepKeysApart) {
  ASSERT_NO_FATAL_FAILURE(Start());
  auto zero = Connected(Options(SocketUrl())), one = Connected(Options(SocketUrl() + "?db=1")),
       prefixed = Connected(Options(SocketUrl() + "?prefix=x."));
  EXPECT_TRUE(*zero->SetIfAbsent("k", "zero", absl::Seconds(100), Soon()));
  EXPECT_TRUE(*one->SetIfAbsent("k", "one", absl::Seconds(100), Soon()));
  EXPECT_TRUE(*prefixed->SetIfAbsent("k", "prefixed", absl::Seconds(100), Soon()));
  EXPECT_THAT(*one->Get("k", Soon()), Optional(std::string("one")));
  EXPECT_THAT(*zero->Get("x.k", Soon()), Optional(std::string("prefixed")));
}

TEST_F(RedisServerTest, AFullServerRefusesWritesAndReadsGoOn) {
  ASSERT_NO_FATAL_FAILURE(Start());
  auto client = Connected(Options(SocketUrl()));
  EXPECT_TRUE(*client->SetIfAbsent("there", "v", absl::Seconds(100), Soon()));
  ASSERT_TRUE(server_->Command({"CONFIG", "SET", "maxmemory-policy", "noeviction"}).ok());
  ASSERT_TRUE(server_->Command({"CONFIG", "SET", "maxmemory", "1"}).ok());
  EXPECT_EQ(client->SetIfAbsent("k", "v", absl::Seconds(100), Soon()).status().code(),
            absl::StatusCode::kResourceExhausted);
  for (int i = 0; i < 20; ++i) client->SetLater("k", "v", absl::Seconds(100));
  WaitFor([&] { return client->stats().writes_refused == 20; });
  EXPECT_EQ(client->stats().out_of_memory, 21u);
  EXPECT_THAT(*client->Get("there", Soon()), Optional(std::string("v")));
  EXPECT_FALSE(client->open());
}

TEST_F(RedisServerTest, StopsAndStartsUnderLoadWithoutAWrongAnswer) {
  ASSERT_NO_FATAL_FAILURE(Start());
  auto client = Connected(Options(absl::StrCat("redis://127.0.0.1:", server_->port())));
  std::atomic<bool> done = false;
  std::atomic<uint64_t> right = 0, wrong = 0;
  std::vector<std::thread> threads;
  for (int thread = 0; thread < 4; ++thread) {
    threads.emplace_back([&, thread] {
      for (int i = 0; !done; ++i) {
        const std::string key = absl::StrCat(thread, ".", i % 50);
        const auto value = client->Get(key, Soon());
        if (value.ok() && value->has_value()) ++(**value == "of " + key ? right : wrong);
        client->SetLater(key, "of " + key, absl::Seconds(100));
        std::this_thread::sleep_for(std::chrono::microseconds(200));
      }
    });
  }
  for (int round = 0; round < 3; ++round) {
    const uint64_t before = right;
    WaitFor([&] { return right > before + 100; });
    round == 1 ? server_->Kill(SIGKILL) : server_->Kill(SIGTERM);
    WaitFor([&] { return client->open(); });
    ASSERT_TRUE(server_->Restart().ok());
    WaitFor([&] { return !client->open(); });
  }
  const uint64_t before = right;
  WaitFor([&] { return right > before + 100; });
  done = true;
  for (std::thread& each : threads) each.join();
  EXPECT_EQ(wrong, 0u);
  EXPECT_EQ(client->stats().protocol_errors, 0u);
}

TEST_F(RedisServerTest, APausedServerCostsItsBudgetThenNothingAndComesBack) {
  ASSERT_NO_FATAL_FAILURE(Start());
  RedisOptions options = Options(absl::StrCat("redis://127.0.0.1:", server_->port()));
  options.budget = milliseconds(50);
  auto client = Connected(options);
  server_->Pause();
  while (!client->open()) {
    const auto start = steady_clock::now();
    EXPECT_FALSE(client->Get("k", Soon()).ok());
    EXPECT_LT(steady_clock::now() - start, kPatience / 4);
  }
  EXPECT_LE(client->stats().timeouts, 5u);
  for (int i = 0; i < 1000; ++i) EXPECT_FALSE(client->Get("k", Soon()).ok());
  EXPECT_LE(client->stats().timeouts, 5u) << "an open breaker does not ask";
  const uint64_t failures = client->stats().connect_failures;
  WaitFor([&] { return client->stats().connect_failures > failures + 1; });
  EXPECT_TRUE(client->open()) << "the kernel accepts connections for a paused server; the probe wants an answer";
  server_->Resume();
  WaitFor([&] { return !client->open(); });
  WaitFor([&] { return client->Get("k", Soon()).ok(); });
}

TEST_F(RedisServerTest, WhatAProxyDoesToAConnectionIsAnErrorOrAMiss) {
  ASSERT_NO_FATAL_FAILURE(Start());
  auto proxy = TcpProxy::Start({.socket = server_->socket()}).value();
  RedisOptions options = Options(absl::StrCat("redis://127.0.0.1:", proxy->port()));
  options.budget = milliseconds(100);
  options.connections = 2;
  auto client = Connected(options);
  EXPECT_TRUE(*client->SetIfAbsent("k", std::string(5000, 'v'), absl::Seconds(100), Soon()));
  for (const ProxyMode mode :
       {ProxyMode::kBlackhole, ProxyMode::kCut, ProxyMode::kDelay, ProxyMode::kTrickle, ProxyMode::kTruncate}) {
    proxy->SetFault({.mode = mode, .delay = mode == ProxyMode::kDelay ? milliseconds(300) : milliseconds(1)});
    WaitFor([&] { return !client->Get("k", Soon()).ok(); });
    for (int i = 0; i < 10; ++i) EXPECT_FALSE(client->Get("k", Soon()).ok()) << static_cast<int>(mode);
    proxy->SetFault({});
    WaitFor([&] { return client->Get("k", Soon()).ok(); });
    EXPECT_THAT(*client->Get("k", Soon()), Optional(std::string(5000, 'v'))) << static_cast<int>(mode);
  }
}

}  // namespace
}  // namespace tandem
