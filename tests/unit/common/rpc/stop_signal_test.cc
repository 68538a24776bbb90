#include "common/rpc/stop_signal.h"

#include <atomic>
#include <chrono>
#include <thread>

#include "gtest/gtest.h"

namespace tandem::rpc {
namespace {

TEST(StopSignalTest, WaitReturnsOnlyAfterTheCallbacks) {
  StopSignal stop;
  std::atomic<bool> called{false};
  stop.OnStop([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));  // gives a Wait that returns early the time to do so
    called = true;
  });
  std::thread stopper([&] { stop.Stop(); });
  stop.Wait();
  EXPECT_TRUE(called);
  EXPECT_TRUE(stop.stopped());
  stopper.join();
}

TEST(StopSignalTest, ALateCallbackIsCalledAtOnce) {
  StopSignal stop;
  stop.Stop();
  bool called = false;
  stop.OnStop([&] { called = true; });
  EXPECT_TRUE(called);
  stop.Wait();
}

}  // namespace
}  // namespace tandem::rpc
