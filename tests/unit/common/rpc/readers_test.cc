#include "common/rpc/readers.h"

#include <atomic>
#include <memory>
#include <sched.h>
#include <thread>

#include "gmock/gmock.h"
#include "grpcpp/client_context.h"
#include "grpcpp/generic/generic_stub.h"
#include "grpcpp/support/byte_buffer.h"
#include "gtest/gtest.h"

#include "common/base/mutex.h"
#include "common/rpc/call_context.h"
#include "common/rpc/server.h"

namespace tandem::rpc {
namespace {

TEST(ReadersToSleepTest, OneReaderForEachCoreStaysAwake) {
  EXPECT_EQ(ReadersToSleep(2, 1), 1);
  EXPECT_EQ(ReadersToSleep(2, 2), 0);
  EXPECT_EQ(ReadersToSleep(16, 1), 15);
  EXPECT_EQ(ReadersToSleep(16, 6), 10);
  EXPECT_EQ(ReadersToSleep(2, 64), 0);
  EXPECT_EQ(ReadersToSleep(2, 0), 1) << "somebody has to read";
}

// Pins this thread, and so what it starts, to the first core that it may run on.
class OneCore {
 public:
  OneCore() {
    CPU_ZERO(&before_);
    EXPECT_EQ(sched_getaffinity(0, sizeof(before_), &before_), 0);
    int first = 0;
    while (!CPU_ISSET(first, &before_)) ++first;
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(first, &one);
    EXPECT_EQ(sched_setaffinity(0, sizeof(one), &one), 0);
  }
  ~OneCore() { EXPECT_EQ(sched_setaffinity(0, sizeof(before_), &before_), 0); }

 private:
  cpu_set_t before_;
};

std::unique_ptr<Server> StartServer() {
  ServerOptions options;
  options.addresses = {"127.0.0.1:0"};
  auto server = Server::Start(std::move(options));
  EXPECT_TRUE(server.ok()) << server.status();
  return *std::move(server);
}

// Asks for its health by gRPC's callbacks: question and answer both pass a reader.
grpc::StatusCode AskHealth(Server* server) {
  grpc::GenericStub stub(server->InProcessChannel());
  grpc::ClientContext context;
  SetDeadline(&context, absl::Seconds(30));
  grpc::ByteBuffer request(nullptr, 0), response;
  Mutex mutex;
  CondVar answered;
  bool done = false;
  grpc::StatusCode code = grpc::StatusCode::UNKNOWN;
  stub.UnaryCall(&context, "/grpc.health.v1.Health/Check", {}, &request, &response, [&](const grpc::Status& status) {
    MutexLock lock(&mutex);
    code = status.error_code();
    done = true;
    answered.SignalAll();
  });
  MutexLock lock(&mutex);
  while (!done) answered.Wait(&mutex);
  return code;
}

TEST(ReadersOnCoresTest, OnOneCoreServersAnswerAndEndWhileOthersGoOn) {
  const OneCore pinned;
  auto first = StartServer();
  EXPECT_EQ(AskHealth(first.get()), grpc::StatusCode::OK);
  auto second = StartServer();
  first->Drain();
  first.reset();
  for (int i = 0; i < 20; ++i) EXPECT_EQ(AskHealth(second.get()), grpc::StatusCode::OK);
  second.reset();
  auto third = StartServer();
  EXPECT_EQ(AskHealth(third.get()), grpc::StatusCode::OK);
}

TEST(ReadersOnCoresTest, TheLastToLeaveDoesNotWaitForWhoEntersMeanwhile) {
  const OneCore pinned;
  for (int i = 0; i < 300; ++i) {
    auto last = std::make_unique<ReadersOnCores>();
    std::atomic<bool> leaving{false}, left{false};
    std::thread enters([&] {
      while (!leaving) sched_yield();
      const ReadersOnCores stays;
      while (!left) sched_yield();
    });
    leaving = true;
    last.reset();
    left = true;
    enters.join();
  }
  const auto server = StartServer();
  EXPECT_EQ(AskHealth(server.get()), grpc::StatusCode::OK);
}

}  // namespace
}  // namespace tandem::rpc
