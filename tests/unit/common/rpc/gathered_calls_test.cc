#include "common/rpc/gathered_calls.h"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <thread>

#include "common/rpc/workers.h"

namespace tandem::rpc {
namespace {

using std::chrono::milliseconds;

class GatheredCallsTest : public testing::Test {
 protected:
  // How many of `calls`, refused every `pause`, are to gather.
  int Refuse(int calls, milliseconds pause) {
    int gathered = 0;
    for (int i = 0; i < calls; ++i) {
      gathered += calls_.Count(now_) ? 1 : 0;
      now_ += pause;
    }
    return gathered;
  }

  GatheredCalls calls_;
  GatheredCalls::Clock::time_point now_;
};

TEST_F(GatheredCallsTest, FewRefusalsPauseNobody) { EXPECT_EQ(Refuse(GatheredCalls::kMany - 1, milliseconds(0)), 0); }

TEST_F(GatheredCallsTest, RefusalsNowAndThenPauseNobody) { EXPECT_EQ(Refuse(1000, milliseconds(4)), 0); }

TEST_F(GatheredCallsTest, ManyAtOnceGatherFromTheLastOfThemOn) {
  EXPECT_EQ(Refuse(GatheredCalls::kMany, milliseconds(1)), 1);
  EXPECT_EQ(Refuse(500, milliseconds(1)), 500);
}

TEST_F(GatheredCallsTest, ThoseThatComeInHeapsBetweenPausesStillGather) {
  EXPECT_EQ(Refuse(GatheredCalls::kMany, milliseconds(1)), 1);
  for (int heap = 0; heap < 50; ++heap) {
    EXPECT_EQ(Refuse(8, milliseconds(0)), 8);
    now_ += GatheredCalls::kPause;
  }
}

TEST_F(GatheredCallsTest, TheyStopOnceFewAreRefused) {
  EXPECT_EQ(Refuse(GatheredCalls::kMany, milliseconds(1)), 1);
  EXPECT_EQ(Refuse(GatheredCalls::kMany - 1, milliseconds(10)), GatheredCalls::kMany - 1);
  EXPECT_EQ(Refuse(1000, milliseconds(10)), 0);
}

TEST_F(GatheredCallsTest, WhatGatheredIsDoneWithoutAPause) {
  EXPECT_TRUE(calls_.HasWaited(7));
  calls_.Paused(8);
  EXPECT_FALSE(calls_.HasWaited(8));
  EXPECT_TRUE(calls_.HasWaited(9));
}

// How often a thread of its own that refuses `calls` of a pool, as quickly as it can, waits meanwhile.
long WaitsWhileItRefuses(int calls) {
  struct Reactor {
    void Finish(const grpc::Status& status) { EXPECT_EQ(status.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED); }
  };
  const Workers workers(WorkerPool::Options{1, 0});
  long waits = 0;
  std::thread([&] {
    const auto count = [] {
      rusage usage{};
      EXPECT_EQ(getrusage(RUSAGE_THREAD, &usage), 0);
      return usage.ru_nvcsw;
    };
    std::this_thread::sleep_for(std::chrono::milliseconds(1));  // it has waited for calls
    const long before = count();
    Reactor reactor;
    for (int i = 0; i < calls; ++i) workers.Refuse(&reactor);
    waits = count() - before;
  }).join();
  return waits;
}

TEST(RefusingThreadTest, PausesOnceManyWereRefusedAndThenOnlyAfterItHasWaited) {
  // A machine that is very busy may at times take longer over them than they are counted together.
  int paused = 0;
  for (int i = 0; i < 10; ++i) paused += WaitsWhileItRefuses(GatheredCalls::kMany) > 0 ? 1 : 0;
  EXPECT_GE(paused, 5);
  EXPECT_LT(WaitsWhileItRefuses(50 * GatheredCalls::kMany), 50 * GatheredCalls::kMany / 2);
}

}  // namespace
}  // namespace tandem::rpc
